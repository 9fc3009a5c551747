"""The biaxial network: what is the same for every key and every bar; that it learns, resumes and repeats itself."""

from __future__ import annotations

import json
import tempfile
from fractions import Fraction
from pathlib import Path
from unittest import TestCase, addModuleCleanup, mock

import numpy as np
import torch

from generator import checkpoints
from generator.brief import AttemptRejected, Brief, BriefError, ComposeFailed, ComposerCard, Conditions, Piece
from generator.composers import biaxial
from generator.composers.biaxial_course import BiaxialTraining, School
from generator.composers.biaxial_figures import baselines, consonance, heard
from generator.composers.biaxial_network import Biaxial, BiaxialConfig, nats_of
from generator.composers.biaxial_pieces import BarredPiece, family_of, read_pieces, segments
from generator.composers.biaxial_rolls import STEPS_A_BAR, features, inputs_of, roll_of, struck_of
from generator.composers.biaxial_voice import Player
from generator.courses import read_configuration
from generator.keyboard_corpus import split
from generator.performance import Struck, midi_of

LOW, HIGH = 36, 83
NOTES = HIGH - LOW + 1
WIDEST = 0  # the lowest note of MIDI
COMPOSERS = Path(__file__).resolve().parents[2] / "generator" / "composers"


def setUpModule() -> None:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # networks as small as these lose by sharing
    addModuleCleanup(torch.set_num_threads, threads)


def chord(onset: int, *pitches: int, length: int = 1) -> list[Struck]:
    return [Struck(Fraction(onset), Fraction(length), pitch) for pitch in pitches]


def cadence(up: int = 0, *, bars: int = 2) -> list[Struck]:
    """Four chords a bar, in the middle of the keyboard."""
    steps = [(48, 64, 67, 72), (53, 65, 69, 72), (55, 62, 67, 71), (48, 64, 67, 72)]
    return [note for beat in range(4 * bars) for note in chord(beat, *(p + up for p in steps[beat % 4]))]


def little(**shape: object) -> BiaxialConfig:
    return BiaxialConfig(
        **{"low": LOW, "high": HIGH, "time_width": 24, "note_width": 16, "upper_width": 8, "dropout": 0.0} | shape
    )


def network(**shape: object) -> Biaxial:
    torch.manual_seed(3)
    return Biaxial(little(**shape)).eval()


@torch.inference_mode()
def answers(model: Biaxial, roll: np.ndarray, *, low: int = LOW, start: int = 0) -> np.ndarray:
    """Logits of each note at each step.  # (steps, notes, 2)"""
    before = np.concatenate([np.zeros_like(roll[:1]), roll[:-1]])
    shown = inputs_of(before, start, low, relative=model.config.relative)
    return model(torch.from_numpy(shown)[None], torch.from_numpy(roll.astype(np.float32))[None])[0].numpy()


class InvarianceTests(TestCase):
    """Exact is what leaves position and pitch class out; the account's own network has both as inputs."""

    UP = 5
    CLEAR = 40  # notes above the lowest after which a network has forgotten how far up it started

    def setUp(self) -> None:
        self.roll, self.higher = (roll_of(cadence(up, bars=1), WIDEST, HIGH) for up in (0, self.UP))

    def difference(self, model: Biaxial) -> float:
        """Between the answers, transposed back, and those to what was not transposed, away from the edges."""
        plain, moved = (answers(model, roll, low=WIDEST) for roll in (self.roll, self.higher))
        self.assertGreater(np.ptp(plain[:, self.CLEAR :]), 0.01, "answers that never change would prove nothing")
        return float(np.abs(moved[:, self.CLEAR + self.UP :] - plain[:, self.CLEAR : -self.UP]).max())

    def test_it_answers_transposed_to_what_is_transposed_when_it_knows_no_absolute_pitch(self):
        self.assertLess(self.difference(network(relative=True)), 1e-4)

    def test_the_account_s_network_is_not_invariant_by_itself(self):
        self.assertGreater(self.difference(network()), 1e-3)

    def test_the_account_s_network_answers_transposed_when_its_pitches_are_held(self):
        """The keyboard moves with the music: each note keeps the position and the pitch class that it had."""
        model, moved = network(), roll_of(cadence(self.UP, bars=1), WIDEST + self.UP, HIGH + self.UP)
        np.testing.assert_array_equal(answers(model, moved, low=WIDEST), answers(model, self.roll, low=WIDEST))

    def test_what_the_layers_along_time_are_shown_is_transposed_to_the_last_note(self):
        shown = [inputs_of(roll, 0, WIDEST, relative=True) for roll in (self.roll, self.higher)]
        np.testing.assert_array_equal(shown[0][:, : -self.UP], shown[1][:, self.UP :])

    def test_it_answers_alike_in_every_bar(self):
        model = network()
        later = answers(model, self.roll, start=STEPS_A_BAR)
        np.testing.assert_array_equal(later, answers(model, self.roll))
        self.assertGreater(np.abs(answers(model, self.roll, start=4) - later).max(), 1e-4, "a beat is no bar")

    def test_it_answers_a_bar_later_to_what_comes_a_bar_later(self):
        """After silence: what it remembers of having begun has faded."""
        model, roll = network(), roll_of(cadence(), LOW, HIGH)
        sooner, later = (np.concatenate([np.zeros((bars * STEPS_A_BAR, NOTES, 2), np.uint8), roll]) for bars in (3, 4))
        np.testing.assert_allclose(
            answers(model, later)[4 * STEPS_A_BAR :], answers(model, sooner)[3 * STEPS_A_BAR :], atol=1e-4
        )


class RollTests(TestCase):
    def test_it_gives_back_the_notes_of_a_roll(self):
        notes = [*chord(0, 60, 64, length=2), *chord(2, 60), *chord(3, 60)]
        back = struck_of(roll_of(notes, LOW, HIGH), LOW)
        self.assertEqual([(n.onset, n.length, n.pitch) for n in back], [(n.onset, n.length, n.pitch) for n in notes])

    def test_it_puts_a_pickup_before_the_bar_line(self):
        roll = roll_of(chord(0, 60) + chord(1, 62), LOW, HIGH, Fraction(3))
        self.assertEqual(len(roll), 2 * STEPS_A_BAR)
        self.assertEqual([int(step) for step in np.flatnonzero(roll[:, 62 - LOW, 1])], [STEPS_A_BAR])

    def test_each_note_is_shown_its_surroundings(self):
        shown = inputs_of(roll_of(chord(0, 60, 67), LOW, HIGH), 3, LOW, relative=False)[0]
        self.assertEqual(shown.shape, (NOTES, features(False)))
        e = shown[64 - LOW]
        self.assertEqual(np.flatnonzero(e[:25]).tolist(), [12 - 4, 12 + 3], "C below, G above, both played")
        self.assertEqual(np.flatnonzero(e[25:50]).tolist(), [12 - 4, 12 + 3], "both articulated")
        self.assertEqual(np.flatnonzero(e[50:62]).tolist(), [3, 8], "G and C as E counts them")
        self.assertEqual(e[62:66].tolist(), [1, 1, -1, -1], "the fourth sixteenth")
        self.assertEqual(np.flatnonzero(e[66:78]).tolist(), [4])
        self.assertAlmostEqual(float(e[78]), 4 / 24, places=6)

    def test_a_segment_begins_at_a_bar_line_with_the_step_before_it(self):
        piece = BarredPiece("cadence", "f", roll_of(cadence(bars=3), LOW, HIGH))
        batch = segments([piece], STEPS_A_BAR, 20, np.random.default_rng(1))
        self.assertEqual(batch.shape, (20, 1 + STEPS_A_BAR, NOTES, 2))
        self.assertEqual({bool(one.any()) for one in batch[:, 0]}, {False, True}, "some begin the piece")

    def test_two_settings_of_a_melody_are_kept_together(self):
        other = [*cadence(7), *chord(0, 43)]
        self.assertEqual(family_of(cadence()), family_of(other))


class NetworkTests(TestCase):
    def test_it_has_the_account_s_shape(self):
        model = Biaxial(read_configuration(COMPOSERS / "biaxial.json").model)
        shape = (model.time.num_layers, model.time.hidden_size, model.note.hidden_size, model.upper.hidden_size)
        self.assertEqual(shape, (2, 300, 100, 50))
        self.assertEqual((model.time.dropout, model.dropout.p), (0.5, 0.5))
        self.assertEqual(features(False), 79)

    def test_articulation_counts_where_it_plays(self):
        logits = torch.zeros(1, 1, 2, 2)
        choices = torch.tensor([[[[0, 0], [1, 0]]]])
        np.testing.assert_allclose(nats_of(logits, choices)[0, 0].numpy(), np.log(2) * np.array([1, 2]), rtol=1e-6)

    def test_a_note_is_told_of_those_below_and_of_none_above(self):
        model, roll = network(), roll_of(cadence(), LOW, HIGH)
        changed = roll.copy()
        changed[-1, 60 - LOW] = 1
        difference = np.abs(answers(model, changed) - answers(model, roll))
        self.assertEqual(difference[:, : 61 - LOW].max(), 0)
        self.assertGreater(difference[-1, 61 - LOW].max(), 0)

    def test_it_plays_what_the_network_says(self):
        """The player in numpy draws each note with the chance that torch's network gives it."""
        model = network()
        weights = {name: weight.numpy() for name, weight in model.state_dict().items()}
        player = Player(weights, {"low": LOW, "high": HIGH, "relative": False})
        roll = player.played(12, np.random.default_rng(5))
        self.assertTrue(roll.any())
        chance = 1 / (1 + np.exp(-answers(model, roll)))
        rng = np.random.default_rng(5)
        draws = np.stack([rng.random((NOTES, 2)) for _ in range(12)])
        expected = draws[..., 0] < chance[..., 0]
        np.testing.assert_array_equal(roll[..., 0], expected)
        np.testing.assert_array_equal(roll[..., 1], expected & (draws[..., 1] < chance[..., 1]))


class CourseTests(TestCase):
    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.enterContext(mock.patch("generator.composers.biaxial_course._tell"))

    def school(self, out: str, pieces: list[BarredPiece], **training: object) -> School:
        settings = {"minutes": 60, "decay": 0.0, "segments": 8, "length": 16, "warmup": 1, "learning_rate": 0.02}
        config = little(low=60, high=72)
        return School("biaxial", config, BiaxialTraining(**settings | training), pieces, pieces, self.folder / out)

    def eight(self) -> list[BarredPiece]:
        """Eight pieces of one bar, four chords each."""
        rng = np.random.default_rng(2)
        songs = [[note for beat in range(4) for note in chord(beat, *map(int, rng.integers(60, 73, 3)))]
                 for _ in range(8)]  # fmt: skip
        return [BarredPiece(str(i), str(i), roll_of(song, 60, 72)) for i, song in enumerate(songs)]

    def test_it_overfits_eight_pieces(self):
        pieces = self.eight()
        school = self.school("eight", pieces)
        for _ in range(200):
            school.one_step()
        self.assertLess(school.held_out()["nats_a_note_step"], 0.5 * min(baselines(pieces, pieces).values()))

    def test_a_resumed_run_goes_on_as_if_it_had_not_been_cut_off(self):
        pieces = self.eight()
        whole, first = self.school("whole", pieces), self.school("cut", pieces)
        losses = [whole.one_step() for _ in range(4)]
        first.one_step(), first.one_step()
        first.save()
        second = self.school("cut", pieces)
        second._resume()
        self.assertEqual([second.one_step(), second.one_step()], losses[2:])

    def test_it_trains_by_one_command_and_says_how_it_went(self):
        for name in ("one", "two"):
            (self.folder / f"{name}.mid").write_bytes(midi_of(cadence(bars=4), 90))
        config = self.folder / "biaxial.json"
        config.write_text(json.dumps({
            "composer": "biaxial", "model": {"low": 36, "high": 83, "time_width": 8, "note_width": 8, "upper_width": 8},
            "training": {"minutes": 0.01, "segments": 2, "length": 16},
        }))  # fmt: skip
        one, two = (str(self.folder / f"{name}.mid") for name in ("one", "two"))
        told = read_configuration(config).train([one], [two], self.folder / "out")
        self.assertEqual((told["pieces"], told["valid"]), (1, 1))
        metadata = checkpoints.read_metadata(self.folder / "out" / "model.safetensors")
        self.assertEqual(metadata["composer"], "biaxial")
        self.assertEqual({"minutes", "loss", "nats_a_note_step"} - set(metadata["record"]["history"][-1]), set())

    def test_a_folder_without_music_is_told_clearly(self):
        with self.assertRaisesRegex(BriefError, "no pieces in 4/4"):
            read_pieces([str(self.folder)], LOW, HIGH, self.folder)

    def test_one_piece_alone_cannot_be_learnt_from_and_measured_on(self):
        with self.assertRaisesRegex(BriefError, "--valid"):
            split(self.eight()[:1], None)

    def test_pieces_shorter_than_a_segment_are_told_clearly(self):
        with self.assertRaisesRegex(BriefError, "long"):
            self.school("short", self.eight(), length=64).one_step()


class FigureTests(TestCase):
    def test_it_hears_how_consonant_chords_are(self):
        sweet, sour = (roll_of(chord(0, *pitches, length=4), LOW, HIGH) for pitches in ((60, 64, 67), (60, 61, 66)))
        self.assertEqual(consonance([sweet]), 1)
        self.assertAlmostEqual(consonance([sweet, sour]), 4 / 6)

    def test_it_counts_what_sounds_and_what_is_silent(self):
        figures = heard([roll_of(chord(0, 60, 64) + chord(2, 60, 64), LOW, HIGH)])
        self.assertEqual(figures["steps_with_1_to_5_notes"], 0.5)
        self.assertEqual(figures["longest_silence_in_steps"], 4)
        self.assertEqual((figures["struck_a_bar"], figures["struck_on_a_quarter"]), (4, 1))

    def test_what_knows_nothing_is_the_better_the_more_it_sees(self):
        pieces = [BarredPiece("a", "a", roll_of(cadence(bars=4), LOW, HIGH))]
        found = baselines(pieces, pieces)
        self.assertLess(found["last_step"], found["by_pitch"])


class ComposeTests(TestCase):
    BRIEF = Brief("a quiet evening", Conditions(bars=4, tempo_qpm=72), seed=4, composer="biaxial")

    def setUp(self) -> None:
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        checkpoints.save(folder / "biaxial.safetensors", network(), composer="biaxial", record={})
        card = ComposerCard("biaxial", "", "", 0, "", None, "", kind="piece", takes=("bars", "tempo_qpm", "key"))
        for target, answer in (
            ("generator.composers.biaxial.checkpoint_path", folder / "biaxial.safetensors"),
            ("generator.keyboard_pieces.checkpoint_id", "biaxial-test"),
            ("generator.keyboard_pieces.card_of", card),
        ):
            self.enterContext(mock.patch(target, return_value=answer))

    def test_the_same_seed_gives_the_same_piece(self):
        first, second = (list(biaxial.compose(self.BRIEF)) for _ in range(2))
        self.assertEqual(first, second)

    def test_it_writes_two_staves_and_midi_of_as_many_bars_as_were_asked_for(self):
        *events, piece = biaxial.compose(self.BRIEF)
        self.assertIsInstance(piece, Piece)
        self.assertEqual((piece.conditions.bars, piece.conditions.tempo_qpm), (4, 72))
        self.assertIn("V:2", piece.abc)
        self.assertTrue(piece.midi.startswith(b"MThd"))
        last = max((e.attempt for e in events), default=1)
        self.assertEqual("".join(e.text for e in events if getattr(e, "text", "") and e.attempt == last), piece.abc)

    def test_it_gives_up_on_silence_with_a_sentence(self):
        with mock.patch.object(Player, "played", lambda self, steps, rng, **_: np.zeros((steps, NOTES, 2), np.uint8)):
            events = biaxial.compose(self.BRIEF)
            rejected = [next(events) for _ in range(biaxial.ATTEMPTS)]
            self.assertEqual({(type(event), event.reason) for event in rejected}, {(AttemptRejected, "silence")})
            with self.assertRaises(ComposeFailed):
                next(events)
