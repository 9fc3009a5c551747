"""The figures of a composer's card, measured by composing."""

from __future__ import annotations

import io
import json
import unittest
from collections.abc import Iterator
from contextlib import redirect_stderr
from unittest.mock import patch

from generator.brief import AttemptRejected, Brief, ComposeFailed, Conditions, Piece
from generator.measures import figures

RIGHT = "X:1\nM:4/4\nL:1/8\nK:D\nDFAd d2fd|A2FA D4|\n"
WRONG = "X:1\nM:4/4\nL:1/8\nK:D\nDFAd d2|A2FA D4|\n"


def _composed(brief: Brief) -> Iterator[object]:
    """A tune, a tune with a wrong bar, letters, nothing."""
    if brief.seed % 4 == 3:
        raise ComposeFailed("no")
    yield AttemptRejected(1, "novelty")
    abc = (RIGHT, WRONG, "letters")[brief.seed % 4]
    yield Piece(abc, "", brief.prompt, Conditions(), brief.composer, "one-1", brief.seed, {})


class FiguresTest(unittest.TestCase):
    def test_it_counts_what_parses_what_is_right_and_what_is_copied(self) -> None:
        with patch("generator.pipeline.compose", _composed):
            run = figures.made("transformer", 8, seed=0)
        told = figures.figures("transformer", run)
        self.assertEqual(told["parses"]["value"], 0.5)
        self.assertEqual(told["bars_right"]["value"], 0.75)
        self.assertEqual(told["near_duplicates"]["value"], 0.6)  # six refused, four came
        self.assertGreater(told["seconds"]["value"], -1)

    def test_the_examples_are_the_first_that_came(self) -> None:
        with patch("generator.pipeline.compose", _composed):
            shown = figures.examples(figures.made("transformer", 8, seed=0).pieces)
        self.assertEqual([one["abc"] for one in shown], [RIGHT, WRONG, "letters"])
        self.assertEqual(json.loads(json.dumps(shown)), shown)

    def test_a_composer_that_is_not_there_is_refused_in_a_sentence(self) -> None:
        told = io.StringIO()
        with redirect_stderr(told):
            self.assertEqual(figures.main(["nobody"]), 2)
        self.assertEqual(told.getvalue(), "There is no composer called nobody here.\n")
