"""Strong beats lean toward the chord, what lies between them a little away from it."""

from __future__ import annotations

from unittest import TestCase

import numpy as np

from generator import vocabulary as V
from generator.brief import Conditions
from generator.grammar import Grammar
from generator.leaning import FROM_CHORD, TOWARD_CHORD, Lean
from generator.plan import plan_of


def grammar_of(chords: tuple[str, ...], key: str = "D", mode: str = "major") -> Grammar:
    conditions = Conditions(key=key, mode=mode, meter="4/4", form="A", bars=len(chords), chords=chords)
    plan = next(plan for seed in range(99) if not (plan := plan_of(conditions, np.random.default_rng(seed))).pickup)
    grammar = Grammar(plan)
    if not grammar.opened:
        grammar.feed(V.BAR_IDS["|:"])
    return grammar


def leaning_degrees(lean: Lean, grammar: Grammar) -> set[int]:
    bonus = lean.bonus(grammar)
    return {(int(index) + V.LOWEST) % 7 for index in np.flatnonzero(bonus)}


class LeanTests(TestCase):
    def test_it_favours_the_tones_of_the_chord_on_the_beat(self):
        grammar = grammar_of(("D", "A7", "G", "D"))
        self.assertEqual(leaning_degrees(Lean(grammar.plan), grammar), {0, 2, 4})
        grammar.feed(V.LENGTH_IDS[8])
        grammar.feed(V.PITCH_ZERO)
        grammar.feed(V.BAR_IDS["|"])
        self.assertEqual(leaning_degrees(Lean(grammar.plan), grammar), {4, 6, 1, 3}, "A7: a, c sharp, e, g")

    def test_it_favours_what_passes_between_the_beats(self):
        grammar = grammar_of(("D", "A7", "G", "D"))
        lean = Lean(grammar.plan)
        self.assertAlmostEqual(float(lean.bonus(grammar).max()), TOWARD_CHORD)
        grammar.feed(V.PITCH_ZERO)
        self.assertAlmostEqual(float(lean.bonus(grammar).min()), -FROM_CHORD)
        self.assertEqual(leaning_degrees(lean, grammar), {0, 2, 4})

    def test_it_has_no_opinion_without_chords(self):
        conditions = Conditions(key="D", mode="major", meter="4/4", form="A", bars=4)
        grammar = Grammar(plan_of(conditions, np.random.default_rng(1)))
        logits = np.zeros(V.SIZE, np.float32)
        self.assertIs(Lean(grammar.plan).leaned(logits, grammar), logits)

    def test_it_prefers_chord_tones_without_asking_for_a_pitch_sooner(self):
        grammar = grammar_of(("Am", "E7", "Dm", "Am"), key="A", mode="minor")
        plain = np.zeros(V.SIZE, np.float32)
        leaned = Lean(grammar.plan).leaned(plain, grammar)
        pitches = np.array([V.kind(token) == "pitch" for token in range(V.SIZE)])
        self.assertAlmostEqual(float(np.ptp(leaned[pitches])), TOWARD_CHORD, places=5)
        self.assertAlmostEqual(float(np.exp(leaned[pitches]).sum()), float(pitches.sum()), places=3)
        np.testing.assert_array_equal(leaned[~pitches], plain[~pitches])
