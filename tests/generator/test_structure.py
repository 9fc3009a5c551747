"""Bars, parts and forms of small tunes whose answer is plain to see."""

from __future__ import annotations

from unittest import TestCase

from generator.notation import Score, parse
from generator.structure import bar_count, bar_spans, form_of, open_repeats, parts, wrong_bars


def score_of(body: str, meter: str = "4/4") -> Score:
    return parse(body, meter=meter, key="C", unit="1/8")


class WrongBarTests(TestCase):
    def test_it_finds_long_and_short_bars(self):
        self.assertEqual(wrong_bars(score_of("A8|A7|A8|A9|A8|]")), [1, 3])

    def test_it_counts_tuplets_by_what_they_sound(self):
        self.assertEqual(wrong_bars(score_of("(3ABcA6|(3ABcA5|A8|]")), [1])

    def test_it_follows_a_change_of_meter(self):
        self.assertEqual(wrong_bars(score_of("A8|[M:3/4]A6|A8|A6|]")), [2])

    def test_it_calls_a_first_bar_wrong_when_nothing_completes_it(self):
        self.assertEqual(wrong_bars(score_of("A2|A8|A8|]")), [0])


class RightBarTests(TestCase):
    def assert_right(self, body: str, meter: str = "4/4") -> None:
        self.assertEqual(wrong_bars(score_of(body, meter)), [], body)

    def test_it_accepts_a_pickup_that_the_last_bar_completes(self):
        self.assert_right("A2|A8|A6|]")

    def test_it_accepts_a_pickup_in_front_of_each_part(self):
        self.assert_right("|:A|A6|A5:||:B|B6|B5:|", "6/8")

    def test_it_accepts_a_pickup_completed_in_both_endings(self):
        self.assert_right("|:A|A6|A6|1A5:|2A5||B|B6|B5|]", "6/8")

    def test_it_accepts_a_bar_cut_in_two_by_a_repeat(self):
        self.assert_right("A8|A4:||:A4|A8|A8|]")


class CountingTests(TestCase):
    def test_it_counts_neither_pickups_nor_second_endings(self):
        self.assertEqual(bar_count(score_of("A2|A8|A8|A6|]")), 3)
        self.assertEqual(bar_count(score_of("|:A8|A8|1A8:|2A8|]")), 3)
        self.assertEqual(bar_count(score_of("|:A8|1A8|A8:|2A8|A8||A8|]")), 4)

    def test_it_numbers_bars_from_nought(self):
        self.assertEqual([s.number for s in bar_spans(score_of("A2|A8|1A6:|2A6|]"))], [None, 0, 1, None])

    def test_it_does_not_unfold_repeats(self):
        self.assertEqual(bar_count(score_of("|:A8|A8:||:A8|A8:|")), 4)

    def test_it_leaves_out_bars_without_notes(self):
        self.assertEqual(len(bar_spans(score_of("|A8||A8|]"))), 2)


class RepeatTests(TestCase):
    def test_it_finds_a_repeat_that_nothing_closes(self):
        self.assertEqual(open_repeats(score_of("|:A8|A8|]")), 1)
        self.assertEqual(open_repeats(score_of("|:A8|1A8:|A8|]")), 1)

    def test_it_accepts_closed_ones(self):
        for body in ("|:A8:|", "A8:|", "|:A8::B8:|", "|:A8|1A8:|2A8|]"):
            self.assertEqual(open_repeats(score_of(body)), 0, body)


class FormTests(TestCase):
    def test_it_names_parts_by_letters_and_repeats_by_two(self):
        self.assertEqual(form_of(score_of("|:A8|B8:||:c8|d8:|")), "AABB")
        self.assertEqual(form_of(score_of("A8|B8||c8|d8||A8|B8|]")), "ABA")
        self.assertEqual(form_of(score_of("A8|B8|]")), "A")

    def test_it_splits_parts_at_double_bars_and_repeats(self):
        self.assertEqual([len(p) for p in parts(score_of("|:A8|B8:||:c8|d8|e8:|"))], [2, 3])

    def test_it_places_chords_in_their_bars(self):
        spans = bar_spans(score_of('"Am"A4"D7"A4|"G"B8|]'))
        self.assertEqual([[(int(o), c) for o, c in s.chords] for s in spans], [[(0, "Am"), (4, "D7")], [(0, "G")]])
