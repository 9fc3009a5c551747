from fractions import Fraction
from unittest import TestCase

import numpy as np

from generator.brief import BriefError
from generator.measures.lines import longest_line, recalls, starts_on_one, turns
from generator.note_events import REST, START, WHATS, events_of, struck_of, transposed
from generator.notes_and_chords import read_windows, symbols_of
from generator.notes_and_chords import struck_of as half_beats_of
from generator.performance import HIGHEST, LOWEST, Struck
from tests.generator.keyboard_music import works


def note(onset: object, pitch: int, length: object = 1, loudness: int = 72) -> Struck:
    return Struck(Fraction(onset), Fraction(length), pitch, loudness)


class SymbolsTest(TestCase):
    def test_a_note_is_its_name_and_a_chord_its_normal_order(self) -> None:
        chord = [note(1, pitch) for pitch in (48, 67, 76)]
        self.assertEqual(symbols_of([note(0, 63), *chord, note(2, 66)]), ["E-4", "0.4.7", "F#4"])
        self.assertEqual(symbols_of([note(0, pitch) for pitch in (55, 60, 64, 70)]), ["4.7.10.0"])

    def test_a_chord_comes_back_in_the_octave_of_middle_c(self) -> None:
        self.assertEqual([n.pitch for n in half_beats_of(["4.7.11", "E-4"])], [64, 67, 71, 63])
        self.assertEqual([n.onset for n in half_beats_of(["C4", "C4"])], [0, Fraction(1, 2)])

    def test_rests_are_left_out_as_the_account_does_or_written_either_way(self) -> None:
        notes = [note(0, 60), note(2, 62)]
        self.assertEqual(symbols_of(notes), ["C4", "D4"])
        self.assertEqual(symbols_of(notes, "symbol"), ["C4", "rest", "rest", "D4"])
        self.assertEqual(symbols_of(notes, "inaudible"), ["C4", "C-1", "C-1", "D4"])

    def test_a_rest_is_silent_and_the_inaudible_note_is_not_written(self) -> None:
        self.assertEqual([n.onset for n in half_beats_of(["C4", "rest", "D4"])], [0, 1])
        self.assertEqual(half_beats_of(["C-1"])[0].pitch, 0)

    def test_windows_are_followed_by_the_symbol_that_follows(self) -> None:
        windows = read_windows(works(), works(2), window=10)
        seen, wanted = windows.batch(np.random.default_rng(1), 4)
        joined = "".join(map(chr, windows.lessons))
        for one, follows in zip(seen, wanted, strict=True):
            self.assertIn("".join(map(chr, [*one, follows])), joined)

    def test_too_short_pieces_are_refused(self) -> None:
        with self.assertRaises(BriefError):
            read_windows(works(), works(1, 5), window=10)


class EventsTest(TestCase):
    def test_events_tell_onsets_lengths_rests_and_loudness(self) -> None:
        notes = [note(0, 60, 2), note(0, 64, 1), note("1/3", 67, "1/3"), note(4, 50, 1, 104)]
        events = events_of(notes)
        self.assertEqual(int((events[:, 0] == REST).sum()), 1)
        self.assertEqual(struck_of(events), notes)

    def test_transposing_moves_every_note_and_no_rest(self) -> None:
        events = events_of([note(0, LOWEST), note(4, HIGHEST)])
        up = [n.pitch for n in struck_of(transposed(events, 3))]
        self.assertEqual(up, [LOWEST + 3, HIGHEST + 3 - 12])
        self.assertEqual(int((transposed(events, -3)[:, 0] == REST).sum()), 1)

    def test_numbers_stay_below_their_sizes(self) -> None:
        self.assertEqual((REST, START, WHATS), (73, 74, 75))


class LinesTest(TestCase):
    def test_it_knows_a_line_from_a_zigzag(self) -> None:
        self.assertEqual(turns([1, 2, 3, 3, 4, 5]), 0)
        self.assertEqual(turns([1, 2, 1, 2, 1]), 1)
        self.assertEqual(longest_line([1, 2, 3, 4, 2, 1]), 4)

    def test_it_knows_a_piece_that_holds_to_a_pattern(self) -> None:
        self.assertEqual(recalls(list("abcdefghij")), 0)
        self.assertGreater(recalls(list("abcd" * 8)), 0.8)
        self.assertEqual(recalls(["C4"] * 40), 0)

    def test_it_knows_a_start_on_one_symbol(self) -> None:
        self.assertTrue(starts_on_one(["C4"] * 32 + ["D4"]))
        self.assertFalse(starts_on_one(["C4"] * 31 + ["D4"]))
