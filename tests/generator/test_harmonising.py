"""Chords over any melody: where they stand, which they are, and that nothing else of the text moves."""

import re
import unittest
from fractions import Fraction

import numpy as np

from generator import compose, harmonise, style_names
from generator.accompanist import PLACES, Accompanist, chords_of, heard
from generator.brief import MODES, Brief, Given
from generator.chord_fit import share_on_chord
from generator.chord_ids import STATES
from generator.fit_accompanist import fitted, lesson, measured
from generator.given.bars import with_chords
from generator.given.chording import harmonised
from generator.harmony import chord_tones, is_playable, played_as
from generator.notation import parse
from generator.structure import bar_spans
from tests.generator.own_music import ENDINGS, KESH, SAD_ENDING

ORNATE = """X:3
T:Ornate "quoted" title
C:Trad.
R:reel
M:C|
L:1/8
K:Ador % a comment in the head
%%MIDI program 40
|: eA (3AAA g2 fg | "Xtra words" ~eA{g}AA "^slow" BGGf | "Am" eA .A(B c)d "G7"ef |
w: la la_la "not a chord"
!trill! g2 [eg]2 z2 ge | [1 dB"Em"GB A4 :| [2 dBGB A2 z2 |] % "C" stays
"""


def without_chords(text: str) -> str:
    return re.sub(r'"[A-G][^"^ ]*"', "", text)


class TextTests(unittest.TestCase):
    def test_it_keeps_all_but_the_chords_to_the_letter(self):
        for abc in (KESH, ENDINGS, SAD_ENDING, ORNATE):
            with self.subTest(abc[:20]):
                # Words that are read as no chord go with the chords: players would print them as one.
                bare = without_chords(abc.replace('"Xtra words" ', " "))
                self.assertEqual(without_chords(harmonise(abc)), bare)

    def test_it_puts_chords_before_ornaments_and_behind_grace_notes(self):
        out = harmonise(KESH.replace("|: G3", "|: ~G3").replace("edd gdd", "{g}edd gdd"))
        self.assertRegex(out, r'\|: "G"~G3')
        self.assertRegex(out, r'\{g\}"G"edd')

    def test_it_gives_the_same_again(self):
        for abc in (KESH, ENDINGS, ORNATE):
            self.assertEqual(harmonise(harmonise(abc)), harmonise(abc))

    def test_it_keeps_the_ends_of_lines_and_of_the_text(self):
        self.assertTrue(harmonise(KESH.rstrip("\n")).endswith(":|"))
        self.assertNotIn("\r", harmonise(KESH.replace("\n", "\r\n")))

    def test_it_sets_a_text_with_slips_anew(self):
        out = harmonise(SAD_ENDING.replace("=", "").replace("A2 c2 e2 |", "=3DA2 c2 e2 |", 1))
        self.assertIn('"Am"', out)


class ChordTests(unittest.TestCase):
    def test_it_finds_the_chords_that_anyone_would_play(self):
        self.assertEqual(harmonised(KESH).chords, ("G", "D", "G", "C,D", "G", "G,D", "G", "D,G",
                                                   "G", "C,G", "G", "D", "G", "C,G", "C,D", "G"))  # fmt: skip

    def test_it_sits_on_the_melody(self):
        self.assertGreater(share_on_chord(harmonise(KESH)), 0.85)
        self.assertEqual(harmonised(KESH).fit, round(share_on_chord(harmonise(KESH)), 4))

    def test_it_ends_on_the_tonic_in_every_mode(self):
        body = "d2 A2 F2 A2 | G2 A2 B2 c2 | d2 c2 A2 G2 | A2 D2 D4 |]"
        for mode in MODES:
            chords = chords_of(parse(body, meter="4/4", key="D" + {"major": "", "minor": "m"}.get(mode, mode[:3])))
            last = chords[-1][-1][1]
            self.assertEqual(last, "Dm" if mode in ("minor", "dorian", "phrygian") else "D")

    def test_it_writes_only_chords_that_can_be_played_in_every_style(self):
        score = parse(KESH.split("K:G\n")[1], meter="6/8", key="G", unit="1/8")
        for name in style_names():
            for laid in chords_of(score, _style(name)):
                self.assertTrue(all(is_playable(text) and chord_tones(text) for _, text in laid))

    def test_it_leans_toward_the_style_asked_for(self):
        plain, hopeful = harmonised(KESH), harmonised(KESH, "hopeful")  # of I V vi IV and IV I ii V
        self.assertNotIn("Am", ",".join(plain.chords))
        self.assertIn("Am", ",".join(hopeful.chords))
        self.assertGreater(hopeful.fit, 0.7)

    def test_it_comes_home_over_the_last_note_of_a_short_bar(self):
        abc = "M:3/4\nL:1/8\nK:Ab\nE2 | EE A2 E2 | FD E2 AA | df e2 cA | dc d2 c2 | df e2 cA | cA F2 EG |"
        abc += " AA d2 cA | BB A2 |]\n"
        self.assertTrue(harmonise(abc).rstrip().endswith('"Eb"BB "Ab"A2 |]'), harmonise(abc))
        *_, piece = compose(Brief("", given=Given(abc, "vary", strength=0.2)))
        self.assertRegex(piece.abc, r'"Ab"A2 \|\]\s*\Z')

    def test_it_leaves_pickups_without_a_chord(self):
        score = parse("A | d2 f2 a2 f2 | d6 |]", meter="4/4", key="D", unit="1/8")
        self.assertEqual(chords_of(score)[0], ())

    def test_it_hears_one_melody_in_one_way_in_every_key(self):
        body = "D2 F2 A2 d2 | e2 c2 A4 | B2 G2 E2 G2 | F2 E2 D4 |]"
        in_d = chords_of(parse(body, meter="4/4", key="D"))
        in_e = chords_of(parse(body.translate(str.maketrans("DFABGEdec", "EGBCAFefd")), meter="4/4", key="E"))
        roots = ["CDEFGAB".index(laid[0][1][0]) for laid in in_d]
        self.assertEqual([(root + 1) % 7 for root in roots], ["CDEFGAB".index(laid[0][1][0]) for laid in in_e])

    def test_it_takes_a_meter_that_it_never_heard(self):
        self.assertEqual(len(chords_of(parse("D5 | E5 | F5 | D5 |]", meter="5/8", key="D", unit="1/8"))), 4)


class SymbolTests(unittest.TestCase):
    def test_it_reduces_richer_colours(self):
        for symbol, plain in (("Am6", "Am"), ("G9", "G7"), ("F#m7b5", "F#dim"), ("C+", "C"), ("Bbmaj9", "Bbmaj7"),
                              ("D/F♯", "D/F#"), ("Esus", "Esus4"), ("Gdim7", "Gdim"), ("A-7", "Am7")):  # fmt: skip
            self.assertEqual(played_as(symbol), plain)

    def test_it_knows_no_other(self):
        for symbol in ("", "H", "Gfoo", "am", "D//F", "D/H", "G" * 50):
            self.assertIsNone(played_as(symbol))


class FittingTests(unittest.TestCase):
    def test_it_learns_what_people_played(self):
        score = parse(ENDINGS.split("K:Edor\n")[1], meter="4/4", key="Edor", unit="1/8")
        player = fitted([lesson(score)] * 60)
        found = measured(player, [score])
        self.assertGreater(found["first"], 0.85)
        self.assertLess(found["fit_shuffled"], found["fit_ours"])

    def test_it_learns_from_no_bar_before_the_first_chord(self):
        tune, states = lesson(parse('D8 | "D"D8 | "D"A8 | "G"G8 | A8 |]', meter="4/4", key="D", unit="1/8"))
        self.assertEqual((len(tune.features), states.tolist()), (4, [[0, 0], [0, 0], [20, 20], [20, 20]]))

    def test_it_tells_places_in_a_part(self):
        score = parse("|: A2 | " + "d8 | " * 7 + "d6 :|", meter="4/4", key="D", unit="1/8")
        names = [PLACES[place] for place in heard(score, bar_spans(score)).places]
        self.assertEqual(names, ["first", "middle", "before half", "half", "middle", "middle", "before last", "end"])

    def test_it_lets_a_bonus_win(self):
        score = parse("D8 | D8 | D8 | D8 |]", meter="4/4", key="D", unit="1/8")
        tune = heard(score, bar_spans(score))
        nothing = Accompanist(tuple(np.zeros(shape) for shape in ((tune.features.shape[1], 1), 1, (1, 96), 96)),
                              np.zeros((2, len(PLACES), STATES + 1, STATES)))  # fmt: skip
        bonus = np.zeros((STATES + 1, STATES))
        bonus[:, 20] = 1.0
        self.assertEqual(nothing.states(tune, tonics=[0], bonus=bonus)[:3], [(20, 20)] * 3)

    def test_it_puts_a_chord_before_the_tuplet_that_it_sounds_with(self):
        score = parse("(3DEF A2 d4 |", meter="4/4", key="D", unit="1/8")
        self.assertEqual(with_chords(score, [((Fraction(0), "D"), (Fraction(4), "G"))]).body, '"D"(3DEFA2"G"d4|')


def _style(name: str):
    from generator.prompts.styles import styles

    return styles()[name]
