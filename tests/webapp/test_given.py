"""Music that a tune starts from, as programs send it: what is refused, what becomes of the rest."""

from __future__ import annotations

from unittest import TestCase as PlainCase

from generator import Brief, BriefError, Given
from tests.builders import ABC, Person, a_gallery_tune, a_queued_tune, a_ready_tune
from tests.webapp.test_api import ApiCase
from webapp.tunes.abc_headers import conditions_in, title_in
from webapp.tunes.briefs import understood
from webapp.tunes.composing import brief_of
from webapp.tunes.givens import LONGEST_ABC, bars_in, given_from
from webapp.tunes.models import Tune

VARY = {"abc": ABC, "task": "vary"}


class RefusedGivenTest(ApiCase):
    def refused(self, given: object, *fields: str, **more: object) -> dict:
        with self.captureOnCommitCallbacks() as jobs:
            error = self.assert_error(self.send({"prompt": "", "given": given} | more), 400, *fields)
        self.assertEqual((Tune.objects.filter(given__task__isnull=False).count(), jobs), (0, []))
        return error

    def test_it_refuses_what_is_no_object(self) -> None:
        for given in ([], "X:1", 7, True, [VARY]):
            with self.subTest(str(given)):
                self.refused(given, "given")

    def test_it_refuses_music_that_is_none(self) -> None:
        for abc in (None, "", " \n", 7, [], {}, "a" * (LONGEST_ABC + 1), "X:1\nK:D\n\x00", "\ud800", "no tune at all"):
            with self.subTest(ascii(abc)[:20]):
                self.refused(VARY | {"abc": abc}, "abc")

    def test_it_says_what_cannot_be_read(self) -> None:
        wrong = {
            "no key": "X:1\nM:6/8\nDFA AFD |\n",
            "no meter": "X:1\nK:D\nDFA AFD |\n",
            "a meter outside the vocabulary": "X:1\nM:7/8\nK:D\nDFA AFDE |\n",
            "no notes": "X:1\nM:6/8\nK:D\n",
            "a chord no one has heard of": 'X:1\nM:6/8\nL:1/8\nK:D\n"H#xyz"DFA AFD | DFA AFD | DFA AFD | DFA AFD |\n',
            "two bars": "X:1\nM:6/8\nL:1/8\nK:D\nDFA AFD | DFA D3 |]\n",
            "two thousand bars": "X:1\nM:2/4\nL:1/8\nK:D\n" + "D4|" * 2000,
            "several tunes": ABC + "\n" + ABC,
        }
        for name, abc in wrong.items():
            with self.subTest(name):
                self.refused(VARY | {"abc": abc}, "abc")

    def test_it_refuses_tasks_it_does_not_know(self) -> None:
        for task in (None, "", "burn", 7, [], {}, "chords"):
            with self.subTest(str(task)):
                self.refused({"abc": ABC, "task": task}, "task")

    def test_it_refuses_bars_that_are_none(self) -> None:
        for bars in (
            "x",
            "8-5",
            "1-",
            "0",
            "5-1000",
            5,
            {},
            [0],
            [-1],
            ["5"],
            [1.5],
            [True],
            [10**9],
            list(range(5000)),
        ):
            with self.subTest(str(bars)[:20]):
                self.refused({"abc": ABC, "task": "fill", "bars": bars}, "bars")

    def test_it_refuses_bars_that_the_tune_does_not_have(self) -> None:
        for bars in (None, [], "", "5-8", [4, 99]):
            with self.subTest(str(bars)):
                self.refused({"abc": ABC, "task": "fill", "bars": bars}, "bars")

    def test_it_refuses_strengths_out_of_range(self) -> None:
        for strength in (-0.1, 1.1, "much", True, [], {}):
            with self.subTest(str(strength)):
                self.refused(VARY | {"strength": strength}, "strength")
        self.assert_error(self.send(b'{"given": {"task": "vary", "strength": NaN}}'), 400)

    def test_it_refuses_an_opening_that_already_fills_the_bars_asked_for(self) -> None:
        self.refused({"abc": ABC, "task": "continue"}, "bars", conditions={"bars": 4})

    def test_it_refuses_names_without_a_meaning(self) -> None:
        self.refused(VARY | {"colour": "blue"}, "colour")

    def test_it_names_every_fault_at_once(self) -> None:
        fields = ("abc", "task", "bars", "strength", "meter")
        given = {"abc": "", "task": "burn", "bars": "x", "strength": 7}
        self.refused(given, *fields, conditions={"meter": "7/0"})

    def test_it_refuses_requests_that_are_too_large(self) -> None:
        self.assert_error(self.send({"given": VARY | {"abc": "a" * 70_000}}), 413)

    def test_it_still_wants_a_prompt_where_no_music_is_given(self) -> None:
        self.assert_error(self.send({"given": None}), 400, "prompt")
        self.assert_error(self.send({"prompt": ""}), 400, "prompt")

    def test_it_refuses_tunes_that_the_caller_may_not_see(self) -> None:
        alice = Person("alice")
        hidden = a_gallery_tune(alice, hidden=True).pk
        for tune in (hidden, "x", "x" * 22, "x" * 5000, "\x00", "\ud800", 7, [], a_queued_tune(alice).pk):
            with self.subTest(ascii(tune)[:30]):
                self.refused({"tune": tune, "task": "vary"}, "tune")
        self.refused({"tune": a_ready_tune(alice).pk, "abc": ABC, "task": "vary"}, "tune")


class TakenGivenTest(ApiCase):
    def taken(self, given: dict, **more: object) -> Tune:
        with self.captureOnCommitCallbacks() as jobs:
            answer = self.send({"given": given} | more)
        self.assertEqual((answer.status_code, len(jobs)), (202, 1), answer.content)
        return Tune.objects.get(pk=answer.json()["id"])

    def test_it_takes_music_without_a_word(self) -> None:
        tune = self.taken(VARY)
        self.assertEqual((tune.prompt, tune.title, tune.parent), ("", "The Lantern at Low Tide", None))
        self.assertEqual((tune.conditions["key"], tune.conditions["meter"]), ("D", "6/8"))

    def test_it_stores_what_it_takes_to_compose_again(self) -> None:
        tune = self.taken({"abc": ABC, "task": "fill", "bars": [3, 2, 3]}, seed=5)
        self.assertEqual(tune.given, {"abc": ABC, "task": "fill", "bars": [2, 3], "strength": 0.5})
        self.assertEqual(brief_of(tune).given, Given(ABC, "fill", (2, 3), 0.5))
        self.assertEqual(brief_of(tune).seed, 5)

    def test_it_takes_bars_as_people_write_them(self) -> None:
        self.assertEqual(self.taken({"abc": ABC, "task": "fill", "bars": "1-2, 4"}).given["bars"], [1, 2, 4])

    def test_it_takes_words_and_conditions_beside_the_music(self) -> None:
        given = {"abc": ABC, "task": "continue"}
        tune = self.taken(given, prompt="hopeful and full of wonder", conditions={"bars": 16})
        self.assertEqual((tune.prompt, tune.asked["bars"]), ("hopeful and full of wonder", 16))

    def test_it_makes_a_child_of_a_tune_that_is_named(self) -> None:
        parent = a_ready_tune(Person("alice"))
        tune = self.taken({"tune": parent.pk, "task": "vary", "strength": 0.25})
        self.assertEqual((tune.parent, tune.tweak), (parent, "vary"))
        self.assertEqual((tune.given["abc"], tune.given["strength"]), (ABC, 0.25))

    def test_it_gives_one_tune_for_one_idempotency_key(self) -> None:
        first = self.send({"given": VARY}, **{"Idempotency-Key": "one"}).json()
        self.assertEqual(self.send({"given": VARY}, **{"Idempotency-Key": "one"}).json(), first)


class HarmoniseApiTest(ApiCase):
    def test_it_finds_chords_for_a_melody(self) -> None:
        bare = ABC.replace('"D"', "").replace('"G"', "").replace('"A"', "")
        answer = self.send({"abc": bare}, "harmonise/")
        self.assertEqual((answer.status_code, set(answer.json())), (200, {"abc"}))
        self.assertIn('"', answer.json()["abc"])
        self.assertEqual(Tune.objects.count(), 0)

    def test_it_finds_them_in_a_style(self) -> None:
        answer = self.send({"abc": ABC, "style": "hopeful"}, "harmonise/")
        self.assertEqual(answer.status_code, 200, answer.content)
        self.assertEqual(self.send({"abc": ABC, "style": None}, "harmonise/").status_code, 200)

    def test_it_refuses_what_it_cannot_read(self) -> None:
        for abc in (None, "", 7, [], "no tune", "X:1\nM:7/8\nK:D\nabc|", "\ud800", "a" * (LONGEST_ABC + 1)):
            with self.subTest(ascii(abc)[:20]):
                self.assert_error(self.send({"abc": abc}, "harmonise/"), 400, "abc")
        self.assert_error(self.send({}, "harmonise/"), 400, "abc")

    def test_it_refuses_styles_it_does_not_know(self) -> None:
        for style in ("no such style", "\x00", 7, [], {}):
            with self.subTest(str(style)):
                self.assert_error(self.send({"abc": ABC, "style": style}, "harmonise/"), 400, "style")

    def test_it_refuses_bodies_that_are_too_large(self) -> None:
        self.assert_error(self.send({"abc": "a" * 70_000}, "harmonise/"), 413)

    def test_it_refuses_other_methods(self) -> None:
        self.assert_error(self.program.get("/api/v1/harmonise/"), 405)


class ReadingTest(PlainCase):
    def test_it_reads_bars_as_people_write_them(self) -> None:
        for text, bars in (("5-8", (5, 6, 7, 8)), ("7, 5", (5, 7)), ("5–6;9", (5, 6, 9)), (" 4 ", (4,))):
            self.assertEqual(bars_in(text), bars)

    def test_it_reads_the_header(self) -> None:
        abc = "X:1\nT:The Cat % of Kate\nR:Reels\nM:C|\nQ:1/2=90\nK:Edor\nabc"
        told = conditions_in(abc)
        self.assertEqual((told.key, told.mode, told.meter, told.rhythm), ("E", "dorian", "2/2", "reel"))
        self.assertEqual((told.tempo_qpm, title_in(abc)), (180, "The Cat"))

    def test_it_leaves_free_what_it_cannot_read_in_a_header(self) -> None:
        told = conditions_in("M:none\nR:jig of sorts\nQ:1/0=9999\nK:Hp")
        self.assertEqual(set(told.as_dict().values()), {None})

    def test_it_lets_the_music_say_how_long_it_is(self) -> None:
        brief = Brief("a long slow waltz in G, 32 bars", given=given_from(VARY))
        heard = understood(brief).conditions
        self.assertEqual((heard.key, heard.meter, heard.bars, heard.form, heard.chords), ("D", "6/8", None, None, None))

    def test_it_gives_a_sentence_for_each_fault(self) -> None:
        with self.assertRaises(BriefError) as refused:
            given_from({"abc": "", "task": "", "bars": "x", "strength": 2})
        self.assertEqual(set(refused.exception.fields), {"abc", "task", "bars", "strength"})
