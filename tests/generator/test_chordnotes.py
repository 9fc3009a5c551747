import contextlib
import io
from contextlib import ExitStack
from dataclasses import replace
from unittest import TestCase, mock

import numpy as np
import torch

from generator import checkpoints, eight_bits
from generator.__main__ import main
from generator.brief import Brief, ComposerCard, Conditions, Piece
from generator.composers import card_of, composer_names
from generator.composers.chordnotes import ChordNotesConfig, compose
from generator.composers.chordnotes_course import ChordNotesTraining, EventCourse, WindowCourse, train
from generator.composers.chordnotes_likeliest import gone_on, read
from generator.composers.chordnotes_mended import EventLSTM, sampled
from generator.courses import ConfigError, Configuration
from generator.keyboard_pieces import keyboard_piece
from generator.two_staves import key_fifths
from tests.generator.keyboard_music import InFolder, folder_of, works
from tests.generator.test_two_staves import by_abc2midi

SMALL = ChordNotesConfig(width=32, dropout=0.0, window=12, dense=32, embedding=8)
SOON = ChordNotesTraining(minutes=0.01, every=0.005, batch=8, learning_rate=3e-3, tested=16)


class Schooled(InFolder):
    def lesson(self, composer: str = "chordnotes", **settings: object) -> Configuration:
        return Configuration(composer, SMALL, replace(SOON, **settings))

    def trained(self, composer: str = "chordnotes", *, out: str = "out", **settings: object) -> dict:
        music = str(folder_of(self.folder / "music"))
        return train(self.lesson(composer, **settings), [music], [music], self.folder / out)


class OverfittingTest(Schooled):
    def losses(self, course: WindowCourse | EventCourse, rounds: int) -> list[float]:
        return [course.one_round(np.random.default_rng([1, index]))["loss"] for index in range(rounds)]

    def course(self, composer: str, **sizes: int) -> Configuration:
        rates = {"chordnotes": (64, 5e-3), "chordnotes-mended": (8, 1e-2)}
        batch, rate = rates[composer]
        return Configuration(
            composer, replace(SMALL, width=64, **sizes), replace(SOON, batch=batch, learning_rate=rate)
        )

    def test_the_accounts_lstm_learns_eight_pieces_by_heart(self) -> None:
        eight = works(8, 24)
        course = WindowCourse(self.course("chordnotes", window=8), eight, eight, self.folder)
        self.losses(course, 400)
        self.assertGreater(course.figures()["accuracy"], 0.8)

    def test_the_mended_one_learns_eight_pieces_by_heart(self) -> None:
        eight = works(8, 24)
        sizes = {"window": 48, "layers": 1, "embedding": 16}
        course = EventCourse(self.course("chordnotes-mended", **sizes), eight, eight, self.folder)
        losses = self.losses(course, 300)
        self.assertLess(np.mean(losses[-10:]), 0.3, losses[::30])


class TrainingTest(Schooled):
    def test_a_run_that_was_cut_off_goes_on(self) -> None:
        for composer in ("chordnotes", "chordnotes-mended"):
            first = self.trained(composer, out=composer)
            self.assertEqual(self.trained(composer, out=composer)["round"], first["round"])
            more = self.trained(composer, out=composer, minutes=first["minutes"] + 0.02)
            self.assertGreater(more["round"], first["round"])

    def test_its_checkpoint_tells_its_history(self) -> None:
        self.trained()
        record = checkpoints.read_metadata(self.folder / "out" / "model.safetensors")["record"]
        self.assertLessEqual({"round", "minutes", "loss", "cross_entropy", "accuracy"}, set(record["history"][-1]))

    def test_bad_midi_on_the_command_line_is_one_sentence_and_status_two(self) -> None:
        whole = (folder_of(self.folder / "music") / "work 0.mid").read_bytes()
        bad = self.folder / "bad.mid"
        for content in (b"", b"X:1", whole[:50], whole.ljust(50_000_000, b"\0")):
            bad.write_bytes(content)
            for composer in ("chordnotes", "gan"):
                config = f"generator/composers/{composer}.json"
                with contextlib.redirect_stderr(io.StringIO()) as said:
                    status = main(["train", config, "--data", str(bad), "--out", str(self.folder / "out")])
                self.assertEqual((status, said.getvalue().count("\n")), (2, 1), said.getvalue())
                self.assertIn("bad.mid", said.getvalue())

    def test_an_unknown_way_to_write_rests_is_refused(self) -> None:
        with self.assertRaises(ConfigError):
            self.trained(rests="loud")

    def test_rests_can_be_symbols_or_out_of_hearing(self) -> None:
        for rests in ("symbol", "inaudible"):
            self.trained(out=rests, rests=rests)


class ComposingTest(Schooled):
    def test_the_same_seed_gives_the_same_symbols(self) -> None:
        self.trained()
        model, record = read(self.folder / "out" / "model.safetensors")
        for temperature in (0.0, 1.0):
            once, again = (gone_on(model, record, seed=4, count=20, temperature=temperature) for _ in range(2))
            self.assertEqual(once, again)
            self.assertEqual(len(once), 20)

    def test_the_same_seed_gives_the_same_notes_and_another_seed_others(self) -> None:
        torch.manual_seed(1)
        model = EventLSTM(SMALL).eval()
        once, again, other = (sampled(model, seed=seed, temperature=1.0, quarters=16) for seed in (4, 4, 5))
        self.assertEqual(once, again)
        self.assertNotEqual(once, other)

    def test_a_piece_fills_its_bars_and_is_heard_as_midi(self) -> None:
        torch.manual_seed(1)
        notes = sampled(EventLSTM(SMALL).eval(), seed=4, temperature=1.0, quarters=24)
        piece = self.piece(notes, Conditions())
        self.assertNotRegex(by_abc2midi(piece.abc)[1], "Warning|Error")
        self.assertTrue(piece.midi.startswith(b"MThd"))

    def test_a_key_and_a_tempo_are_met_where_they_are_taken(self) -> None:
        notes = works(1)[0].notes
        for tonic in ("D", "F#", "Ab"):
            piece = self.piece(notes, Conditions(key=tonic, tempo_qpm=72))
            self.assertEqual((piece.conditions.key, piece.conditions.tempo_qpm), (tonic, 72))
            (line,) = [line for line in piece.abc.splitlines() if line.startswith("K:")]
            self.assertLessEqual(abs(key_fifths(line[2:])), 7)
            self.assertIn("Q:1/4=72", piece.abc)

    def piece(self, notes: object, conditions: Conditions) -> Piece:
        card = ComposerCard("chordnotes-mended", "", "", 0, "", None, "", "piece", ("key", "tempo_qpm"))
        with ExitStack() as patches:
            for name, value in (("card_of", card), ("checkpoint_id", "chordnotes-mended-0")):
                patches.enter_context(mock.patch(f"generator.keyboard_pieces.{name}", return_value=value))
            *added, piece = keyboard_piece(Brief("calm", conditions, 3, card.name), notes)
        self.assertEqual("".join(event.text for event in added), piece.abc)
        return piece


class ShippedTest(TestCase):
    def test_those_that_are_shipped_compose_the_same_for_the_same_seed(self) -> None:
        for name in {"chordnotes", "chordnotes-mended"} & set(composer_names()):
            self.assertEqual(card_of(name).kind, "piece")
            brief = Brief("calm", seed=5, composer=name)
            (*_, once), (*_, again) = compose(brief), compose(brief)
            self.assertEqual(once, again)
            self.assertNotRegex(by_abc2midi(once.abc)[1], "Warning|Error")


class EightBitsTest(Schooled):
    def test_a_shrunk_checkpoint_is_half_as_large_and_says_nearly_the_same(self) -> None:
        self.trained()
        path, small = self.folder / "out" / "model.safetensors", self.folder / "small.safetensors"
        eight_bits.shrink(path, small)
        (model, record), (shrunk, _) = read(path), read(small)
        window = torch.tensor([record["starts"][0]])
        with torch.inference_mode():
            torch.testing.assert_close(shrunk(window), model(window), atol=0.05, rtol=0)
