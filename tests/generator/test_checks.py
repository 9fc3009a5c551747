"""What must be true of a piece that is kept, each check with a tune that fails it."""

import json
import unittest
from fractions import Fraction

from generator.brief import Conditions
from generator.checks import (
    bars_asked,
    bars_right,
    checked,
    chorded,
    ends_on_tonic,
    form_asked,
    in_key,
    in_range,
    meter_asked,
    novel,
    repeats_closed,
    varied,
)
from generator.notation import Bar, Rest, Score, parse
from generator.novelty import KnownTune, TuneIndex

A = "CDEFGABc|dcBAGFED|EGcGEGcG|ABcBA2G2"
B = "c2e2g2e2|f2a2g2f2|efedc2G2|GABdc4"
EMPTY = TuneIndex.built([])


def score(body: str, *, meter: str = "4/4", key: str = "C") -> Score:
    return parse(body, meter=meter, key=key, unit="1/8")


class CheckTests(unittest.TestCase):
    def assert_verdicts(self, check, good: Score, *bad: Score) -> None:
        self.assertTrue(check(good).ok, good.body)
        for one in bad:
            self.assertFalse(check(one).ok, one.body)

    def test_it_minds_bars_of_the_wrong_length(self):
        self.assert_verdicts(bars_right, score(f"|:{A}:||:{B}:|"), score("C8|D7|E8|]"), score("C8|D9|E8|]"))
        self.assertEqual(bars_right(score("C8|D7|E8|F8|]")).value, 0.75)

    def test_it_takes_a_pickup_that_the_last_bar_completes(self):
        self.assert_verdicts(bars_right, score("G2|C8|D8|E6|]"), score("G2|C8|D8|E5|]"))

    def test_it_minds_repeats_that_nobody_closes(self):
        self.assert_verdicts(repeats_closed, score("|:C8|D8:|"), score("|:C8|D8|]"), score("|:C8|1D8:|"))

    def test_it_counts_the_bars_asked_for(self):
        tune = score("|:C8|D8|E8|1F8:|2G8|]")
        self.assertTrue(bars_asked(tune, 4).ok)
        self.assertFalse(bars_asked(tune, 5).ok)
        self.assertEqual((bars_asked(tune, None).ok, bars_asked(tune, None).value), (True, 4))

    def test_it_minds_another_meter_and_one_that_changes(self):
        changing = score("C8|[M:3/4]D6|]")
        self.assertTrue(meter_asked(score("C8|]"), "4/4").ok)
        self.assertFalse(meter_asked(score("C8|]"), "2/2").ok)
        self.assertFalse(meter_asked(changing, "4/4").ok)
        self.assertTrue(meter_asked(changing, None).ok)

    def test_it_minds_notes_outside_g3_to_b5(self):
        self.assert_verdicts(in_range, score("G,4b4|]"), score("F,8|]"), score("c'8|]"), score("^b8|]"))
        self.assertEqual(in_range(score("G,4b4|]")).value, [55, 83])

    def test_it_minds_many_notes_outside_the_key(self):
        self.assert_verdicts(in_key, score("CDEFGABc|]"), score("C^CD^DE=F^FG|]"))
        self.assertEqual(in_key(score("^FGAB|]", meter="2/4")).value, 0.75)

    def test_it_minds_another_last_note_than_the_tonic(self):
        self.assert_verdicts(ends_on_tonic, score("G4C4|]"), score("C4G4|]"), score("C4^C4|]"))
        self.assertTrue(ends_on_tonic(score("B4e4|]", key="Em")).ok)

    def test_it_minds_bars_without_a_chord(self):
        tune = score("C8|D8|]")
        self.assertTrue(chorded(tune, ("C", "G")).ok)
        self.assertFalse(chorded(tune, ("C",)).ok)
        self.assertFalse(chorded(tune, ("C", "G", "C")).ok)
        self.assertTrue(chorded(tune, None).ok)

    def test_it_minds_a_stuck_note_a_stuck_bar_few_pitches_and_many_rests(self):
        self.assert_verdicts(
            varied,
            score(f"{A}|{B}|]"),
            score("CCCCCCCC|CDEFGABc|]"),
            score("CDEFGABc|" * 7 + "GABdc4|]"),
            score("CDECDECD|ECDECDEC|]"),
            score("Cz3Dz3|Ez3Gz3|A4c4|]"),
        )

    def test_it_minds_parts_that_are_not_the_form(self):
        self.assertTrue(form_asked(score(f"|:{A}:||:{B}:|"), "AABB").ok)
        self.assertFalse(form_asked(score(f"|:{A}:||:{A}:|"), "AABB").ok)
        self.assertTrue(form_asked(score(f"|:{A}:|{B}||{A}|]"), "AABA").ok)
        self.assertFalse(form_asked(score(f"|:{A}:|{B}||{B}|]"), "AABA").ok)
        self.assertTrue(form_asked(score(f"|:{A}:||:{A}:|"), None).ok)

    def test_it_minds_a_tune_that_stands_in_the_training_tunes(self):
        tune = score(f"|:{A}:||:{B}:|")
        self.assertTrue(novel(tune, EMPTY).ok)
        copied = novel(tune, TuneIndex.built([(tune, KnownTune("The Known", "a book", "1"))]))
        self.assertFalse(copied.ok)
        self.assertEqual((copied.value["title"], copied.value["source"], copied.value["share"]),
                         ("The Known", "a book", 1.0))  # fmt: skip


class CheckedTests(unittest.TestCase):
    def test_it_calls_a_good_tune_good(self):
        conditions = Conditions(meter="4/4", bars=8, form="AABB", chords=("C",) * 8)
        verdicts = checked(score(f"|:{A}:||:{B}:|"), conditions, EMPTY)
        self.assertEqual([name for name, check in verdicts.items() if not check.ok], [])

    def test_it_has_a_verdict_on_a_tune_without_notes(self):
        for symbols in ((), (Bar("|]"),), (Rest(Fraction(8)), Bar("|]")), (Bar("|:"),)):
            verdicts = checked(Score("4/4", "C", symbols), Conditions(bars=16, form="AABB"), EMPTY)
            self.assertFalse(verdicts["ends_on_tonic"].ok)
            self.assertFalse(verdicts["variety"].ok)

    def test_it_writes_values_that_json_can_hold(self):
        verdicts = checked(score(f"|:{A}:||:{B}:|"), Conditions(), EMPTY)
        json.dumps({name: [check.ok, check.value] for name, check in verdicts.items()}, allow_nan=False)
        self.assertTrue(all(isinstance(check.ok, bool) for check in verdicts.values()))
