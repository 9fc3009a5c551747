"""How an opening's parts are read, and what shape the whole tune takes. No model is asked."""

import unittest
from fractions import Fraction

from generator import vocabulary as V
from generator.brief import Brief, BriefError, Conditions, Given
from generator.given.conditions import settled_given
from generator.given.continuing import continued
from generator.given.frames import opening_and_shape
from generator.given.reading import read_tune
from generator.notation import parse
from tests.generator.own_music import BROKEN_OFF, ENDINGS, HEAD, KESH, OPENING

A_PART = KESH.split("|: B2")[0]


def shape(abc: str, bars: int | None = None, form: str | None = None):
    brief = Brief("", Conditions(bars=bars, form=form), given=Given(abc, "continue"))
    return opening_and_shape(brief, read_tune(abc))


def bars_of(abc: str, bars: int | None = None, form: str | None = None):
    _, given, opening, whole = shape(abc, bars, form)
    return continued(given, opening, whole, closed=read_tune(abc).closed)


def signs(abc: str, **asked) -> list[str]:
    return [V.value(sign) for bar in bars_of(abc, **asked) for sign in bar.signs]


class ShapeTests(unittest.TestCase):
    def test_it_gives_a_few_bars_two_parts_of_eight_each_heard_twice(self):
        for abc in (OPENING, BROKEN_OFF, HEAD + "DEFG ABcd | " * 8):
            whole = shape(abc)[3]
            self.assertEqual((whole.form, whole.lengths), ("AABB", (8, 8)))

    def test_it_answers_a_closed_part_by_one_as_long(self):
        whole = shape(A_PART)[3]
        self.assertEqual((whole.form, whole.lengths), ("AABB", (8, 8)))
        sixteen = HEAD + "|: " + "DEFG ABcd | " * 15 + "D8 :|"
        self.assertEqual(shape(sixteen)[3].lengths, (16, 16))
        self.assertEqual(shape(KESH)[3].form, "AABBCC")

    def test_it_shares_the_bars_that_are_asked_for(self):
        self.assertEqual(shape(OPENING, 32)[3].lengths, (16, 16))
        self.assertEqual(shape(A_PART, 24)[3].lengths, (8, 8, 8))
        self.assertEqual(shape(A_PART, 19)[3].lengths, (8, 11))
        self.assertEqual(shape(HEAD + "DEFG ABcd | " * 12, 16)[3].lengths, (16,))

    def test_it_goes_on_from_a_part_that_is_full_and_not_closed(self):
        four = "DEFG ABcd | " * 4
        whole = shape(HEAD + "|: " + four + ":|: " + four)[3]
        self.assertEqual((whole.lengths, whole.form), ((4, 4, 4), "AABBCC"))
        self.assertEqual(shape(HEAD + four * 2 + "|| " + four * 2)[3].lengths, (8, 12))

    def test_it_takes_the_form_that_is_asked_for(self):
        whole = shape(OPENING, 24, "AABA")[3]
        self.assertEqual((whole.letters, whole.lengths, whole.repeated), ("ABA", (8, 8, 8), (True, False, False)))
        with self.assertRaises(BriefError):
            shape(OPENING, 32, "ABAC")  # the opening begins a repeat

    def test_it_never_asks_for_more_bars_than_a_tune_may_have(self):
        for count in range(1, 64):
            whole = shape(HEAD + "DEFG ABcd | " * count)[3]
            self.assertGreater(whole.bars, count)
            self.assertLessEqual(whole.bars, 64)


class PaceTests(unittest.TestCase):
    def test_it_goes_on_at_the_pace_of_the_dance_it_sounds_like(self):
        told, untold = (
            Brief("", Conditions(bars=32), given=Given(abc, "continue")) for abc in (KESH, KESH.replace("R:jig\n", ""))
        )
        self.assertEqual(settled_given(untold).tempo_qpm, settled_given(told).tempo_qpm)
        self.assertGreater(settled_given(untold).tempo_qpm, 140)
        self.assertIsNone(settled_given(untold).rhythm, "nobody is told what to call their tune")


class BarTests(unittest.TestCase):
    def test_it_closes_repeats_as_the_form_says(self):
        lines = [sign for sign in signs(OPENING) if sign != "|"]
        self.assertEqual(lines, [":||:", ":|"])
        self.assertEqual([sign for sign in signs(A_PART) if sign != "|"], [":||:", ":|"])
        self.assertEqual([sign for sign in signs(HEAD + "DEFG ABcd | " * 4, form="AB", bars=16) if sign != "|"],
                         ["||", "|]"])  # fmt: skip

    def test_it_keeps_the_notes_of_the_opening_to_the_letter(self):
        for abc in (OPENING, BROKEN_OFF, A_PART, KESH, ENDINGS):
            _, given, *_ = shape(abc)
            whole = bars_of(abc)
            self.assertEqual([bar.ids for bar in whole[: len(given)]], [bar.ids for bar in given])
            self.assertTrue(all(bar.free and not bar.ids for bar in whole[len(given) :]))

    def test_it_leaves_room_for_the_pickup_that_follows_a_part(self):
        whole = bars_of(OPENING)
        closers = [bar.length for bar in whole if bar.at_seam]
        self.assertEqual(closers, [Fraction(5), Fraction(5)])
        self.assertEqual([bar.length for bar in whole if bar.is_pickup], [Fraction(1), Fraction(1)])

    def test_it_completes_the_bar_that_the_opening_broke_off_in(self):
        bar = bars_of(BROKEN_OFF)[1]
        self.assertEqual((bar.length, bar.free, bar.begun, bar.number), (Fraction(8), True, len(bar.ids), 1))

    def test_it_numbers_every_bar_once(self):
        for abc in (OPENING, BROKEN_OFF, A_PART, KESH, HEAD + "D8"):
            numbers = [bar.number for bar in bars_of(abc) if bar.number is not None]
            self.assertEqual(numbers, list(range(shape(abc)[3].bars)))

    def test_it_brings_back_the_part_that_returns_but_for_its_last_bar(self):
        whole = bars_of(A_PART, bars=24, form="AABA")
        returning = [bar for bar in whole if bar.part == 2]
        self.assertEqual([bar.like for bar in returning], [0, 1, 2, 3, 4, 5, 6, None])

    def test_it_goes_on_after_a_second_ending(self):
        first = ENDINGS.split('|: "G"')[0].rstrip() + "\n"
        whole = bars_of(first)
        self.assertEqual(sum(bar.number is not None for bar in whole), 10)
        body = "".join(V.value(sign) for bar in whole for sign in bar.signs)
        self.assertNotIn("::", body)
        self.assertTrue(parse("|: D8 |1 D8 :|2 D8 |]", meter="4/4", key="D").symbols)
