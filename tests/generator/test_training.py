"""Configurations (bad ones first), courses, and a training that is cut off and taken up again."""

from __future__ import annotations

import argparse
import io
import json
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest import TestCase

import numpy as np
import torch

from generator import checkpoints
from generator.attributes import CONDITION_NAMES
from generator.brief import BriefError
from generator.commands import train as command
from generator.composers.charlstm import CHARACTERS, CharLSTM, CharLSTMConfig
from generator.composers.charlstm_course import UNSCORED, CharLSTMCourse, collate, text_of
from generator.composers.transformer import Transformer, TransformerConfig
from generator.composers.transformer_course import TransformerCourse
from generator.courses import ConfigError, read_configuration
from generator.inputs import INPUT_NAMES
from generator.notation import parse
from generator.training import Course, Trainer, TrainingConfig
from tests.generator.collections_at_hand import some_tunes

CONFIGURATIONS = Path(__file__).resolve().parents[2] / "generator" / "composers"
TINY = TransformerConfig(width=32, layers=2, heads=2, context=1024, dropout=0.0)
SMALL_LSTM = CharLSTMConfig(embedding=16, width=32, layers=2, dropout=0.0)


def eight_tunes() -> list:
    return [tune for tune in some_tunes() if len(tune.score.body) < 150][:8]


def silent(course: Course, config: TrainingConfig, out: Path) -> Trainer:
    return Trainer(course, config, out, log=lambda line: None)


class InAFolder(TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def config_file(self, written: object) -> Path:
        path = self.folder / "config.json"
        path.write_text(written if isinstance(written, str) else json.dumps(written))
        return path


class ConfigurationTests(InAFolder):
    def test_it_refuses_bad_configurations_in_one_sentence(self):
        bad = (
            "{", "[]", "7", {}, {"composer": "parrot"}, {"composer": "transformer", "speed": 1},
            {"composer": "transformer", "model": []}, {"composer": "transformer", "model": {"vocabulary": 9}},
            {"composer": "transformer", "model": {"width": "wide"}},
            {"composer": "transformer", "model": {"width": 1.5}},
            {"composer": "charlstm", "model": {"heads": 4}}, {"composer": "charlstm", "training": {"minutes": -1}},
            {"composer": "charlstm", "training": {"compiled": 1}},
            {"composer": "charlstm", "training": {"minutes": True}},
            {"composer": "charlstm", "training": {"hours": 1}},
        )  # fmt: skip
        for written in bad:
            with self.subTest(written=written), self.assertRaisesRegex(ConfigError, r"^[A-Z].*\.$"):
                read_configuration(self.config_file(written))
        with self.assertRaisesRegex(ConfigError, "cannot be read"):
            read_configuration(self.folder / "absent.json")

    def test_it_reads_the_configurations_that_are_shipped(self):
        lstm = read_configuration(CONFIGURATIONS / "charlstm.json")
        self.assertEqual(lstm.model, CharLSTMConfig(embedding=512, width=256, layers=3, dropout=0.2))
        self.assertEqual(read_configuration(CONFIGURATIONS / "transformer.json").model, TransformerConfig())


class CharacterTests(TestCase):
    def test_it_has_a_number_for_every_character_of_every_tune(self):
        self.assertEqual(len(set(CHARACTERS)), len(CHARACTERS))
        for tune in some_tunes():
            text = text_of(tune.score)
            spelled = "".join(CHARACTERS[number] for number in text.characters)
            plain = tune.score.without_chords()
            self.assertEqual(spelled, f"M:{plain.meter}\nK:{plain.key}\n{plain.body}\n")
            self.assertEqual(spelled[: text.given], f"M:{plain.meter}\nK:{plain.key}\n")

    def test_it_has_a_number_for_what_only_a_change_can_bring(self):
        text_of(parse("A8|[M:12/16][K:F#phr]z16|[K:Ebmix][M:9/32]__A'/8-A/8|", meter="35/32", key="Gbmaj", unit="1/8"))

    def test_it_scores_the_body_and_its_end_alone(self):
        batch = collate([text_of(parse('"Am"AB|c-c', meter="3/4", key="Dm", unit="1/8"))])
        scored = [CHARACTERS[number] for number in batch.targets[0].tolist() if number != UNSCORED]
        self.assertEqual("".join(scored), "AB|c-c\n")

    def test_it_has_the_first_accounts_shape(self):
        model = CharLSTM(CharLSTMConfig())
        self.assertEqual(model.embedding.embedding_dim, 512)
        self.assertEqual((model.lstm.num_layers, model.lstm.hidden_size, model.lstm.dropout), (3, 256, 0.2))
        self.assertEqual(model.dense.out_features, len(CHARACTERS))


class LearningTests(InAFolder):
    tags = frozenset({"slow"})  # as django.test.tag would set it, for `make test-fast`

    def learned(self, course: Course, *, steps: int, rate: float, muon: float = 0.0) -> float:
        """Bits per character after some steps on every lesson at once."""
        config = TrainingConfig(minutes=60, decay=0.0, learning_rate=rate, muon_rate=muon, warmup=5)
        trainer = silent(course, config, self.folder)
        course.model.train()
        while trainer.step < steps:
            for batch in course.epoch(symbols=2048, seed=trainer.step):
                trainer._one_step(batch)
        course.model.eval()
        return course.bits_per_character()

    def test_it_teaches_the_transformer_eight_tunes_by_heart(self):
        tunes = eight_tunes()
        course = AllAtOnce.from_tunes(TINY, tunes, tunes)
        before = course.bits_per_character()
        after = self.learned(course, steps=150, rate=6e-3, muon=0.02)
        self.assertGreater(before, 4)
        self.assertLess(after, 0.35)

    def test_it_teaches_the_character_lstm_eight_tunes(self):
        tunes = eight_tunes()
        course = CharLSTMCourse.from_tunes(SMALL_LSTM, tunes, tunes)
        before = course.bits_per_character()
        self.assertLess(self.learned(course, steps=200, rate=1.5e-2), min(2.0, before / 2))


class AllAtOnce(TransformerCourse):
    """Every lesson in one batch: the shipped course keeps small groups waiting for another pass."""

    def epoch(self, *, symbols: int, seed: int) -> Iterator[Any]:
        from generator.lessons import collate as side_by_side

        yield side_by_side(self.lessons, rng=np.random.default_rng(seed))


class ResumingTests(InAFolder):
    tags = frozenset({"slow"})  # as django.test.tag would set it, for `make test-fast`

    def course(self) -> CharLSTMCourse:
        return CharLSTMCourse.from_tunes(SMALL_LSTM, list(some_tunes()[:40]), list(some_tunes()[40:50]))

    def test_it_takes_a_training_up_again_where_it_was_cut_off(self):
        first = silent(self.course(), TrainingConfig(minutes=0.01, symbols=512, muon_rate=0), self.folder)
        first.run()
        second = silent(self.course(), TrainingConfig(minutes=0.01, symbols=512, muon_rate=0), self.folder)
        second._resume()
        self.assertEqual((second.step, second.passes, second.computed), (first.step, first.passes, first.computed))
        self.assertEqual(second.record, first.record)
        self.assertTrue(same(first.model.state_dict(), second.model.state_dict()))
        moments = [o.state_dict()["state"] for t in (first, second) for o in t.optimizers]
        self.assertTrue(all(same(moments[0][index], moments[1][index]) for index in moments[0]))

    def test_it_goes_on_from_a_state_and_stops_when_the_minutes_are_used_up(self):
        silent(self.course(), TrainingConfig(minutes=0.01, symbols=512, muon_rate=0), self.folder).run()
        longer = silent(self.course(), TrainingConfig(minutes=0.02, symbols=512, muon_rate=0), self.folder)
        longer.run()
        self.assertEqual(len(longer.record), 2)
        self.assertGreater(longer.record[1]["step"], longer.record[0]["step"])
        self.assertGreaterEqual(longer.computed, 0.02 * 60)

    def test_it_keeps_configuration_and_history_in_the_checkpoint(self):
        trainer = silent(self.course(), TrainingConfig(minutes=0.01, symbols=512, muon_rate=0), self.folder)
        trainer.run()
        kept = checkpoints.read_metadata(self.folder / "model.safetensors")
        self.assertEqual(kept["composer"], "charlstm")
        self.assertEqual(CharLSTMConfig(**kept["config"]), SMALL_LSTM)
        self.assertEqual(kept["record"]["history"], trainer.record)
        model = CharLSTM(SMALL_LSTM)
        checkpoints.load_weights(self.folder / "model.safetensors", model)
        self.assertTrue(torch.allclose(model.dense.weight, trainer.model.dense.weight, atol=1e-2))


class StuckCourse(CharLSTMCourse):
    """Gains until its third measurement, then never again."""

    def bits_per_character(self) -> float:
        self.measured = getattr(self, "measured", 0) + 1
        return max(1.0, 4.0 - self.measured) + (0.5 if self.measured > 3 else 0.0)


class PatienceTests(InAFolder):
    def trained(self, patience: float) -> Trainer:
        course = StuckCourse.from_tunes(SMALL_LSTM, list(some_tunes()[:8]), [])
        config = TrainingConfig(minutes=0.05, symbols=512, muon_rate=0, every=0.0, patience=patience)
        trainer = silent(course, config, self.folder)
        trainer.run()
        return trainer

    def test_it_stops_after_so_many_passes_without_a_gain_and_keeps_the_best(self):
        trainer = self.trained(patience=2)
        self.assertLess(trainer.computed, 0.05 * 60)
        best = min(trainer.record, key=lambda entry: entry["bits_per_character"])
        self.assertEqual(trainer.record.index(best), 2)
        self.assertGreaterEqual(trainer.record[-1]["passes"] - best["passes"], 2)
        kept = checkpoints.read_metadata(self.folder / "model.safetensors")["record"]["history"]
        self.assertEqual(kept[-1], best)

    def test_it_uses_its_minutes_up_and_keeps_the_newest_when_no_patience_is_asked_for(self):
        trainer = self.trained(patience=0)
        self.assertGreaterEqual(trainer.computed, 0.05 * 60)
        kept = checkpoints.read_metadata(self.folder / "model.safetensors")["record"]["history"]
        self.assertEqual(kept, trainer.record)

    def test_it_does_not_wake_up_when_it_is_started_again(self):
        steps = self.trained(patience=2).step
        self.assertEqual(self.trained(patience=2).step, steps)


class CommandTests(InAFolder):
    tags = frozenset({"slow"})  # as django.test.tag would set it, for `make test-fast`

    def run_command(self, *words: str) -> dict:
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        out = io.StringIO()
        with redirect_stdout(out), redirect_stderr(io.StringIO()):
            self.assertEqual(command.run(parser.parse_args(words)), 0)
        return json.loads(out.getvalue())

    def tunes_file(self) -> str:
        path = self.folder / "tunes.jsonl"
        rows = [{"M": t.score.meter, "L": "1/8", "K": t.score.key, "abc": t.score.body, "source": t.source, "family": i}
                for i, t in enumerate(some_tunes()[:120])]  # fmt: skip
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return str(path)

    def test_it_raises_one_sentence_on_bad_input(self):
        good = str(self.config_file({"composer": "charlstm"}))
        empty = self.folder / "empty.jsonl"
        empty.write_text("")
        for config, data in (
            (str(self.folder / "absent.json"), self.tunes_file()),
            (good, "absent.jsonl"),
            (good, str(empty)),
        ):
            with self.subTest(data=data), self.assertRaisesRegex(BriefError, r"\.$"):
                self.run_command(config, "--data", data, "--out", str(self.folder / "out"))

    def test_it_trains_either_composer_from_its_configuration_and_resumes(self):
        models = {
            "charlstm": {"embedding": 8, "width": 16, "layers": 1},
            "transformer": {"width": 32, "layers": 1, "heads": 2},
        }
        for composer, model in models.items():
            out, data = self.folder / composer, self.tunes_file()
            steps = []
            for minutes in (0.005, 0.015):
                config = {"composer": composer, "model": model, "training": {"minutes": minutes, "symbols": 1024}}
                told = self.run_command(str(self.config_file(config)), "--data", data, "--out", str(out))
                self.assertGreater(told["bits_per_character"], 0)
                self.assertEqual(told["composer"], composer)
                steps.append(told["step"])
            self.assertLess(steps[0], steps[1], "the second run goes on where the first ended")


def same(one: dict, other: dict) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


class StepByStepTests(TestCase):
    def test_it_answers_the_same_with_and_without_kept_keys_and_values(self):
        torch.manual_seed(1)
        model = Transformer(TINY).eval()
        for parameter in model.parameters():
            torch.nn.init.normal_(parameter, std=0.1)
        tokens, inputs = torch.randint(3, 200, (1, 12)), torch.randint(0, 8, (1, 12, len(INPUT_NAMES)))
        conditions = torch.ones(1, len(CONDITION_NAMES), dtype=torch.long)
        with torch.inference_mode():
            whole = model(tokens, inputs, conditions)
            cache = model.new_cache(1, 12)
            steps = [model(tokens[:, t : t + 1], inputs[:, t : t + 1], conditions, cache, t) for t in range(12)]
        self.assertTrue(torch.allclose(whole, torch.cat(steps, 1), atol=1e-4))
