"""The place that is followed id by id agrees with the bars found in the finished score."""

from __future__ import annotations

from fractions import Fraction
from unittest import TestCase

from generator import vocabulary as V
from generator.notation import Score, parse
from generator.place import PART_BARS, SLOTS, TUNE_BARS, Place
from generator.structure import bar_spans
from tests.generator.collections_at_hand import some_tunes


def followed(score: Score) -> list[tuple[int, int | None, Fraction]]:
    """(ordinal, number, length so far) of each written bar, as Place saw it when its closing line came."""
    place, bars = Place(score.meter), []
    for token in [*V.encode(score), V.BAR_IDS["|"]]:
        if V.kind(token) == "bar" and place.elapsed:
            number, length, ordinal = place.number, place.elapsed, place.ordinal
            counted = place.copy()
            counted.feed(token)
            bars.append((ordinal, number if counted.number > number else None, length))
        place.feed(token)
    return bars


class AgreementTests(TestCase):
    def test_it_numbers_the_bars_of_real_tunes_as_the_structure_does(self):
        for tune in some_tunes():
            spans = bar_spans(tune.score.without_chords())
            expected = [(index, span.number, span.length) for index, span in enumerate(spans)]
            self.assertEqual(followed(tune.score), expected, tune.score.text)

    def test_it_counts_bars_in_a_part_from_nought(self):
        place, seen = Place("4/4"), []
        for token in V.encode(parse("A2|A8|A6:||:B8|B8:|", meter="4/4", key="C", unit="1/8")):
            if V.kind(token) == "pitch":
                seen.append((place.part, place.bar_in_part))
            place.feed(token)
        self.assertEqual(seen, [(0, 0), (0, 0), (0, 1), (1, 0), (1, 1)])


class FeatureTests(TestCase):
    def test_it_keeps_every_feature_inside_its_table(self):
        place = Place("12/8")
        for _ in range(300):
            for token in (V.IDS["length 16"], V.PITCH_ZERO, V.IDS["length 16"], V.REST, V.BAR_IDS["|"]):
                place.feed(token)
                slot, part_bar, bar = place.features()
                self.assertLess(slot, SLOTS)
                self.assertLess(part_bar, PART_BARS)
                self.assertLess(bar, TUNE_BARS)

    def test_it_leaves_the_first_alone_when_a_copy_moves_on(self):
        place = Place("4/4")
        twin = place.copy()
        twin.feed(V.PITCH_ZERO)
        self.assertEqual((place.elapsed, twin.elapsed), (0, 1))

    def test_it_hears_a_tuplet_shorter_than_written(self):
        place = Place("4/4")
        for token in (V.IDS["tuplet 3"], V.PITCH_ZERO, V.PITCH_ZERO, V.PITCH_ZERO, V.PITCH_ZERO):
            place.feed(token)
        self.assertEqual(place.elapsed, 3)
