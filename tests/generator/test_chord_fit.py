"""Strong-beat notes against the chord that sounds under them."""

import unittest
from fractions import Fraction

from generator.chord_fit import fit_of, share_on_chord, strong_notes
from generator.notation import ChordSymbol, Rest, Score, parse


def fit(body: str, *, meter: str = "4/4", key: str = "C") -> float:
    return fit_of(parse(body, meter=meter, key=key, unit="1/8"))


class FitTests(unittest.TestCase):
    def test_it_gives_nothing_for_a_tune_without_chords_or_notes(self):
        self.assertEqual(fit("CDEF GABc|]"), 0.0)
        self.assertEqual(fit_of(Score("4/4", "C", (ChordSymbol("C"), Rest(Fraction(8))))), 0.0)
        self.assertEqual(fit_of(Score("4/4", "C", ())), 0.0)

    def test_it_counts_notes_that_begin_on_strong_beats(self):
        self.assertEqual(fit('"C"CDDDEDDD|]'), 1.0)
        self.assertEqual(fit('"C"CDDDDDDD|]'), 0.5)
        self.assertEqual(fit('"C"D8|]'), 0.0)
        self.assertEqual(fit('"Am"ABBABB|]', meter="6/8", key="Am"), 1.0)
        self.assertEqual(fit('"D7"CFAc|]', meter="2/4"), 1.0)

    def test_it_hears_a_chord_until_the_next_one(self):
        self.assertEqual(fit('"C"C4"G7"F4|G4B4|]'), 1.0)
        self.assertEqual(fit('"C"C4F4|"F"F4C4|]'), 0.75)

    def test_it_leaves_pickups_and_second_endings_out(self):
        tune = parse('D2|"C"C4E4|"G"D6|]', meter="4/4", key="C", unit="1/8")
        self.assertEqual([chord for _, _, chord in strong_notes(tune)], ["C", "C", "G"])

    def test_it_knows_accidentals_and_slash_chords(self):
        self.assertEqual(fit('"A"^C8|]'), 1.0)
        self.assertEqual(fit('"C/D"D8|]'), 1.0)

    def test_it_reads_a_whole_tune(self):
        self.assertEqual(share_on_chord('X:1\nT:a: b\nM:4/4\nL:1/8\nQ:1/4=90\nK:Am\n"Am"A4c4 |\nA :|\n'), 1.0)
