"""Every form that can be asked for, with first and second endings, and parts that return."""

import unittest
from fractions import Fraction

import numpy as np

from generator import vocabulary as V
from generator.brief import FORMS, BriefError, Conditions
from generator.harmony import lay_chords
from generator.notation import Bar, Score
from generator.plan import Part, Plan, plan_of
from generator.prompts import interpret
from generator.sampling import sample
from generator.structure import bar_count, bar_spans, form_of, open_repeats, parts, wrong_bars
from generator.validation import conditions_from_dict
from tests.generator.noise import Noise


def tune(plan: Plan, seed: int) -> Score:
    rng = np.random.default_rng(seed)
    return V.decode(list(sample(Noise(rng), plan, temperature=1.0, rng=rng)), meter=plan.meter, key=plan.key)


def signs(score: Score) -> list[str]:
    return [symbol.sign for symbol in score.symbols if isinstance(symbol, Bar)]


class ThroughComposedTests(unittest.TestCase):
    def test_it_may_be_asked_for_by_its_name(self):
        for word in ("through-composed", "Through composed", "ABCD"):
            self.assertEqual(conditions_from_dict({"form": word}).form, "ABCD")
        with self.assertRaises(BriefError):
            conditions_from_dict({"form": "well-composed"})

    def test_it_is_heard_in_a_prompt(self):
        conditions = interpret("a through-composed air, wistful").conditions
        self.assertEqual((conditions.form, conditions.bars), ("ABCD", 32))

    def test_it_brings_no_part_back(self):
        conditions = Conditions(key="D", mode="major", meter="4/4", bars=32, form="ABCD")
        for seed in range(6):
            score = tune(plan_of(conditions, np.random.default_rng(seed)), seed)
            self.assertEqual((form_of(score), bar_count(score)), ("ABCD", 32))
            self.assertEqual([len([s for s in part if s.number is not None]) for part in parts(score)], [8] * 4)


class ChordsOfFormsTests(unittest.TestCase):
    def test_it_leads_each_part_that_does_not_return_another_way(self):
        laid = lay_chords(
            ("I", "V", "vi", "IV"),
            tonic="C",
            mode="major",
            parts=(8, 8, 8, 8),
            second=("IV", "I", "ii", "V"),
            form="ABCD",
        )
        opened = [laid[start : start + 2] for start in (0, 8, 16, 24)]
        self.assertEqual(opened, [("C", "G"), ("F", "C"), ("Dm", "G"), ("Am", "F")])
        self.assertEqual([laid[start + 6 : start + 8] for start in (0, 8, 16, 24)], [("G", "C")] * 4)


class BarsOfFormsTests(unittest.TestCase):
    def test_it_keeps_form_and_bars_together_whatever_is_asked(self):
        for number, form in enumerate(FORMS):
            for bars in (16, 24, 32, 48):
                conditions = Conditions(key="G", mode="major", meter="2/4", bars=bars, form=form)
                score = tune(plan_of(conditions, np.random.default_rng(number)), number)
                with self.subTest(form, bars=bars):
                    self.assertEqual((bar_count(score), form_of(score)), (bars, form))
                    self.assertEqual((wrong_bars(score), open_repeats(score)), ([], 0))


class EndingTests(unittest.TestCase):
    def plan(self, *parts: Part, pickup: Fraction = Fraction(0)) -> Plan:
        return Plan("4/4", "D", parts, pickup, (), ())

    def test_it_writes_endings_where_they_are_planned(self):
        for pickup in (Fraction(0), Fraction(1), Fraction(2)):
            for seed in range(10):
                score = tune(self.plan(Part(8, True, endings=True), Part(8, True, endings=False), pickup=pickup), seed)
                self.assertEqual((signs(score).count("|1"), signs(score).count(":|2")), (1, 1))
                self.assertEqual((wrong_bars(score), open_repeats(score), bar_count(score)), ([], 0, 16))
                self.assertEqual([part[-1].ending for part in parts(score)], [2, 0])

    def test_it_says_something_else_the_second_time(self):
        for seed in range(40):
            first, second = parts(tune(self.plan(Part(4, True, endings=True)), seed))[0][-2:]
            self.assertEqual((first.ending, second.ending), (1, 2))
            self.assertNotEqual(first.events, second.events)

    def test_it_writes_none_where_none_are_planned(self):
        loud = (V.BAR_IDS["|1"],)
        plan = self.plan(Part(8, True, endings=False), Part(8, True, endings=False))
        for seed in range(10):
            rng = np.random.default_rng(seed)
            ids = list(sample(Noise(rng, loud), plan, temperature=1.0, rng=rng))
            self.assertNotIn(V.BAR_IDS["|1"], ids)

    def test_it_ends_a_last_part_with_endings_on_the_tonic(self):
        for seed in range(10):
            score = tune(self.plan(Part(4, True, endings=True)), seed)
            last = bar_spans(score)[-1]
            self.assertEqual((last.ending, last.events[-1][2] % 12), (2, 2))

    def test_it_brings_back_a_part_with_its_second_ending(self):
        plan = self.plan(Part(8, True, endings=True), Part(8, False), Part(8, False, copies=0), Part(8, False))
        for seed in range(6):
            first, _, third, _ = parts(tune(plan, seed))
            self.assertEqual([s.events for s in first if s.ending != 1], [s.events for s in third])
