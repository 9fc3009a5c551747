"""The peer: its symbols are one-to-one, what it cannot name is charged, its shape is the published one."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from unittest import TestCase

import numpy as np
import torch

from generator import checkpoints
from generator.composers.folkrnn import FolkRNN, FolkRNNConfig
from generator.composers.folkrnn_course import TUNES_A_STEP, UNSCORED, FolkRNNCourse, by_length, collate, rows_of
from generator.composers.folkrnn_symbols import END, OTHER, OTHERS, START, symbols_of, text_of, vocabulary_of
from generator.courses import read_configuration
from generator.evaluation import FolkRNNScorer, scorer_of
from generator.notation import NotationError, parse, split_key
from generator.training import Trainer, TrainingConfig
from tests.generator.collections_at_hand import some_tunes

CONFIGURATIONS = Path(__file__).resolve().parents[2] / "generator" / "composers"


def symbols(body: str, *, key: str = "C", meter: str = "4/4") -> str:
    return " ".join(symbols_of(parse(body, meter=meter, key=key, unit="1/8")))


def small(**shape: object) -> FolkRNNConfig:
    vocabulary = vocabulary_of(symbols_of(tune.score) for tune in some_tunes())
    return FolkRNNConfig(vocabulary, **{"width": 32, "layers": 2, "dropout": 0.0, **shape})


def opinionated() -> FolkRNN:
    torch.manual_seed(2)
    return FolkRNN(small()).eval()


class SymbolTests(TestCase):
    def test_it_refuses_rows_that_are_no_tune(self):
        for row in (["M:4/4", START, "K:C", END], [START, "M:4/4", "K:C", "C"], [START, "M:4/4", "K:D", END]):
            with self.subTest(row), self.assertRaises(NotationError):
                text_of(row, "D")

    def test_it_moves_every_key_to_c_and_keeps_what_an_accidental_does(self):
        self.assertEqual(symbols("D=cd3/2z/|]", key="D"), "<s> M:4/4 K:C C _B c 3/2 z /2 |] </s>")
        self.assertEqual(symbols("E^c-c2|(3efg|]", key="Edor"), symbols("D=B-B2|(3def|]", key="Ddor"))
        self.assertEqual(symbols("A^g|", key="Am"), "<s> M:4/4 K:Cm C =B | </s>")

    def test_it_moves_changes_of_key_along(self):
        self.assertEqual(
            symbols("G4|[K:D]^c=c|[M:3/4]d6|", key="G"), "<s> M:4/4 K:C C 4 | K:G ^F =F | M:3/4 G 6 | </s>"
        )

    def test_it_gives_back_every_tune_to_the_letter(self):
        for tune in some_tunes():
            plain = tune.score.without_chords()
            self.assertEqual(text_of(symbols_of(tune.score), split_key(plain.key)[0]), plain.body)

    def test_it_keeps_one_place_for_all_that_is_rare(self):
        self.assertEqual(vocabulary_of([["a", "b", "a"]]), (OTHER, END, START, "a"))


class CourseTests(TestCase):
    def test_it_has_the_published_shape(self):
        configuration = read_configuration(CONFIGURATIONS / "folkrnn.json")
        model = FolkRNN(configuration.model)
        self.assertEqual((model.lstm.num_layers, model.lstm.hidden_size, model.lstm.dropout), (3, 512, 0.5))
        self.assertEqual(model.lstm.input_size, len(configuration.model.vocabulary), "one-hot, no embedding")
        self.assertEqual((TUNES_A_STEP, configuration.training.patience), (64, 3))

    def test_it_scores_the_body_and_its_end_alone(self):
        config = small()
        batch = collate(rows_of([parse("AB|c2|", meter="3/4", key="Dm", unit="1/8")], config.vocabulary))
        scored = [config.vocabulary[number] for number in batch.targets[0].tolist() if number != UNSCORED]
        self.assertEqual(scored, ["G", "A", "|", "B", "2", "|", END])

    def test_it_takes_each_tune_once_a_pass(self):
        course = FolkRNNCourse.from_tunes(small(), list(some_tunes()), list(some_tunes()[:9]))
        batches = list(course.epoch(symbols=4096, seed=1))
        self.assertEqual(sum(len(batch.symbols) for batch in batches), len(some_tunes()))
        self.assertLessEqual(max(len(batch.symbols) for batch in batches), TUNES_A_STEP)

    def test_it_learns(self):
        tunes = [tune for tune in some_tunes() if len(tune.score.body) < 150][:8]
        course = FolkRNNCourse.from_tunes(small(), tunes, tunes)
        before = course.bits_per_character()
        with tempfile.TemporaryDirectory() as folder:
            config = TrainingConfig(minutes=60, decay=0.0, learning_rate=2e-2, muon_rate=0, warmup=5)
            trainer = Trainer(course, config, Path(folder), log=lambda line: None)
            for step in range(150):
                for batch in course.epoch(symbols=4096, seed=step):
                    trainer._one_step(batch)
        course.model.eval()
        self.assertLess(course.bits_per_character(), before / 2)


class ScoringTests(TestCase):
    def setUp(self) -> None:
        self.scores = [tune.score for tune in some_tunes()[:40]]

    def test_it_scores_a_batch_as_it_scores_tunes_one_by_one(self):
        scorer = FolkRNNScorer(opinionated())
        alone = sum(scorer.nats([score]) for score in self.scores)
        self.assertAlmostEqual(scorer.nats(self.scores) / alone, 1, places=5)

    def test_it_agrees_with_guesses_made_symbol_by_symbol(self):
        model, score = opinionated(), self.scores[3]
        ids = rows_of([score], model.config.vocabulary)[0].ids.astype(np.int64)
        total = 0.0
        with torch.inference_mode():
            for place in range(3, len(ids)):
                total -= model(torch.from_numpy(ids[:place])[None])[0, -1].log_softmax(-1)[ids[place]].item()
        self.assertAlmostEqual(FolkRNNScorer(model).nats([score]) / total, 1, places=5)

    def test_it_charges_nine_bits_more_for_a_symbol_that_has_no_place(self):
        model = opinionated()
        for parameter in model.parameters():
            torch.nn.init.zeros_(parameter)  # every id as likely as any other
        usual, rare = (parse(f"A4{mark}B4|", meter="4/4", key="D", unit="1/8") for mark in ("", "^^"))
        self.assertNotIn("^^G", model.config.vocabulary)
        charged = FolkRNNScorer(model).nats([rare]) - FolkRNNScorer(model).nats([usual])
        self.assertAlmostEqual(charged, math.log(OTHERS), places=4)

    def test_it_admits_what_the_transformer_admits(self):
        with self.assertRaises(NotationError):
            FolkRNNScorer(opinionated()).admit(parse("A13/16|", meter="4/4", key="D", unit="1/8"))

    def test_it_is_found_by_the_name_in_its_checkpoint(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.safetensors"
            checkpoints.save(path, opinionated(), composer="folkrnn", record={}, half=False)
            scorer = scorer_of(path)
        self.assertEqual(scorer.composer, "folkrnn")
        self.assertEqual(scorer.model.config, small())
        self.assertAlmostEqual(scorer.nats(self.scores[:2]), FolkRNNScorer(opinionated()).nats(self.scores[:2]), 2)

    def test_it_groups_no_more_than_a_step_holds(self):
        rows = rows_of(self.scores, small().vocabulary)
        self.assertEqual(sum(len(group) for group in by_length(rows, 2000)), len(rows))
