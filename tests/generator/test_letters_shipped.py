"""The mended letter composer that can be asked for on the page."""

from __future__ import annotations

from dataclasses import replace
from unittest import TestCase

from generator import Brief, BriefError, Conditions, Piece, check_brief, compose, compose_together

BRIEF = Brief("a merry jig", Conditions(key="E", mode="minor", meter="6/8"), seed=4, composer="nottingham-mended")


class ShippedTests(TestCase):
    def test_it_refuses_what_it_cannot_be_asked_for(self):
        for name, value in (("bars", 16), ("rhythm", "jig"), ("form", "AABB")):
            with self.subTest(name=name), self.assertRaises(BriefError):
                check_brief(replace(BRIEF, conditions=Conditions(**{name: value})))

    def test_it_writes_what_was_asked_for_and_the_same_for_the_same_seed(self):
        *_, piece = compose(BRIEF)
        self.assertIsInstance(piece, Piece)
        self.assertIn("M:6/8\nL:1/8\nK:Em\n", piece.abc)
        self.assertTrue(all(check.ok for check in piece.checks.values()), piece.checks)
        *_, again = compose_together(BRIEF)
        self.assertEqual((again.abc, again.title), (piece.abc, piece.title))
        self.assertTrue(piece.checkpoint.startswith("nottingham-mended-"))
