"""The accounts' character networks at school: raw text, rows that go on, canonical tunes of the mended ones."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from unittest import TestCase

import numpy as np
import torch

from generator import checkpoints
from generator.brief import BriefError
from generator.composers.charlstm import CharLSTM, CharLSTMConfig
from generator.composers.letters import raw_text, raw_tune, rows_of
from generator.composers.letters_course import AccountTrainer, LettersTraining, RawCourse, raw_bits, trainer_of
from generator.composers.letters_voice import LetterNetwork
from generator.courses import Configuration, read_configuration
from generator.evaluation import UnknownComposer, evaluate
from generator.notation import parse
from tests.generator.collections_at_hand import some_tunes

CONFIGURATIONS = Path(__file__).resolve().parents[2] / "generator" / "composers"
SMALL = CharLSTMConfig(embedding=16, width=48, layers=2, dropout=0.0)
QUICK = LettersTraining(minutes=0.01, source="here", learning_rate=0.01, muon_rate=0, rows=4, window=32, symbols=512)


class InAFolder(TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.file = self.folder / "tunes.jsonl"
        short = [tune for tune in some_tunes() if len(tune.score.body) < 150][:16]
        rows = [{"source": "here" if i % 2 else "there", "title": f"Tune {i}", "M": t.score.meter, "L": "1/8",
                 "K": t.score.key, "abc": t.score.body, "family": i} for i, t in enumerate(short)]  # fmt: skip
        self.file.write_text("".join(json.dumps(row) + "\n" for row in rows))

    def configuration(self, composer: str, **settings: object) -> Configuration:
        return Configuration(composer, SMALL, replace(QUICK, **settings))

    def trainer(self, configuration: Configuration) -> AccountTrainer:
        trainer = trainer_of(configuration, [str(self.file)], [str(self.file)], self.folder / "out")
        trainer.log = lambda line: None
        return trainer


class RawTextTests(InAFolder):
    def test_it_takes_the_tunes_of_one_collection(self):
        self.assertEqual(len(rows_of([str(self.file)], "here")), 8)
        self.assertEqual(len(rows_of([str(self.file)])), 16)

    def test_it_writes_number_title_and_headers_and_ends_a_tune_with_an_empty_line(self):
        fields = {"title": "A\nB", "M": "6/8", "L": "1/8", "K": "D", "abc": 'A2B "G"c3|\n\nd6|\n'}
        self.assertEqual(raw_tune(7, fields), 'X:7\nT:A B\nM:6/8\nL:1/8\nK:D\nA2B "G"c3|\nd6|\n\n')

    def test_it_leaves_out_a_header_that_the_collection_has_not(self):
        self.assertNotIn("L:", raw_tune(1, {"M": "4/4", "K": "G", "abc": "G8|"}))


class RawCourseTests(InAFolder):
    def course(self, **settings: object) -> RawCourse:
        text = raw_text(rows_of([str(self.file)], "here"))
        return RawCourse("nottingham", SMALL, replace(QUICK, **settings), text, text)

    def test_each_row_goes_on_where_its_last_batch_ended(self):
        course = self.course()
        batches = list(course.epoch(symbols=0, seed=1))
        self.assertEqual([batch.begins for batch in batches], [True] + [False] * (len(batches) - 1))
        joined = np.concatenate([batch.characters.numpy() for batch in batches], axis=1)
        length = (len(course.lessons) - 1) // 4
        for row in range(4):
            start = row * length
            np.testing.assert_array_equal(joined[row], course.lessons[start : start + joined.shape[1]])
        self.assertTrue((batches[0].characters[:, 1:] == batches[0].targets[:, :-1]).all())

    def test_the_state_of_a_batch_reaches_the_next_and_a_new_pass_begins_empty(self):
        course = self.course()
        first, second = list(course.epoch(symbols=0, seed=1))[:2]
        device = torch.device("cpu")
        course.loss(course.model, first, device)
        after = float(course.loss(course.model, second, device).detach())
        course._state = None
        self.assertNotEqual(after, float(course.loss(course.model, second, device).detach()))
        begun = float(course.loss(course.model, first, device).detach())
        self.assertEqual(begun, float(course.loss(course.model, first, device).detach()))

    def test_the_second_account_draws_its_windows_at_random_and_begins_each_empty(self):
        batches = list(self.course(carried=False).epoch(symbols=0, seed=1))
        self.assertTrue(all(batch.begins for batch in batches))
        self.assertEqual(batches[0].characters.shape, (4, 32))
        other = next(iter(self.course(carried=False).epoch(symbols=0, seed=2)))
        self.assertFalse(torch.equal(batches[0].characters, other.characters))

    def test_a_character_that_was_never_learnt_costs_eight_bits(self):
        course = self.course()
        plain, odd = (raw_bits(course.model.eval(), course.vocabulary, "A2B2|" * 40 + more) for more in ("", "é" * 200))
        self.assertAlmostEqual(odd, (plain * 192 + 8 * 200) / 392, places=1)


class LearningTests(InAFolder):
    tags = frozenset({"slow"})

    def learned(self, configuration: Configuration, steps: int) -> tuple[float, float]:
        trainer = self.trainer(configuration)
        trainer.model.eval()
        before, epoch = trainer.course.bits_per_character(), 0
        trainer.model.train()
        while trainer.step < steps:
            for batch in trainer.course.epoch(symbols=1024, seed=1 + epoch):
                trainer._one_step(batch)
            epoch += 1
        trainer.model.eval()
        return before, trainer.course.bits_per_character()

    def test_the_first_account_learns_eight_pieces_by_heart(self):
        before, after = self.learned(self.configuration("nottingham", minutes=60.0), steps=700)
        self.assertGreater(before, 4.5)
        self.assertLess(after, 1.2)

    def test_the_second_account_learns_eight_pieces_by_heart(self):
        before, after = self.learned(self.configuration("irish", minutes=60.0, carried=False), steps=700)
        self.assertGreater(before, 4.5)
        self.assertLess(after, 1.2)

    def test_a_mended_one_learns_eight_pieces(self):
        config = self.configuration("irish-mended", minutes=60.0, learning_rate=0.015, warmup=5, decay=0.0)
        before, after = self.learned(config, steps=250)
        self.assertLess(after, min(2.2, before / 2))

    def test_it_stops_after_its_last_pass_and_resumes_there(self):
        first = self.trainer(self.configuration("nottingham", minutes=5.0, passes=2.0))
        first.run()
        self.assertAlmostEqual(first.passes, 2.0, delta=0.2)
        again = self.trainer(self.configuration("nottingham", minutes=5.0, passes=3.0))
        again.run()
        self.assertEqual(again.record[: len(first.record)], first.record)
        self.assertAlmostEqual(again.passes, 3.0, delta=0.3)

    def test_the_checkpoint_is_read_without_torch_and_answers_the_same(self):
        trainer = self.trainer(self.configuration("nottingham"))
        trainer.run()
        path = self.folder / "out" / "model.safetensors"
        network = LetterNetwork.read(path)
        self.assertEqual((network.composer, network.characters), ("nottingham", trainer.course.vocabulary))
        model = CharLSTM(trainer.model.config)
        checkpoints.load_weights(path, model)
        state, letters = network.start(), [3, 1, 4, 1, 5]
        alone = [network.step(np.array([letter]), state)[0] for letter in letters]
        with torch.inference_mode():
            whole = model.eval()(torch.tensor([letters]))[0].numpy()
        np.testing.assert_allclose(np.stack(alone), whole, atol=1e-4)

    def test_a_mended_checkpoint_is_evaluated_and_a_faithful_one_says_why_not(self):
        for composer in ("nottingham-mended", "irish"):
            self.trainer(self.configuration(composer)).run()
            path = self.folder / "out" / "model.safetensors"
            if composer == "irish":
                with self.assertRaisesRegex(UnknownComposer, "raw text"):
                    evaluate(self.file, checkpoint=path)
            else:
                self.assertEqual(evaluate(self.file, checkpoint=path)["composer"], composer)
            for file in (self.folder / "out").iterdir():
                file.unlink()


class MendedCourseTests(InAFolder):
    def test_it_goes_through_every_tune_first_and_then_its_own(self):
        course = self.trainer(self.configuration("irish-mended", wide_passes=1)).course
        seeds = [QUICK.seed, QUICK.seed + 1]
        sizes = [sum(len(batch.characters) for batch in course.epoch(symbols=512, seed=seed)) for seed in seeds]
        self.assertEqual(sizes, [16, 8])

    def test_half_a_pass_goes_through_some_of_every_tune(self):
        course = self.trainer(self.configuration("irish-mended", wide_passes=0.5)).course
        sizes = [
            sum(len(batch.characters) for batch in course.epoch(symbols=512, seed=seed))
            for seed in (QUICK.seed, QUICK.seed + 1)
        ]
        self.assertTrue(0 < sizes[0] < 16, sizes)
        self.assertEqual(sizes[1], 8)

    def test_it_tells_which_headers_it_has_learnt(self):
        course = self.trainer(self.configuration("irish-mended")).course
        self.assertEqual(sum(course.told["headers"].values()), 8)
        first = course.own[0]
        self.assertIn(f"{first.meter} {first.key}", course.told["known"])


class ConfigurationTests(InAFolder):
    def test_the_accounts_shapes_are_those_that_are_shipped(self):
        first, second = (read_configuration(CONFIGURATIONS / f"{name}.json") for name in ("nottingham", "irish"))
        self.assertEqual((first.model.embedding, first.model.width, first.model.layers), (512, 256, 3))
        self.assertEqual((first.model.dropout, first.training.passes, first.training.carried), (0.2, 100, True))
        self.assertEqual((second.model.embedding, second.model.width, second.model.layers), (256, 1024, 1))
        self.assertEqual((second.training.rows, second.training.carried), (32, False))

    def test_it_says_when_the_files_hold_nothing_of_the_collection(self):
        for composer in ("irish", "irish-mended"):
            with self.subTest(composer=composer), self.assertRaisesRegex(BriefError, r"\.$"):
                self.trainer(self.configuration(composer, source="nowhere"))


class SmallestTextTests(TestCase):
    def test_a_pass_through_a_text_shorter_than_a_batch_is_one_batch(self):
        text = raw_tune(1, {"M": "4/4", "K": "G", "abc": parse("G8|", meter="4/4", key="G").body})
        course = RawCourse("nottingham", SMALL, QUICK, text, text)
        self.assertEqual(len(list(course.epoch(symbols=0, seed=1))), 1)
