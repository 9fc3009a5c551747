"""One setting for every tune, and the books' tunes that can stand beside ours."""

from __future__ import annotations

from itertools import islice
from unittest import TestCase

from generator import Brief, BriefError, Piece, compose, conditions_from_dict, has_chords, public_domain_tunes, unnamed
from generator.given.reading import read_tune
from generator.known_tunes import COLLECTIONS, is_well_formed
from generator.notation import NotationError, parse, sounding
from generator.structure import bar_count, form_of, open_repeats, wrong_bars

HEAD = "X:7\nT:The Fox's Wake\nC:Somebody\nR:reel\n% from a book\nM:4/4\nL:1/8\nQ:1/4=90\nK:D\n"
BAR = "DFAd fdAF|"


def body_of(abc: str) -> str:
    return abc.split("\nK:")[1].split("\n", 1)[1].strip()


class UnnamedTests(TestCase):
    def test_it_tells_no_name_no_maker_no_dance_and_no_number(self):
        told = unnamed(HEAD + BAR * 8, tempo_qpm=100, chords=False)
        self.assertTrue(told.startswith("X:1\nM:4/4\nL:1/8\nQ:1/4=100\nK:D\n"), told)
        for secret in ("Fox", "Somebody", "reel", "book", "X:7", "=90"):
            self.assertNotIn(secret, told)

    def test_it_writes_the_same_music_in_the_same_letters_however_it_was_laid_out(self):
        written = (
            "|:" + BAR * 4 + "DFAd d4:|\n|:" + BAR * 4 + "DFAd d4:|",
            BAR * 4 + "DFAd d4::" + BAR * 4 + "DFAd d4:|",
            (BAR * 4).replace("|", " |\n") + "DF Ad d4 :|\n |: " + BAR * 4 + "D F A d d4 :|]",
        )
        self.assertEqual(len({unnamed(HEAD + body, tempo_qpm=90, chords=False) for body in written}), 1)

    def test_it_keeps_first_and_second_endings_and_closes_what_is_not_repeated_in_one_way(self):
        told = unnamed(HEAD + BAR * 3 + "|1 DFAd d4:|2 DFAd D4||" + BAR * 4 + "|", tempo_qpm=90, chords=False)
        self.assertTrue(body_of(told).startswith("|: DFAd"), told)
        self.assertIn("|1", told)
        self.assertIn(":|2", told)
        self.assertTrue(told.rstrip().endswith("|]"), told)
        self.assertEqual(open_repeats(read_tune(told).score), 0)

    def test_it_keeps_every_note_of_what_our_composers_write(self):
        for seed, composer in enumerate(("transformer", "folkrnn") * 3):
            with self.subTest(seed=seed, composer=composer):
                abc = piece(seed, composer).abc
                for chords in (True, False):
                    told = unnamed(abc, tempo_qpm=100, chords=chords)
                    was, now = read_tune(abc).score, read_tune(told).score
                    self.assertEqual(sounding(was.without_chords()), sounding(now.without_chords()))
                    self.assertEqual(form_of(was), form_of(now))
                    self.assertEqual(has_chords(told), chords)

    def test_it_keeps_the_chords_where_they_stand(self):
        abc = piece(4, "transformer").abc
        chords = [read_tune(text).score.symbols for text in (abc, unnamed(abc, tempo_qpm=100, chords=True))]
        was, now = ([s for s in symbols if type(s).__name__ in ("Note", "ChordSymbol")] for symbols in chords)
        self.assertEqual(was, now)

    def test_it_refuses_what_is_no_tune(self):
        for text in ("", "no tune", HEAD + "V:2\n", HEAD, HEAD + "||||"):
            with self.subTest(text=text), self.assertRaises((BriefError, NotationError)):
                unnamed(text, tempo_qpm=100, chords=False)


class PublicDomainTests(TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tunes = list(islice(public_domain_tunes(), 80))

    def test_they_are_as_right_as_ours_and_can_be_asked_of_a_composer(self):
        self.assertEqual(len(self.tunes), 80)
        for tune in self.tunes:
            with self.subTest(title=tune.title):
                score = read_tune(tune.abc).score
                self.assertTrue(16 <= bar_count(score) <= 32)
                self.assertEqual((wrong_bars(score), open_repeats(score)), ([], 0))
                self.assertEqual(conditions_from_dict(tune.conditions.as_dict()), tune.conditions)
                self.assertEqual(score.meter, tune.conditions.meter)

    def test_they_say_where_they_come_from_outside_the_music_alone(self):
        for tune in self.tunes:
            self.assertIn(tune.source, COLLECTIONS.values())
            self.assertTrue(tune.title)
            self.assertFalse(tune.title.isupper(), tune.title)
            self.assertRegex(tune.abc, r"\AX:1\nM:\S+\nL:1/8\nQ:\S+\nK:\S+\n[^A-Z%]*[^%]*\Z")
            self.assertNotIn(tune.title, tune.abc)
            self.assertNotIn('"', tune.abc)

    def test_one_with_a_fault_is_left_out(self):
        good = "|:" + "DEFG ABcd|" * 7 + "D8:|" + "|:" + "dcBA GFED|" * 7 + "D8:|"
        self.assertTrue(is_well_formed(parse(good, meter="4/4", key="D")))
        for bad in (
            good.replace("D8:|", "D7:|", 1),
            good.replace("D8", "E8"),
            good.replace("DEFG", "D,,EFG"),
            good[:80],
        ):
            self.assertFalse(is_well_formed(parse(bad, meter="4/4", key="D")), bad)
        self.assertFalse(is_well_formed(parse(good, meter="4/4", key="F#")))


def piece(seed: int, composer: str) -> Piece:
    conditions = conditions_from_dict({"bars": 16})
    events = compose(Brief(prompt="a song of the harvest", seed=seed, composer=composer, conditions=conditions))
    return next(event for event in events if isinstance(event, Piece))
