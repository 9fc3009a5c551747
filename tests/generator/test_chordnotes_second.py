"""A second instrument's part to a first one's: reading parts, learning them, writing them, a whole piece of two."""

from __future__ import annotations

import contextlib
import io
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from unittest import TestCase, mock

import numpy as np
import symusic
import torch

from generator import checkpoints
from generator.__main__ import main
from generator.brief import Brief, Conditions, Piece
from generator.composers import composer_names
from generator.composers.chordnotes import compose
from generator.composers.chordnotes_melody import first_part
from generator.composers.chordnotes_parts import PartedPiece, parted, read_parted
from generator.composers.chordnotes_second import SecondPart, SecondPartConfig
from generator.composers.chordnotes_second_course import SecondPartCourse, SecondPartTraining, train
from generator.composers.chordnotes_second_voice import BASS, VIOLIN, Writer
from generator.composers.chordnotes_stretches import END, batch_of, stretches_of
from generator.courses import Configuration, read_configuration
from generator.keyboard_sheets import Sheet
from generator.measures.second_part import consonances, measured, shuffled
from generator.performance import Struck, end_of, midi_of_parts
from tests.generator.keyboard_music import InFolder
from tests.generator.test_two_staves import by_abc2midi

SMALL = SecondPartConfig(width=48, reader=24, embedding=12, attention=32, heads=2, dropout=0.0)
SOON = SecondPartTraining(minutes=0.01, every=0.005, batch=8, learning_rate=1e-2, transpose=0)
NAME = "chordnotes-second"


def pieces(count: int = 8, length: int = 24) -> list[PartedPiece]:
    """Melodies drawn at random, and below each of their notes another that it alone decides."""
    return [_piece(number, length) for number in range(count)]


def _piece(number: int, length: int) -> PartedPiece:
    rng = np.random.default_rng(number)
    heights = rng.integers(60, 80, length)
    first = [Struck(Fraction(place), Fraction(1), int(pitch)) for place, pitch in enumerate(heights)]
    second = [replace(note, pitch=note.pitch - 12 - 3 * (note.pitch % 3)) for note in first]
    return PartedPiece(f"piece {number}", tuple(first), tuple(second), Fraction(4))


def folder_of(folder: Path, *, parts: int = 2) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for piece in pieces():
        played = [(VIOLIN, piece.first), (BASS, piece.second)][:parts]
        (folder / f"{piece.name}.mid").write_bytes(midi_of_parts(played, 100))
    return folder


class ForTwo(InFolder):
    def setUp(self) -> None:
        super().setUp()
        self.enterContext(mock.patch("generator.composers.chordnotes_parts._tell", return_value=None))
        torch.manual_seed(1)

    def course(self, **config: object) -> SecondPartCourse:
        eight = pieces()
        lesson = Configuration(NAME, replace(SMALL, **config), SOON)
        return SecondPartCourse(lesson, eight, eight, self.folder)


class ReadingTest(ForTwo):
    def test_of_several_instruments_the_highest_and_the_lowest_are_the_two(self) -> None:
        low, high, middle = ([Struck(Fraction(n), Fraction(1), pitch) for n in range(8)] for pitch in (40, 80, 60))
        path = self.folder / "three.mid"
        path.write_bytes(midi_of_parts([(0, low), (1, high), (2, middle)], 90))
        (piece,) = read_parted([str(path)], self.folder)
        self.assertEqual(({note.pitch for note in piece.first}, {note.pitch for note in piece.second}), ({80}, {40}))

    def test_a_bar_is_as_long_as_its_meter_says_and_changes_are_left_out(self) -> None:
        whole = pieces(1)[0]
        for meters, bar in (("6/8",), 3), (("4/4", "2/2"), 4), (("3/4", "4/4"), None):
            piece = parted(Sheet("in a meter", (whole.first, whole.second), meters))
            self.assertEqual(piece and piece.bar, bar)

    def test_a_pickup_stands_before_the_bar_line(self) -> None:
        whole = pieces(1)[0]
        piece = parted(Sheet("with a pickup", (whole.first, whole.second), pickup=Fraction(3)))
        self.assertEqual(piece.first[0].onset, 3)
        (stretch,) = stretches_of(piece)
        self.assertEqual((stretch.first_onsets[0], stretch.second_onsets[0], stretch.bar), (36, 36, 48))

    def test_a_long_piece_is_cut_at_bar_lines_and_the_last_stretch_alone_ends(self) -> None:
        found = stretches_of(_piece(1, 150))
        self.assertEqual([bool((stretch.second[-1] == END).all()) for stretch in found], [False, False, False, True])
        self.assertTrue(all((stretch.first[-1] == END).all() for stretch in found))
        self.assertEqual({int(stretch.first_onsets[0]) for stretch in found}, {0})

    def test_who_waits_at_first_rests(self) -> None:
        whole = pieces(1)[0]
        (stretch,) = stretches_of(replace(whole, second=whole.second[2:]))
        self.assertEqual((stretch.second_onsets[0], stretch.second_onsets[1]), (0, 24))
        self.assertEqual(batch_of([stretch, *stretches_of(whole)]).counts.sum(1).tolist(), [24, 25])


class RefusingTest(ForTwo):
    def refused(self, *data: Path) -> str:
        config = f"generator/composers/{NAME}.json"
        with contextlib.redirect_stderr(io.StringIO()) as said:
            status = main(["train", config, "--data", *map(str, data), "--out", str(self.folder / "out")])
        self.assertEqual((status, said.getvalue().count("\n")), (2, 1), said.getvalue())
        return said.getvalue()

    def test_a_folder_of_files_of_one_part_is_refused_in_a_sentence(self) -> None:
        self.assertIn("two parts", self.refused(folder_of(self.folder / "alone", parts=1)))

    def test_a_file_that_is_no_midi_is_refused_by_its_name(self) -> None:
        whole = (folder_of(self.folder) / "piece 0.mid").read_bytes()
        bad = self.folder / "bad.mid"
        for content in (b"", b"X:1", whole[:50], whole.ljust(50_000_000, b"\0")):
            bad.write_bytes(content)
            self.assertIn("bad.mid", self.refused(bad))

    def test_in_a_folder_what_has_one_part_is_left_out(self) -> None:
        folder = folder_of(self.folder)
        alone = folder_of(self.folder / "alone", parts=1) / "piece 0.mid"
        alone.rename(folder / "alone.mid")
        self.assertEqual(len(read_parted([str(folder)], self.folder)), 8)


class LearningTest(ForTwo):
    def test_it_learns_eight_pieces_by_heart_and_by_ear(self) -> None:
        course = self.course()
        for index in range(150):
            course.one_round(np.random.default_rng([1, index]))
        told = course.figures()
        self.assertLess(told["cross_entropy"], 0.3, told)
        self.assertGreater(told["cross_entropy_beside_another"], 3 * told["cross_entropy"], told)
        for piece in pieces(2):
            written = Writer(course.model.eval(), piece.first, piece.bar).written(torch.Generator(), 0.1)
            right = [note.pitch for note in written.notes] == [note.pitch for note in piece.second]
            self.assertTrue(right, (written.notes, piece.second))

    def test_a_run_that_was_cut_off_goes_on(self) -> None:
        music = str(folder_of(self.folder / "music"))

        def school(minutes: float) -> dict:
            lesson = Configuration(NAME, SMALL, replace(SOON, minutes=minutes))
            return train(lesson, [music], [music], self.folder / "out")

        first = school(0.01)
        self.assertEqual(school(0.01)["round"], first["round"])
        self.assertGreater(school(first["minutes"] + 0.03)["round"], first["round"])
        record = checkpoints.read_metadata(self.folder / "out" / "model.safetensors")["record"]
        self.assertLessEqual({"minutes", "loss", "cross_entropy"}, set(record["history"][-1]))

    def test_its_configuration_is_of_at_most_a_million_and_a_half_weights(self) -> None:
        written = read_configuration(Path(f"generator/composers/{NAME}.json"))
        self.assertLess(sum(weight.numel() for weight in SecondPart(written.model).parameters()), 1_500_000)


class WritingTest(ForTwo):
    def part(self, first: tuple[Struck, ...], *, seed: int = 4, free: bool = False) -> list[Struck]:
        torch.manual_seed(1)
        writer = Writer(SecondPart(SMALL).eval(), first, Fraction(4))
        return list(writer.written(torch.Generator().manual_seed(seed), 1.0, free=free).notes)

    def test_the_same_seed_gives_the_same_part_and_another_seed_another(self) -> None:
        first = pieces(1)[0].first
        self.assertEqual(self.part(first), self.part(first))
        self.assertNotEqual(self.part(first), self.part(first, seed=5))

    def test_the_encoder_is_heard_unless_it_is_deaf(self) -> None:
        whole = batch_of([stretch for piece in pieces(2) for stretch in stretches_of(piece)])
        same = replace(whole, before=whole.before[[0, 0]], now=whole.now[[0, 0]])  # all but the first parts
        for deaf in (False, True):
            course = self.course(deaf=deaf)
            course.model.eval()
            one, other = course.heard(same, same)
            self.assertEqual(torch.equal(one, other), deaf)

    def test_it_ends_where_the_first_part_ends(self) -> None:
        first = tuple(replace(note, onset=note.onset + 3) for note in pieces(1)[0].first)
        for seed in range(5):
            second = self.part(first, seed=seed)
            self.assertGreaterEqual(second[0].onset, 3)
            self.assertLessEqual(end_of(second), end_of(first))

    def test_left_to_itself_it_comes_to_an_end(self) -> None:
        self.part(pieces(1)[0].first, free=True)


class PieceTest(ForTwo):
    def piece(self, conditions: Conditions = Conditions(), **feeling: object) -> Piece:  # noqa: B008 (frozen)
        model = SecondPart(SMALL).eval()
        voice = "generator.composers.chordnotes_second_voice"
        with mock.patch(f"{voice}._model", return_value=model), mock.patch(f"{voice}.checkpoint_id", return_value="0"):
            *added, piece = compose(Brief("calm", conditions, 3, NAME), **feeling)
        self.assertEqual("".join(event.text for event in added), piece.abc)
        return piece

    def test_two_instruments_stand_on_two_staves_and_in_the_midi(self) -> None:
        piece = self.piece()
        self.assertIn('V:2 clef=bass name="Bass"', piece.abc)
        self.assertNotRegex(by_abc2midi(piece.abc)[1], "Warning|Error")
        tracks = symusic.Score.from_midi(piece.midi).tracks
        self.assertEqual([track.program for track in tracks], [VIOLIN, BASS])

    def test_the_wishes_that_it_takes_are_met(self) -> None:
        asked = Conditions(key="D", mode="minor", bars=8, tempo_qpm=72)
        piece = self.piece(asked)
        found = piece.conditions
        self.assertEqual((found.key, found.mode, found.bars, found.tempo_qpm), ("D", "minor", 8, 72))
        self.assertIn("K:Dm\n", piece.abc)

    def test_a_feeling_reaches_its_melody(self) -> None:
        self.assertNotEqual(self.piece(feeling=(-0.9, -0.9)).abc, self.piece(feeling=(0.9, 0.9)).abc)

    def test_the_first_part_keeps_its_pickup_and_joins_its_ties(self) -> None:
        first, bar = first_part("X:1\nT:A\nM:4/4\nL:1/4\nK:D\nA | d2 d2- | d4 |]\n")
        self.assertEqual(bar, 4)
        self.assertEqual([(note.onset, note.length) for note in first], [(3, 1), (4, 2), (6, 6)])


class MeasuringTest(TestCase):
    def test_thirds_agree_and_seconds_do_not(self) -> None:
        (piece,) = pieces(1)
        below = {steps: [replace(note, pitch=note.pitch - steps) for note in piece.first] for steps in (3, 14)}
        self.assertEqual(set(consonances(piece.first, below[3], piece.bar)), {True})
        self.assertEqual(set(consonances(piece.first, below[14], piece.bar)), {False})

    def test_bars_in_another_order_are_the_same_notes(self) -> None:
        (piece,) = pieces(1)
        other = shuffled(piece, np.random.default_rng(1))
        self.assertCountEqual([note.pitch for note in other], [note.pitch for note in piece.second])
        self.assertEqual({note.onset for note in other}, {note.onset for note in piece.second})

    def test_what_agrees_by_its_bars_agrees_less_without_them(self) -> None:
        told = measured([replace(piece, second=tuple(_third_below(piece))) for piece in pieces()])
        self.assertEqual(told["consonant"], 1)
        self.assertLess(told["consonant_shuffled"], 0.8)


def _third_below(piece: PartedPiece) -> list[Struck]:
    return [replace(note, pitch=note.pitch - 16) for note in piece.first]


class ShippedTest(TestCase):
    def test_it_composes_the_same_for_the_same_seed(self) -> None:
        self.assertIn(NAME, composer_names())
        brief = Brief("calm", seed=5, composer=NAME)
        (*_, once), (*_, again) = compose(brief), compose(brief)
        self.assertEqual(once, again)
        self.assertNotRegex(by_abc2midi(once.abc)[1], "Warning|Error")
