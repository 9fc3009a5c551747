"""Bits per character by the contract's definition: bad files first, then the arithmetic."""

from __future__ import annotations

import argparse
import gzip
import io
import json
import math
import tempfile
from contextlib import redirect_stdout
from pathlib import Path
from unittest import TestCase

import numpy as np
import torch
from safetensors.numpy import save_file

from generator import checkpoints
from generator import vocabulary as V
from generator.abc_files import UnreadableFile
from generator.brief import BriefError
from generator.commands import evaluate as command
from generator.composers import charlstm_course
from generator.composers.charlstm import CharLSTM, CharLSTMConfig
from generator.composers.transformer import Transformer, TransformerConfig
from generator.encoding import corpus_places, examples, free_example
from generator.evaluation import CharLSTMScorer, TransformerScorer, UnknownComposer, evaluate
from generator.inputs import INPUT_NAMES
from generator.lessons import collate
from generator.notation import parse
from tests.generator.collections_at_hand import SHARED, some_tunes

SHIPPED = Path(__file__).resolve().parents[2] / "generator" / "composers" / "transformer.safetensors"
LONG = TransformerConfig(width=32, layers=2, heads=2, context=1024)
SHORT = TransformerConfig(width=32, layers=2, heads=2, context=64)
LSTM = CharLSTMConfig(embedding=16, width=32, layers=2)


def opinionated(model: torch.nn.Module) -> torch.nn.Module:
    """Fixed weights that prefer some ids to others: a fresh transformer's blocks are all nought."""
    torch.manual_seed(2)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return model.eval()


def row(abc: str, **given: object) -> str:
    return json.dumps({"M": "4/4", "L": "1/8", "K": "D", "abc": abc, **given})


class InAFolder(TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.checkpoint = self.folder / "model.safetensors"
        model = opinionated(Transformer(LONG))
        checkpoints.save(self.checkpoint, model, composer="transformer", record={}, half=False)

    def file(self, *lines: str) -> Path:
        path = self.folder / "tunes.jsonl.gz"
        path.write_bytes(gzip.compress("".join(line + "\n" for line in lines).encode()))
        return path

    def figures(self, *lines: str) -> dict:
        return evaluate(self.file(*lines), checkpoint=self.checkpoint)


class BadInputTests(InAFolder):
    def test_it_tells_in_one_sentence_what_is_missing(self):
        with self.assertRaisesRegex(UnreadableFile, "cannot be read"):
            evaluate(self.folder / "absent.jsonl.gz", checkpoint=self.checkpoint)
        for name in ("parrot", "../transformer", ""):
            with self.assertRaisesRegex(UnknownComposer, "There is no composer"):
                evaluate(self.file(row("A8|")), composer=name)

    def test_it_refuses_what_is_no_checkpoint(self):
        broken, foreign = self.folder / "broken.safetensors", self.folder / "foreign.safetensors"
        broken.write_bytes(b"no weights at all")
        save_file({"weights": np.zeros(3)}, foreign)
        for path in (broken, foreign, self.folder, self.folder / "absent.safetensors"):
            with self.subTest(path.name), self.assertRaisesRegex(UnknownComposer, r"is no checkpoint of a composer\.$"):
                evaluate(self.file(row("A8|")), checkpoint=path)

    def test_it_raises_one_sentence_on_the_command_line(self):
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        for words in ((str(self.folder / "absent.jsonl"),), (str(self.file(row("A8|"))), "--composer", "parrot")):
            with self.assertRaisesRegex(BriefError, r"\.$"):
                command.run(parser.parse_args(words))

    def test_it_charges_eight_bits_a_character_of_every_line_it_cannot_score(self):
        lines = {
            row("V:1\n A8 |"): "V:1A8|", "not json at all": "notjsonatall", row("A8|", M="none"): "A8|",
            row("z8|"): "z8|",
            json.dumps({"abc": "A8 | B8"}): "A8|B8", json.dumps({"M": "4/4"}): '{"M":"4/4"}', row("A13/16|"): "A13/16|",
            "[1, 2]": "[1,2]",
        }  # fmt: skip
        figures = self.figures(*lines)
        self.assertEqual((figures["tunes"], figures["excluded"]), (0, len(lines)))
        self.assertEqual(figures["characters"], sum(map(len, lines.values())))
        self.assertEqual(figures["bits_per_character"], 8)

    def test_it_evaluates_or_excludes_every_line(self):
        figures = self.figures(row("A8|B8|]"), "oops", row("GABc d4|", K="G", L="1/4"), row("A8|[1 B8:|[2 c8:|[3 d8|]"))
        self.assertEqual((figures["tunes"], figures["excluded"]), (2, 2))

    def test_it_has_no_figure_for_an_empty_file(self):
        figures = self.figures()
        self.assertEqual((figures["tunes"], figures["characters"], figures["bits_per_character"]), (0, 0, None))


class DefinitionTests(InAFolder):
    def test_it_names_the_composer_that_a_checkpoint_holds(self):
        checkpoints.save(self.checkpoint, opinionated(CharLSTM(LSTM)), composer="charlstm", record={})
        self.assertEqual(self.figures(row("A8|"))["composer"], "charlstm")

    def test_it_divides_bits_by_the_characters_of_canonical_bodies(self):
        score = parse('"D"A2>B2"A7"(cd) {g}e2|d8|]', meter="4/4", key="D", unit="1/8")
        scorer = TransformerScorer(opinionated(Transformer(LONG)))
        figures = self.figures(row('"D"A2>B2"A7"(cd) {g}e2|d8|]'))
        self.assertEqual(figures["characters"], len("A3Bcde2|d8|]"))
        self.assertAlmostEqual(figures["bits_per_character"], scorer.nats([score]) / math.log(2) / 12, places=3)

    def test_it_gives_the_same_with_and_without_chord_symbols_and_other_conditions(self):
        plain = self.figures(row("A8|B8|]"))["bits_per_character"]
        self.assertEqual(plain, self.figures(row('"D"A8|"G"B8|]', R="reel", tradition="irish"))["bits_per_character"])
        self.assertNotEqual(plain, self.figures(row("A8|B8|]", K="Dm"))["bits_per_character"])

    def test_it_frees_every_condition_but_key_mode_and_meter(self):
        example = free_example(parse("A8|B8|]", meter="4/4", key="Edor", unit="1/8"))
        self.assertTrue((example.conditions[:3] > 0).all())
        self.assertFalse(example.conditions[3:].any())
        ahead = ("bars_left", "room", "part_left", "chord", "next_chord")
        told = collate([example], free=True).inputs[..., [INPUT_NAMES.index(name) for name in ahead]]
        self.assertFalse(told.any(), "the bars left would tell the length")

    def test_it_scores_a_lesson_like_a_free_score(self):
        tune = some_tunes()[7]
        lesson = collate(examples([tune], places=corpus_places([tune])), free=True)
        free = collate([free_example(tune.score)], free=True)
        self.assertTrue((lesson.inputs == free.inputs).all())
        self.assertTrue((lesson.conditions == free.conditions).all())

    def test_it_shows_a_model_nothing_of_what_is_still_to_come(self):
        one, other = (
            free_example(parse(body, meter="4/4", key="D", unit="1/8")) for body in ("A2B2c4|d8|]", "A2B2c2z2|")
        )
        shared = len(V.encode(parse("A2B2", meter="4/4", key="D", unit="1/8"))) + 1
        self.assertTrue((one.inputs[:shared] == other.inputs[:shared]).all())

    def test_it_counts_the_end_as_something_to_guess(self):
        example = free_example(parse("A8|", meter="4/4", key="D", unit="1/8"))
        self.assertEqual(collate([example], free=True).targets[0, -1].item(), V.END)


class ArithmeticTests(TestCase):
    def setUp(self) -> None:
        self.scores = [tune.score for tune in some_tunes()[:60]]

    def assert_additive(self, scorer: TransformerScorer | CharLSTMScorer) -> None:
        together = scorer.nats(self.scores)
        alone = sum(scorer.nats([score]) for score in self.scores)
        self.assertAlmostEqual(together / alone, 1, places=5)
        self.assertAlmostEqual(scorer.nats(self.scores[::-1]) / together, 1, places=5)

    def test_it_scores_a_batch_as_it_scores_tunes_one_by_one(self):
        self.assert_additive(TransformerScorer(opinionated(Transformer(LONG))))
        self.assert_additive(CharLSTMScorer(opinionated(CharLSTM(LSTM))))

    def test_it_spreads_a_probability_of_one_over_the_next_ids(self):
        model = opinionated(Transformer(LONG))
        batch = collate([free_example(score) for score in self.scores[:4]], free=True)
        with torch.inference_mode():
            logits = model(batch.tokens, batch.inputs, batch.conditions)
        self.assertEqual(logits.shape[-1], V.SIZE)
        self.assertTrue(torch.allclose(logits.softmax(-1).sum(-1), torch.ones(logits.shape[:2]), atol=1e-5))
        # No mask: every id keeps a share, those that could not follow too.
        self.assertTrue((logits.softmax(-1) > 0).all())

    def test_it_agrees_with_guesses_made_id_by_id(self):
        model, score = opinionated(Transformer(LONG)), self.scores[3]
        example = free_example(score)
        batch = collate([example], free=True)
        cache, total = model.new_cache(1, len(example.tokens)), 0.0
        with torch.inference_mode():
            for t, following in enumerate(example.tokens[1:]):
                at = slice(t, t + 1)
                logits = model(batch.tokens[:, at], batch.inputs[:, at], batch.conditions, cache, t)
                total -= logits[0, 0].log_softmax(-1)[int(following)].item()
        self.assertAlmostEqual(TransformerScorer(model).nats([score]) / total, 1, places=5)

    def test_it_scores_characters_as_they_stand_one_after_the_other(self):
        model, text = opinionated(CharLSTM(LSTM)), charlstm_course.text_of(self.scores[3])
        total = 0.0
        with torch.inference_mode():
            for place in range(text.given, len(text.characters)):
                past = torch.tensor(text.characters[:place].astype(int))[None]
                total -= model(past)[0, -1].log_softmax(-1)[int(text.characters[place])].item()
        self.assertAlmostEqual(CharLSTMScorer(model).nats([self.scores[3]]) / total, 1, places=5)


class LongTuneTests(TestCase):
    def test_it_scores_each_id_of_a_tune_beyond_the_context_once(self):
        score = parse("|:" + "GABc d2e2|" * 40 + "]", meter="4/4", key="G", unit="1/8")
        self.assertGreater(len(V.encode(score)), 4 * SHORT.context)
        uniform = Transformer(SHORT).eval()
        torch.nn.init.zeros_(uniform.token.weight)  # every id as likely as any other
        expected = (len(V.encode(score)) + 1) * math.log(V.SIZE)
        self.assertAlmostEqual(TransformerScorer(uniform).nats([score]) / expected, 1, places=5)

    def test_it_windows_nothing_that_fits(self):
        score = parse("GABc d2e2|]", meter="4/4", key="G", unit="1/8")
        long, short = opinionated(Transformer(LONG)), Transformer(SHORT).eval()
        short.load_state_dict(long.state_dict())
        self.assertAlmostEqual(TransformerScorer(long).nats([score]), TransformerScorer(short).nats([score]), places=4)


class CommandTests(InAFolder):
    def test_it_prints_the_contracts_names_as_one_line_of_json(self):
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        out = io.StringIO()
        with redirect_stdout(out):
            words = [str(self.file(row("A8|B8|]"))), "--checkpoint", str(self.checkpoint), "--json"]
            self.assertEqual(command.run(parser.parse_args(words)), 0)
        self.assertEqual(out.getvalue().count("\n"), 1)
        told = json.loads(out.getvalue())
        self.assertEqual(list(told), ["composer", "tunes", "characters", "bits_per_character", "excluded", "seconds"])

    def test_it_finds_that_the_shipped_composer_has_learnt_something(self):
        path = SHARED / "tunes-valid.jsonl.gz"
        if SHIPPED.exists() and path.exists():
            lines = gzip.decompress(path.read_bytes()).decode().split("\n")[:60]
            self.assertLess(evaluate(self.file(*lines))["bits_per_character"], 2.2)
