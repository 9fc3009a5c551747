"""What the Boltzmann machine of chords learns from: chords in notes and back, tunes and progressions as rolls."""

from __future__ import annotations

import tempfile
from pathlib import Path
from unittest import TestCase

import numpy as np

from generator.brief import BriefError
from generator.chords_above import with_chords
from generator.composers.rbm_corpus import chord_of, feeling_of, halves_of, loops_of, published_rolls
from generator.composers.rbm_roll import Chord, likeliest, middle_of, nearest, playable, row_of, runs
from generator.encoding import Tune
from generator.harmony import MODE_STEPS, is_playable
from generator.notation import parse

CHORDED = '"D"DFA "G"GBG|"A"ABA "D"F2D|"D"d2f "G"gfe|"A"edc "D"d3|'


class ChordTest(TestCase):
    def test_each_chord_is_found_again_in_its_notes(self):
        for chord in playable():
            chances = row_of(chord.notes, 36, 72) * 0.8 + 0.1
            self.assertEqual(likeliest(chances, 36), chord)
            self.assertTrue(is_playable(chord.name("Eb")), chord)

    def test_it_names_what_sounds_in_a_bar(self):
        weights = np.zeros(12)
        weights[[2, 5, 9]] = 4  # D, F, A
        weights[0] = 0.5
        self.assertEqual(nearest(weights, 2).name("C"), "Dm")

    def test_a_struck_note_begins_anew(self):
        roll = np.zeros((4, 2, 2), np.uint8)
        roll[0:4, 0, 0] = 1
        roll[[0, 2], 1, 0] = 1
        self.assertEqual(sorted(runs(roll, 60)), [(0, 2, 60), (2, 2, 60)])

    def test_it_reads_the_numerals_of_the_progressions(self):
        major, minor = MODE_STEPS["major"], MODE_STEPS["minor"]
        read = {
            "I": "C", "bVIIM": "Bb", "ivm6": "Fm", "Idom7": "C7", "I7": "Cmaj7", "V7": "G7", "ii7": "Dm7",
            "iim7": "Dm7", "vdim": "Gdim", "Vsus2": "Gsus4", "IM-5": "C", "bVIM7": "Abmaj7", "viadd9": "Am",
        }  # fmt: skip
        for numeral, name in read.items():
            self.assertEqual(chord_of(numeral, major).name("C"), name, numeral)
        self.assertEqual(
            [chord_of(numeral, minor).name("C") for numeral in ("VII", "VI7", "v7")], ["Bb", "Abmaj7", "Gm7"]
        )

    def test_symbols_stand_over_bars_and_over_their_middles(self):
        lines = ["K:C\n", "[V:1] [CEG]8 [=FAc]8 | c4z12 |\n", "[V:2] C,16 | F,16 |\n", "[V:1] z16 |]\n"]
        told = "".join(with_chords(iter(lines), ("C,F/A", "Am,G", "C"), 8))
        wanted = '[V:1] "C"[CEG]8 "F/A"[=FAc]8 | "Am"c4"G"z12 |\n'
        # Where no note begins in the middle, the second symbol waits for none.
        self.assertIn(wanted.replace('"G"z12', "z12"), told)
        self.assertTrue(told.endswith('[V:1] "C"z16 |]\n'))


class CorpusTest(TestCase):
    def test_it_hears_the_halves_of_a_tune(self):
        [part] = halves_of(parse(CHORDED, meter="6/8", key="D"))
        names = [(first.chord.name("D"), second.chord.name("D")) for first, second in part]
        self.assertEqual(names, [("D", "G"), ("A", "D"), ("D", "G"), ("A", "D")])
        self.assertTrue(all(first.struck and second.struck for first, second in part))

    def test_the_middle_of_a_bar_is_on_a_beat(self):
        self.assertEqual([middle_of(meter) for meter in ("4/4", "3/4", "6/8", "9/8", "2/4")], [4, 4, 3, 6, 2])

    def test_a_glad_mode_and_many_notes_read_as_glad_and_lively(self):
        jig = Tune(parse(CHORDED, meter="6/8", key="D"), "jig", "irish")
        air = Tune(parse('"Am"A3|"Dm"D3|"Em"E3|"Am"A3|', meter="3/8", key="Am"), "air", "irish")
        (glad, lively), (sad, calm) = feeling_of(jig), feeling_of(air)
        self.assertTrue(glad > 0 > sad, (glad, sad))
        self.assertTrue(lively > 0 > calm, (lively, calm))

    def test_windows_are_sixteenths_struck_on_the_beat(self):
        tune = Tune(parse(CHORDED, meter="6/8", key="D"), "jig", "irish")
        rolls = published_rolls([tune], [], steps=15, low=24, high=102).reshape(-1, 15, 2, 78)
        self.assertEqual(len(rolls), 4 * 12 // 15)
        self.assertEqual(rolls[0, :, 1].any(1).nonzero()[0].tolist(), [0, 6, 12])
        self.assertEqual(set(np.flatnonzero(rolls[0, 0, 0]) + 24), set(Chord(2, "", 2).notes))

    def test_it_refuses_a_file_without_progressions(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "moods.json"
            for text in ("{", "[1]", '[{"roman": ["I"]}]', '[{"mode": "maj", "roman": ["Q"], "moods": ["Sad"]}]'):
                path.write_text(text)
                with self.assertRaises(BriefError):
                    loops_of(path)
