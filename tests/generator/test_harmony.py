"""Roman numerals to chords, laid over the written bars of a form."""

import itertools
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import symusic

from generator.brief import FORMS, MAX_BARS, MIN_BARS, MODES, TONICS
from generator.harmony import (
    MODE_STEPS,
    chord_name,
    chord_tones,
    fit_to_mode,
    lay_chords,
    parse_chord,
    part_lengths,
    pitch_class,
    signature,
    written_parts,
)
from generator.prompts.styles import styles

ABC2MIDI = Path(symusic.__file__).parent / "bin" / "abc2midi"


class ParseChordTests(unittest.TestCase):
    def test_it_refuses_chords_that_nobody_plays(self):
        for symbol in ("", "H", "Cadd9", "Cmaj7#11", "c", "C/", "Cm7b5", "C E", "D♭", "Gsus2", "A6", "N.C."):
            with self.subTest(symbol), self.assertRaises(ValueError):
                parse_chord(symbol)

    def test_it_reads_root_quality_and_bass(self):
        self.assertEqual(parse_chord("F#m7/C#"), (6, "m7", 1))
        self.assertEqual(parse_chord("Bb"), (10, "", 10))
        self.assertEqual(parse_chord("Gsus4"), (7, "sus4", 7))

    def test_it_names_the_tones_with_the_bass(self):
        self.assertEqual(chord_tones("Dm"), {2, 5, 9})
        self.assertEqual(chord_tones("Bdim"), {11, 2, 5})
        self.assertEqual(chord_tones("C/Bb"), {0, 4, 7, 10})


class ChordNameTests(unittest.TestCase):
    def test_it_spells_by_the_letter_of_the_degree(self):
        self.assertEqual(chord_name("bVII", "D", "mixolydian"), "C")
        self.assertEqual(chord_name("VI", "D", "minor"), "Bb")
        self.assertEqual(chord_name("bII", "E", "phrygian"), "F")
        self.assertEqual(chord_name("iii", "A", "major"), "C#m")
        self.assertEqual(chord_name("IV", "Eb", "major"), "Ab")

    def test_it_reduces_rich_colours(self):
        self.assertEqual(chord_name("I(add9)", "D", "major"), "D")
        self.assertEqual(chord_name("IV(#11)", "D", "major"), "G")
        self.assertEqual(chord_name("IV(maj7)", "D", "major"), "Gmaj7")
        self.assertEqual(chord_name("vi7", "D", "major"), "Bm7")
        self.assertEqual(chord_name("V(sus4)", "D", "major"), "Asus4")

    def test_it_counts_sharps_and_flats_with_the_mode(self):
        self.assertEqual(signature("D", "major"), 2)
        self.assertEqual(signature("E", "dorian"), 2)
        self.assertEqual(signature("G", "minor"), -2)
        self.assertEqual(signature("F#", "minor"), 3)


class FormTests(unittest.TestCase):
    def test_it_shares_out_every_bar_count_of_every_form(self):
        for form, bars in itertools.product(FORMS, range(MIN_BARS, MAX_BARS + 1)):
            lengths = part_lengths(form, bars)
            letters = [letter for letter, _ in written_parts(form)]
            self.assertEqual(sum(lengths), bars, (form, bars))
            self.assertTrue(all(length > 0 for length in lengths), (form, bars))
            of_a = {length for letter, length in zip(letters, lengths, strict=True) if letter == "A"}
            self.assertEqual(len(of_a), 1, (form, bars))

    def test_it_keeps_phrases_in_fours_where_it_can(self):
        self.assertEqual(part_lengths("AABB", 16), (8, 8))
        self.assertEqual(part_lengths("AABA", 24), (8, 8, 8))
        self.assertEqual(part_lengths("AABB", 20), (8, 12))
        self.assertEqual(part_lengths("ABAC", 32), (8, 8, 8, 8))


class LayChordsTests(unittest.TestCase):
    def test_it_ends_each_part_on_the_tonic_after_the_dominant(self):
        laid = lay_chords(["I", "IV", "vi", "ii"], tonic="D", mode="major", parts=(8, 8))
        self.assertEqual((laid[6:8], laid[14:16]), (("A", "D"), ("A", "D")))

    def test_it_ends_by_the_flat_seventh_where_the_style_wants_it(self):
        bold = lay_chords(["I", "bVII", "IV", "I"], tonic="D", mode="mixolydian", parts=(8,), style="bold")
        self.assertEqual(bold[-2:], ("C", "D"))
        longing = lay_chords(["i", "VII", "VI", "VII"], tonic="A", mode="minor", parts=(8,), style="longing")
        self.assertEqual(longing[-2:], ("G", "Am"))
        lament = lay_chords(["i", "iv", "i", "v"], tonic="A", mode="minor", parts=(8,), style="lament")
        self.assertEqual(lament[-2:], ("E", "Am"))

    def test_it_gives_like_parts_like_chords(self):
        laid = lay_chords(
            ["I", "V", "vi", "IV"], tonic="G", mode="major", parts=(4, 4, 4), second=["IV", "I", "ii", "V"], form="AABA"
        )
        self.assertEqual(laid[:4], laid[8:])
        self.assertNotEqual(laid[:4], laid[4:8])

    def test_it_takes_parts_of_one_and_two_bars(self):
        laid = lay_chords(["I", "V", "vi", "IV"], tonic="G", mode="major", parts=(1, 2))
        self.assertEqual(laid, ("G", "D", "G"))

    def test_it_turns_a_loop_of_the_relative_major(self):
        self.assertEqual(fit_to_mode(["vi", "IV", "I", "V"], "minor"), ("i", "VI", "III", "VII"))

    def test_every_style_fits_every_mode_and_key(self):
        for style, mode, tonic in itertools.product(styles().values(), MODES, TONICS):
            for progression in style.progressions:
                laid = lay_chords(progression, tonic=tonic, mode=mode, parts=(8, 8), style=style.name)
                for symbol in laid:
                    parse_chord(symbol)
                self.assertEqual(parse_chord(laid[7])[0], pitch_class(tonic))
                self.assertEqual(laid[7], laid[15])

    def test_nearly_all_roots_lie_in_the_mode(self):
        foreign = set()
        for style, mode in itertools.product(styles().values(), MODES):
            scale = set(MODE_STEPS[mode])
            for progression in style.progressions:
                laid = lay_chords(progression, tonic="C", mode=mode, parts=(8,), style=style.name)
                foreign |= {(mode, symbol) for symbol in laid if parse_chord(symbol)[0] not in scale}
        self.assertEqual(foreign, {("minor", "Db")})  # the tense style's Neapolitan chord

    def test_abc2midi_plays_every_chord_that_is_written(self):
        symbols = sorted(
            {
                symbol
                for style, mode, tonic in itertools.product(styles().values(), MODES, TONICS)
                for progression in style.progressions
                for symbol in lay_chords(progression, tonic=tonic, mode=mode, parts=(8,), style=style.name)
            }
        )
        body = "|".join(f'"{symbol}"C8' for symbol in symbols)
        said = _abc2midi(f"X:1\nT:chords\nM:4/4\nL:1/8\nK:C\n{body}|\n")
        self.assertFalse(re.findall(r"(?i)error|warning|unknown|not recogni[sz]ed|unrecogni[sz]ed", said), said)
        self.assertIn("unrecognized", _abc2midi('X:1\nT:x\nM:4/4\nL:1/8\nK:C\n"Czz9"C8|\n').lower())


def _abc2midi(abc: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "chords.abc"
        source.write_text(abc, encoding="utf-8")
        done = subprocess.run(
            [ABC2MIDI, source, "-o", Path(folder) / "chords.mid"], capture_output=True, text=True, check=False
        )
    return done.stdout + done.stderr
