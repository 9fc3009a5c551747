"""Parts, repeats, pickup and chords, before any note is written."""

import json
import unittest
from dataclasses import replace
from fractions import Fraction

import numpy as np

from generator.attributes import CONDITION_NAMES, SIZES
from generator.brief import FORMS, METERS, MODES, RHYTHMS, TONICS, Conditions
from generator.chord_ids import STATES
from generator.notation import NotationError, measure_length
from generator.plan import ENDINGS_PATH, INNER, LAST, Part, plan_of
from generator.validation import RHYTHM_METERS, respelled

JIG = Conditions(key="D", mode="dorian", meter="6/8", rhythm="jig", bars=16, form="AABB", tempo_qpm=160, density=0.5,
                 register=0.5, chords=("Dm", "C,Am") * 8)  # fmt: skip


def plan(conditions: Conditions = JIG, seed: int = 0):
    return plan_of(conditions, np.random.default_rng(seed))


def bare(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Without what chance says of their endings."""
    return tuple(replace(part, endings=None) for part in parts)


class PartTests(unittest.TestCase):
    def test_it_cuts_every_form_into_its_written_parts(self):
        wanted = {
            "AABB": (Part(8, True), Part(8, True)),
            "AABBCC": (Part(4, True), Part(4, True), Part(8, True)),
            "AB": (Part(8, False), Part(8, False)),
            "A": (Part(16, False),),
            "AA": (Part(16, True),),
            "ABAC": (Part(4, False), Part(4, False), Part(4, False, copies=0), Part(4, False)),
            "ABCD": (Part(4, False),) * 4,
        }
        for form, parts in wanted.items():
            self.assertEqual(bare(plan(replace(JIG, form=form)).parts), parts)
        self.assertEqual(bare(plan(replace(JIG, form="AABA", bars=24)).parts),
                         (Part(8, True), Part(8, False), Part(8, False, copies=0)))  # fmt: skip

    def test_it_shares_out_every_number_of_bars(self):
        for form in FORMS:
            for bars in (4, 5, 17, 63, 64):
                conditions = replace(JIG, form=form, bars=bars, chords=None)
                try:
                    made = plan(conditions)
                except ValueError:
                    continue
                self.assertEqual(made.bars, bars)
                for part in made.parts:
                    if part.copies is not None:
                        self.assertEqual(part.bars, made.parts[part.copies].bars)

    def test_it_refuses_a_key_that_cannot_be_written(self):
        with self.assertRaises(NotationError):
            from generator.grammar import Grammar

            Grammar(plan(replace(JIG, key="Db", mode="phrygian")))


class EndingTests(unittest.TestCase):
    def test_it_closes_as_many_repeated_parts_in_two_ways_as_the_corpus(self):
        for rhythm, meter in (("reel", "4/4"), ("jig", "6/8")):
            shares = json.loads(ENDINGS_PATH.read_text())[rhythm]
            plans = [plan(replace(JIG, rhythm=rhythm, meter=meter), seed) for seed in range(600)]
            for index, place in ((0, INNER), (1, LAST)):
                found = sum(made.parts[index].endings for made in plans) / len(plans)
                self.assertAlmostEqual(found, shares[place], delta=0.07)

    def test_it_closes_in_two_ways_only_what_is_repeated_and_long_enough(self):
        for seed in range(40):
            for made in (plan(replace(JIG, form="ABAC"), seed), plan(replace(JIG, bars=4, chords=None), seed)):
                self.assertEqual({part.endings for part in made.parts}, {None})

    def test_it_leaves_pickups_as_they_were_drawn_without_endings(self):
        self.assertEqual(plan(seed=3).pickup, plan(replace(JIG, form="A"), seed=3).pickup)


class PickupTests(unittest.TestCase):
    def test_it_draws_pickups_of_at_most_half_a_bar(self):
        for rhythm in (None, *RHYTHMS):
            for meter in RHYTHM_METERS[rhythm] if rhythm else METERS:
                for seed in range(20):
                    pickup = plan(replace(JIG, meter=meter, rhythm=rhythm), seed).pickup
                    self.assertGreaterEqual(pickup, 0)
                    self.assertLessEqual(pickup * 2, measure_length(meter))
                    self.assertEqual(pickup % Fraction(1, 4), 0)

    def test_it_gives_the_same_pickup_to_the_same_seed_and_several_to_several(self):
        drawn = [plan(seed=seed).pickup for seed in range(40)]
        self.assertEqual(drawn, [plan(seed=seed).pickup for seed in range(40)])
        self.assertGreater(len(set(drawn)), 1)


class ConditionTests(unittest.TestCase):
    def test_it_numbers_every_condition_inside_its_table(self):
        for tonic in TONICS:
            for mode in MODES:
                ids = plan(respelled(replace(JIG, key=tonic, mode=mode))).conditions
                self.assertEqual(len(ids), len(CONDITION_NAMES))
                for name, index in zip(CONDITION_NAMES, ids, strict=True):
                    self.assertLess(index, SIZES[name])
                    self.assertGreater(index + (name == "tradition"), 0)

    def test_it_leaves_free_what_is_free(self):
        bare = Conditions(key="D", mode="major", meter="6/8", bars=8, form="AABB")
        ids = dict(zip(CONDITION_NAMES, plan(bare).conditions, strict=True))
        free = {name for name, index in ids.items() if index == 0}
        self.assertEqual(free, {"rhythm", "tradition", "density", "register", "tempo"})


class ChordTests(unittest.TestCase):
    def test_it_counts_chords_from_the_tonic_so_that_keys_share_them(self):
        in_d, in_e = plan(), plan(replace(JIG, key="E", chords=("Em", "D,Bm") * 8))
        self.assertEqual(in_d.chords, in_e.chords)
        self.assertTrue(all(0 < chord <= STATES for bar in in_d.chords for chord in bar))

    def test_it_tells_the_chord_of_each_half_and_the_next_bars(self):
        made = plan()
        minor, flat_seven, fifth = made.chords[0][0], *made.chords[1]
        self.assertEqual(made.chord_ids(0, second_half=True, in_pickup=False), (minor, flat_seven))
        self.assertEqual(made.chord_ids(1, second_half=False, in_pickup=False), (flat_seven, minor))
        self.assertEqual(made.chord_ids(1, second_half=True, in_pickup=False), (fifth, minor))

    def test_it_knows_no_chord_in_a_pickup_nor_after_the_end(self):
        made = plan()
        self.assertEqual(made.chord_ids(0, second_half=False, in_pickup=True), (0, made.chords[0][0]))
        self.assertEqual(made.chord_ids(15, second_half=False, in_pickup=False)[1], 0)
        self.assertEqual(made.chord_ids(16, second_half=False, in_pickup=False), (0, 0))
        self.assertEqual(plan(replace(JIG, chords=None)).chord_ids(0, second_half=False, in_pickup=False), (0, 0))
