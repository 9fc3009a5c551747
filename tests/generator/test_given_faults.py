"""Music that cannot be worked with is refused before anything is written: one sentence each, in the right field."""

import unittest
from dataclasses import replace

from generator.brief import Brief, BriefError, Conditions, Given
from generator.given.chording import harmonise
from generator.given.reading import read_tune
from generator.validation import check_brief
from tests.generator.own_music import BAD, BAD_FOR_TASKS, BAR, BROKEN_OFF, ENDINGS, HEAD, KESH, OPENING, SAD_ENDING

SENTENCE = r"\A[A-Z'][^\n]{8,220}[.!]\Z"


class FaultTests(unittest.TestCase):
    def assert_refused(self, brief: Brief, field: str, told: str = "") -> None:
        with self.assertRaises(BriefError) as refused:
            check_brief(brief)
        self.assertEqual(list(refused.exception.fields), [field])
        self.assertRegex(refused.exception.fields[field], SENTENCE)
        self.assertIn(told, refused.exception.fields[field])

    def test_it_refuses_bad_music_in_every_task(self):
        for abc, told in (BAD | BAD_FOR_TASKS).items():
            for given in (Given(abc, "vary"), Given(abc, "fill", bars=(2,))):
                with self.subTest(given.task, abc=abc[:60]):
                    self.assert_refused(Brief("", given=given), "abc", told)

    def test_it_refuses_a_bad_opening_too_but_not_a_short_one(self):
        for abc, told in (BAD | BAD_FOR_TASKS).items():
            if told != "2 bars":
                with self.subTest(abc[:60]):
                    self.assert_refused(Brief("", given=Given(abc, "continue")), "abc", told)
        check_brief(Brief("", given=Given(HEAD + BAR * 2, "continue")))
        self.assert_refused(Brief("", given=Given(HEAD + "D8|", "continue")), "abc", "two notes")

    def test_it_refuses_to_harmonise_bad_music(self):
        for abc, told in BAD.items():
            with self.subTest(abc[:60]), self.assertRaises(BriefError) as refused:
                harmonise(abc)
            self.assertIn(told, refused.exception.fields["abc"])

    def test_it_refuses_a_style_that_is_none(self):
        with self.assertRaises(BriefError) as refused:
            harmonise(KESH, "grunge")
        self.assertEqual(list(refused.exception.fields), ["style"])

    def test_it_takes_good_music_without_a_word_of_prompt(self):
        for abc in (KESH, ENDINGS, SAD_ENDING):
            check_brief(Brief("", given=Given(abc, "vary")))
            check_brief(Brief(" ", given=Given(abc, "fill", bars=(3, 4))))
        for abc in (OPENING, BROKEN_OFF):
            check_brief(Brief("", given=Given(abc, "continue")))
        self.assert_refused(Brief(""), "prompt")
        self.assert_refused(Brief("🎉", given=Given(KESH, "vary")), "prompt")

    def test_it_refuses_a_task_that_is_none(self):
        self.assert_refused(Brief("", given=Given(KESH, "improve")), "task", "continue, vary, fill")

    def test_it_refuses_bars_that_the_tune_has_not_and_all_that_it_has(self):
        for bars, told in (((), "5-8"), ((0,), "bar 0"), ((17,), "bar 17"), ((-1, 2), "bar -1"),
                           (tuple(range(1, 17)), "All bars"), ((True,), "whole"), ((1.5,), "whole")):  # fmt: skip
            with self.subTest(bars):
                self.assert_refused(Brief("", given=Given(KESH, "fill", bars=bars)), "bars", told)

    def test_it_refuses_strengths_out_of_range(self):
        for strength in (-0.1, 1.1, float("nan"), True, None, "half"):
            with self.subTest(strength):
                self.assert_refused(Brief("", given=Given(KESH, "vary", strength=strength)), "strength", "0 to 1")

    def test_it_refuses_an_opening_that_fills_the_bars_asked_for(self):
        for bars in (4, 8, 16):
            with self.subTest(bars):
                brief = Brief("", Conditions(bars=bars), given=Given(KESH, "continue"))
                self.assert_refused(brief, "bars", f"already fills the {bars} bars")

    def test_it_refuses_a_form_that_the_opening_has_not(self):
        given = Given(KESH.split("|: B2")[0], "continue")
        self.assert_refused(Brief("", Conditions(form="AB"), given=given), "form", "AB")
        check_brief(Brief("", Conditions(form="AABB"), given=given))
        self.assert_refused(Brief("", Conditions(form="AABB", bars=64), given=given), "form")

    def test_it_refuses_wishes_that_the_music_contradicts(self):
        for field, value in (("key", "D"), ("mode", "minor"), ("rhythm", "reel"), ("meter", "9/8"), ("bars", 32)):
            wish = Conditions(**{field: value})
            with self.subTest(field):
                self.assert_refused(Brief("", wish, given=Given(KESH, "vary")), field)
        same = Conditions(key="G", mode="major", meter="6/8", bars=16, rhythm="jig")
        check_brief(Brief("", same, given=Given(KESH, "vary")))


class ReadingTests(unittest.TestCase):
    def test_it_reads_what_stands_in_the_header(self):
        tune = read_tune("X:1\nT: My tune % mine\nR: jig\nQ:3/8=120\nM:6/8\nK:Ador\n" + "A3 A3 |" * 4)
        self.assertEqual((tune.title, tune.rhythm, tune.tempo_qpm, tune.closed), ("My tune", "jig", 180, True))
        self.assertEqual((tune.score.meter, tune.score.key), ("6/8", "Ador"))
        self.assertFalse(read_tune(BROKEN_OFF).closed)

    def test_it_reads_an_only_voice(self):
        self.assertEqual(read_tune("M:4/4\nK:D\nV:1 name=fiddle\n" + BAR * 4).score,
                         read_tune("M:4/4\nK:D\n" + BAR * 4).score)  # fmt: skip

    def test_it_takes_remarks_for_no_chords(self):
        read_tune(HEAD + '"^slow"D8 | "Fine"D8 | "Am6"D8 | "F#m7b5"D8 | "D/F#"D8 |]')

    def test_it_takes_no_tempo_from_words(self):
        for line in ("Q:lively", "Q:1/0=120", "Q:9999", 'Q:"Andante"'):
            self.assertIsNone(read_tune(HEAD.replace("K:", line + "\nK:") + BAR * 4).tempo_qpm)

    def test_it_reads_a_hostile_text_in_no_time(self):
        for abc in ("[" * 19_000, '"' * 19_000, "(3" * 9_000, "{" * 19_000, "!" * 19_000, "A/" * 9_000):
            with self.subTest(abc[:4]), self.assertRaises(BriefError):
                read_tune(HEAD + abc)
                check_brief(replace(Brief(""), given=Given(HEAD + abc, "vary")))
