"""What a composer is told: places, plans, and what stood there before."""

from __future__ import annotations

from fractions import Fraction
from unittest import TestCase

import numpy as np

from generator import vocabulary as V
from generator.attributes import care_of, dotted_of, pickup_of
from generator.encoding import corpus_places, examples
from generator.inputs import INPUT_NAMES, INPUT_SIZES, inputs_at, outline
from generator.notation import Score, parse
from generator.place import LAGS, Place
from generator.structure import bar_spans
from tests.generator.collections_at_hand import some_tunes


def score(body: str, meter: str = "4/4", key: str = "C") -> Score:
    return parse(body, meter=meter, key=key, unit="1/8")


def followed(ids: list[int], meter: str = "4/4") -> Place:
    place = Place(meter)
    for token in ids:
        place.feed(token)
    return place


class BackTests(TestCase):
    def test_it_knows_what_stood_here_one_and_two_bars_ago(self):
        place = followed(V.encode(score("A2B2c4|d2e2f4|g2")))
        self.assertEqual(place.backs()[:2], (V.LENGTH_IDS[Fraction(2)], V.LENGTH_IDS[Fraction(2)]))
        place.feed(V.LENGTH_IDS[Fraction(2)])
        pitches = [token for token in V.encode(score("e2B2")) if V.kind(token) == "pitch"]
        self.assertEqual(list(place.backs()[:2]), pitches)
        self.assertEqual(place.backs()[2:], (0,) * (len(LAGS) - 2))

    def test_it_looks_inside_a_tuplet(self):
        place = followed(V.encode(score("(3ABcd6|")))
        place.feed(V.IDS["tuplet 3"])
        self.assertEqual(V.kind(place.backs()[0]), "pitch")

    def test_it_counts_neither_a_pickup_nor_a_second_ending_as_a_bar_gone_by(self):
        place = followed(V.encode(score("G2|A8|B8|1c8:|2d8||", key="C")))
        self.assertEqual(place.backs()[0], place.heard[2][place._spot], "the first ending's bar, not the second's")


class OutlineTests(TestCase):
    def test_it_tells_each_bars_length_and_the_bars_left_in_its_part(self):
        spans = bar_spans(score("G2|A8|B8|c8|1d6:|2e6||:f2|g8|a6:|"))
        self.assertEqual(
            outline(spans),
            [(2, 4), (8, 4), (8, 3), (8, 2), (6, 1), (6, 1), (2, 2), (8, 2), (6, 1)],
        )

    def test_it_leaves_no_room_at_any_bar_line_of_real_tunes(self):
        tunes = list(some_tunes()[:40])
        lessons = examples(tunes, places=corpus_places(tunes))
        room, slot = INPUT_NAMES.index("room"), INPUT_NAMES.index("slot")
        for tune, lesson in zip(tunes, lessons, strict=True):
            lines = [row for row, token in zip(lesson.inputs, lesson.tokens[1:], strict=True)
                     if V.kind(int(token)) == "bar" and row[slot]]  # fmt: skip
            self.assertEqual({int(row[room]) for row in lines}, {1}, tune.score.text)

    def test_it_keeps_every_input_inside_its_table(self):
        tunes = list(some_tunes()[:40])
        sizes = np.array(list(INPUT_SIZES.values()))
        for lesson in examples(tunes, places=corpus_places(tunes)):
            self.assertTrue((lesson.inputs >= 0).all() and (lesson.inputs < sizes).all())
        far = inputs_at(Place("4/4"), bars=500, planned=(Fraction(-3), 99))
        self.assertTrue(all(0 <= value < size for value, size in zip(far, sizes, strict=True)))


class ConditionTests(TestCase):
    def test_it_measures_the_pickup(self):
        self.assertEqual([pickup_of(score(body)) for body in ("A8|", "A2|B8|c6|")], [0, 2])

    def test_it_tells_a_careful_tune_from_one_with_faults(self):
        self.assertEqual(
            [care_of(score(body)) for body in ("A8|c8|]", "c8|A8|]", "A8|c7|]", "|:A8|c8|]")], [1, 2, 3, 3]
        )

    def test_it_hears_how_dotted_a_tune_is(self):
        even, some, many = "ABABABAB|", "A>BABABAB|", "A>BA<BA>BA>B|"
        self.assertEqual([dotted_of(score(body)) for body in (even, some, many, "A8|")], [1, 2, 3, 1])
