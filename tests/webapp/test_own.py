"""Music of one's own and work on a tune that is there: the pages, what they refuse, what becomes of the rest."""

from __future__ import annotations

from unittest import mock

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase, override_settings

from generator import Given
from tests.builders import ABC, Person, a_queued_tune, a_ready_tune, assert_plain_words
from webapp.tunes.composing import brief_of
from webapp.tunes.givens import LONGEST_ABC
from webapp.tunes.models import Status, Tune

CHORDED = ABC.replace('"G"', '"Em"')
GOOD = {"abc": ABC, "task": "vary"}


class OwnCase(TestCase):
    def setUp(self) -> None:
        self.alice = Person("alice")

    def made(self, where: str, posted: dict, jobs: int = 1) -> Tune:
        with self.captureOnCommitCallbacks() as sent:
            answer = self.alice.post(where, posted)
        self.assertEqual(answer.status_code, 302, answer.context and answer.context["works"]["form"].errors)
        self.assertEqual(len(sent), jobs)
        return Tune.objects.get(pk=answer.url.split("/")[2])


class OwnPageTest(OwnCase):
    def refused(self, field: str, **posted: object) -> str:
        with self.captureOnCommitCallbacks() as jobs:
            answer = self.alice.post("/own/", GOOD | posted)
        self.assertEqual(answer.status_code, 422, f"{ascii(posted)[:60]} was taken")
        self.assertEqual((Tune.objects.count(), jobs), (0, []))
        errors = answer.context["form"].errors
        self.assertIn(field, errors)
        assert_plain_words(self, errors[field][0])
        return answer.content.decode()

    def test_it_is_found_from_the_front_page(self) -> None:
        self.assertContains(self.alice.get("/"), 'href="/own/"')
        self.assertEqual(self.alice.get("/own/").status_code, 200)

    def test_it_refuses_what_cannot_be_read_as_music(self) -> None:
        for abc in ("", " \n ", "no tune", "X:1\nM:7/8\nK:D\nabc", "X:1\nM:6/8\nabc", "\x00", "a" * (LONGEST_ABC + 1)):
            with self.subTest(ascii(abc)[:20]):
                self.refused("abc", abc=abc)

    def test_it_keeps_what_was_pasted(self) -> None:
        typed = {"abc": "no <tune> at all", "prompt": "sad & slow", "task": "fill", "bars": "5-8", "once": "my-tap"}
        page = self.refused("abc", **typed)
        for kept in ("no &lt;tune&gt; at all</textarea>", 'value="sad &amp; slow"', 'value="5-8"', 'value="my-tap"'):
            self.assertIn(kept, page)
        self.assertRegex(page, r'value="fill" checked')

    def test_it_puts_each_sentence_beside_its_field(self) -> None:
        self.refused("bars", task="fill", bars="")
        self.refused("bars", task="fill", bars="8-5")
        self.refused("bars", task="fill", bars="77")
        self.refused("length", task="continue", length="4")
        self.refused("length", task="continue", length="many")
        self.refused("length", task="continue", length="1000")
        self.refused("strength", strength="9")
        self.refused("strength", strength="nan")
        self.refused("prompt", prompt="\x07 sad")
        self.refused("style", task="chords", style="no such style")
        for task in ("", "burn", "\x00"):
            self.refused("task", task=task)

    def test_it_varies_what_was_pasted(self) -> None:
        tune = self.made("/own/", GOOD | {"strength": "0.25"})
        self.assertEqual(brief_of(tune).given, Given(ABC, "vary", (), 0.25))
        self.assertEqual(
            (tune.maker, tune.title, tune.prompt), (self.alice.listener.key, "The Lantern at Low Tide", "")
        )

    def test_it_continues_until_the_bars_are_full(self) -> None:
        tune = self.made("/own/", GOOD | {"task": "continue", "length": "16"})
        self.assertEqual((tune.asked["bars"], tune.given["task"]), (16, "continue"))

    def test_it_writes_the_bars_again_that_were_named(self) -> None:
        tune = self.made("/own/", GOOD | {"task": "fill", "bars": "2-3"})
        self.assertEqual(tune.given["bars"], [2, 3])

    def test_it_reads_line_ends_of_every_kind(self) -> None:
        for ends in ("\r\n", "\r"):
            self.assertEqual(self.made("/own/", GOOD | {"abc": ABC.replace("\n", ends)}).given["abc"], ABC)

    def test_it_takes_a_file_without_scripts(self) -> None:
        for raw in (
            ABC.encode(),
            ABC.replace("Lantern", "L\u00e4ntern").encode("latin-1"),
            b"\xef\xbb\xbf" + ABC.encode(),
        ):
            file = SimpleUploadedFile("tune.abc", raw, "text/vnd.abc")
            self.assertIn("ntern", self.made("/own/", {"abc": "", "task": "vary", "file": file}).title)

    def test_it_shows_a_file_that_it_could_not_read(self) -> None:
        file = SimpleUploadedFile("tune.abc", b"M:6/8 and <nothing> else")
        self.assertIn("and &lt;nothing&gt; else", self.refused("abc", abc="", file=file))
        for raw in (b"\x00\xff" * 50, b"a" * 200_000):
            self.refused("abc", abc="", file=SimpleUploadedFile("tune.abc", raw))

    def test_it_finds_chords_at_once(self) -> None:
        tune = self.made("/own/", GOOD | {"task": "chords", "style": "hopeful"}, jobs=0)
        self.assertEqual((tune.status, tune.parent, tune.given["task"]), (Status.READY, None, "chords"))
        self.assertIn('"', tune.abc)
        self.assertIsNone(brief_of(tune).given)
        page = self.alice.get(f"/tunes/{tune.pk}/")
        self.assertContains(page, "your notes, our chords")
        self.assertNotContains(page, "seed ")

    def test_it_tweaks_music_that_came_without_a_word(self) -> None:
        own = self.made("/own/", GOOD | {"task": "chords"}, jobs=0)
        for tweak in ("happier", "faster", "other_key", "again"):
            with self.subTest(tweak):
                child = self.made(f"/tunes/{own.pk}/again/", {"tweak": tweak})
                self.assertTrue(child.prompt and child.conditions["bars"] and child.conditions["chords"])
                self.assertIsNone(brief_of(child).given)

    def test_it_makes_one_tune_of_a_double_tap(self) -> None:
        for task in ("vary", "chords"):
            posted = GOOD | {"task": task, "once": "one tap"}
            answers = {self.alice.post("/own/", posted).url for _ in range(2)}
            self.assertEqual(len(answers), 1)

    @override_settings(TUNES_PER_MINUTE_VISITOR=1)
    def test_it_keeps_what_was_pasted_when_there_were_too_many(self) -> None:
        for task in ("vary", "chords"):
            self.alice.post("/own/", GOOD)
            answer = self.alice.post("/own/", GOOD | {"task": task})
            self.assertContains(answer, "Try again in", status_code=429)
            self.assertContains(answer, "DFA", status_code=429)

    def test_it_says_what_is_wrong_while_one_pastes(self) -> None:
        answer = self.alice.post("/own/look/", {"abc": "no tune"})
        self.assertEqual(set(answer.json()["errors"]), {"abc"})
        self.assertEqual(self.alice.post("/own/look/", {"abc": ABC}).json(), {"errors": {}})
        self.assertEqual(self.alice.get("/own/look/").status_code, 405)
        self.assertEqual(Tune.objects.count(), 0)

    def test_it_turns_away_other_methods_and_forged_forms(self) -> None:
        for method in ("PUT", "DELETE"):
            self.assertEqual(self.alice.generic(method, "/own/").status_code, 405)
        strict = Person("eve", enforce_csrf_checks=True)
        for where in ("/own/", "/own/look/"):
            self.assertEqual(strict.post(where, GOOD).status_code, 403)


class ReworkTest(OwnCase):
    def setUp(self) -> None:
        super().setUp()
        self.parent = a_ready_tune(self.alice)
        self.where = f"/tunes/{self.parent.pk}/rework/"

    def refused(self, field: str, **posted: object) -> str:
        with self.captureOnCommitCallbacks() as jobs:
            answer = self.alice.post(self.where, posted)
        self.assertEqual((answer.status_code, jobs, Tune.objects.count()), (422, [], 1))
        form = answer.context["works"]["form"]
        self.assertIn(field, form.errors)
        assert_plain_words(self, form.errors[field][0])
        return answer.content.decode()

    def test_it_refuses_work_that_it_does_not_know(self) -> None:
        for task in ("", "burn", "\x00", "x" * 5000):
            self.refused("task", task=task)

    def test_it_refuses_bars_that_are_none(self) -> None:
        for bars in ("", " ", "x", "8-5", "99", "0", "1" * 5000):
            with self.subTest(bars[:20]):
                self.refused("bars", task="fill", bars=bars)
        self.assertIn('value="8-5"', self.refused("bars", task="fill", bars="8-5"))

    def test_it_refuses_lengths_that_are_already_full(self) -> None:
        for length in ("4", "0", "-3", "x", "9999"):
            with self.subTest(length):
                self.refused("length", task="continue", length=length)

    def test_it_refuses_styles_it_does_not_know(self) -> None:
        self.refused("style", task="chords", style="no such style")

    def test_it_varies_by_as_much_as_asked(self) -> None:
        child = self.made(self.where, {"task": "vary", "strength": "0.75"})
        self.assertEqual((child.parent, child.tweak, child.status), (self.parent, "vary", Status.QUEUED))
        self.assertEqual(brief_of(child).given, Given(ABC, "vary", (), 0.75))
        self.assertEqual(child.conditions, self.parent.conditions)
        self.assertNotEqual(child.seed, self.parent.seed)

    def test_it_continues_with_a_part_more(self) -> None:
        bars = self.parent.conditions["bars"]
        page = self.alice.get(f"/tunes/{self.parent.pk}/").content.decode()
        self.assertRegex(page, rf'name="length"[^>]*value="{bars + 8}"')
        child = self.made(self.where, {"task": "continue", "length": str(bars + 8)})
        self.assertEqual((child.asked["bars"], child.conditions["bars"]), (bars + 8, bars + 8))
        self.assertEqual((child.conditions["form"], child.conditions["chords"]), (None, None))
        self.assertEqual(child.conditions["key"], self.parent.conditions["key"])

    def test_it_writes_bars_again(self) -> None:
        child = self.made(self.where, {"task": "fill", "bars": "2, 3"})
        self.assertEqual((child.given["bars"], child.tweak), ([2, 3], "fill"))

    def test_it_finds_other_chords_at_once(self) -> None:
        with mock.patch("webapp.tunes.reworking.harmonise", return_value=CHORDED) as harmonise:
            child = self.made(self.where, {"task": "chords", "style": "hopeful"}, jobs=0)
        harmonise.assert_called_once_with(ABC, style="hopeful")
        self.assertEqual((child.status, child.abc, child.parent), (Status.READY, CHORDED, self.parent))
        self.assertEqual((child.tweak, child.conditions["style"]), ("chords", "hopeful"))
        self.assertContains(self.alice.get(f"/tunes/{child.pk}/"), "other chords")

    def test_it_lets_a_stranger_work_on_what_they_can_hear(self) -> None:
        charlie = Person("charlie")
        answer = charlie.post(self.where, {"task": "vary"})
        child = Tune.objects.get(pk=answer.url.split("/")[2])
        self.assertEqual((child.parent, child.maker), (self.parent, charlie.listener.key))
        Tune.objects.filter(pk=self.parent.pk).update(hidden=True)
        self.assertEqual(charlie.post(self.where, {"task": "vary"}).status_code, 404)

    def test_it_works_on_finished_tunes_alone(self) -> None:
        waiting = a_queued_tune(self.alice)
        self.assertEqual(self.alice.post(f"/tunes/{waiting.pk}/rework/", {"task": "vary"}).status_code, 404)

    def test_it_writes_by_post_alone_and_with_the_token(self) -> None:
        self.assertEqual(self.alice.get(self.where).status_code, 405)
        strict = Person("eve", enforce_csrf_checks=True)
        self.assertEqual(strict.post(self.where, {"task": "vary"}).status_code, 403)

    def test_it_makes_one_child_of_a_double_tap(self) -> None:
        for _ in range(2):
            self.alice.post(self.where, {"task": "vary", "once": "one tap"})
        self.assertEqual(self.parent.children.count(), 1)

    def test_it_tries_the_same_work_again(self) -> None:
        child = self.made(self.where, {"task": "continue", "length": "16"})
        for status in (Status.FAILED, Status.READY):
            Tune.objects.filter(pk=child.pk).update(status=status)
            again = self.made(f"/tunes/{child.pk}/again/", {"tweak": "again"})
            self.assertEqual((again.given, again.asked), (child.given, child.asked))
            self.assertNotEqual(again.seed, child.seed)

    def test_it_names_the_work_in_the_family(self) -> None:
        for task in ("vary", "fill"):
            self.made(self.where, {"task": task, "bars": "2"})
        page = self.alice.get(f"/tunes/{self.parent.pk}/")
        self.assertContains(page, "varied")
        self.assertContains(page, "bars written again")
