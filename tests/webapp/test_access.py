"""Who may do what to a tune: Alice made it, Charlie is anybody else with the link."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.test import Client, TestCase

from tests.builders import ABC, Person, a_gallery_tune, a_queued_tune, a_ready_tune
from webapp.tunes.listeners import COOKIE
from webapp.tunes.models import Status, Tune


class AccessTest(TestCase):
    def setUp(self) -> None:
        self.alice, self.charlie = Person("alice"), Person("charlie")

    def fresh(self, tune: Tune) -> Tune:
        return Tune.objects.get(pk=tune.pk)

    def test_it_opens_an_unlisted_tune_by_its_link(self) -> None:
        tune = a_ready_tune(self.alice)
        for where in ("", "print/"):
            self.assertEqual(self.charlie.get(f"/tunes/{tune.pk}/{where}").status_code, 200)

    def test_it_tells_whose_tune_it_is(self) -> None:
        tune = a_ready_tune(self.alice)
        self.assertTrue(self.alice.get(f"/tunes/{tune.pk}/").context["tune"].is_mine)
        self.assertFalse(self.charlie.get(f"/tunes/{tune.pk}/").context["tune"].is_mine)

    def test_it_lets_only_the_maker_cancel(self) -> None:
        tune = a_queued_tune(self.alice)
        self.assertEqual(self.charlie.post(f"/tunes/{tune.pk}/cancel/").status_code, 403)
        self.assertEqual(self.fresh(tune).status, Status.QUEUED)
        self.assertEqual(self.alice.post(f"/tunes/{tune.pk}/cancel/").status_code, 302)
        self.assertEqual(self.fresh(tune).status, Status.CANCELLED)

    def test_it_leaves_a_finished_tune_as_it_is_when_cancelled_late(self) -> None:
        tune = a_ready_tune(self.alice)
        self.alice.post(f"/tunes/{tune.pk}/cancel/")
        self.assertEqual((self.fresh(tune).status, self.fresh(tune).abc), (Status.READY, ABC))

    def test_it_lets_only_the_maker_publish(self) -> None:
        tune = a_ready_tune(self.alice)
        self.assertEqual(self.charlie.post(f"/tunes/{tune.pk}/show/", {"visibility": "public"}).status_code, 403)
        self.assertFalse(self.fresh(tune).in_gallery)
        self.alice.post(f"/tunes/{tune.pk}/show/", {"visibility": "public"})
        self.assertTrue(self.fresh(tune).in_gallery)
        self.alice.post(f"/tunes/{tune.pk}/show/", {"visibility": "unlisted"})
        self.assertFalse(self.fresh(tune).in_gallery)

    def test_it_publishes_no_unfinished_tune(self) -> None:
        tune = a_queued_tune(self.alice)
        self.assertEqual(self.alice.post(f"/tunes/{tune.pk}/show/", {"visibility": "public"}).status_code, 403)

    def test_it_lets_a_stranger_tweak_what_they_can_hear(self) -> None:
        tune = a_ready_tune(self.alice)
        answer = self.charlie.post(f"/tunes/{tune.pk}/again/", {"tweak": "again"})
        child = Tune.objects.exclude(pk=tune.pk).get()
        self.assertEqual(answer.url, f"/tunes/{child.pk}/")
        self.assertEqual((child.parent, child.maker), (tune, self.charlie.listener.key))

    def test_it_takes_a_hidden_tune_from_strangers_and_not_from_its_maker_or_staff(self) -> None:
        tune = a_gallery_tune(self.alice, hidden=True)
        staff = Client()
        staff.force_login(User.objects.create_user("dana", is_staff=True))
        for where in (f"/tunes/{tune.pk}{end}" for end in ("/", ".abc", ".mid", "/print/")):
            self.assertEqual(self.charlie.get(where).status_code, 404)
            self.assertEqual(self.alice.get(where).status_code, 200)
            self.assertEqual(staff.get(where).status_code, 200)
        self.assertEqual(self.charlie.get(f"/api/v1/tunes/{tune.pk}/").status_code, 404)
        self.assertEqual(self.charlie.get(f"/api/v1/tunes/{tune.pk}/events/").status_code, 404)

    def test_it_believes_no_forged_cookie(self) -> None:
        tune = a_queued_tune(self.alice)
        forger = Client()
        forger.cookies[COOKIE] = self.alice.listener.key
        self.assertEqual(forger.post(f"/tunes/{tune.pk}/cancel/").status_code, 403)
        forger.cookies[COOKIE] = "\x00:\ud800"[:1]
        self.assertEqual(forger.get("/").status_code, 200)

    def test_it_writes_by_post_alone(self) -> None:
        tune = a_queued_tune(self.alice)
        for where in ("cancel", "again", "show", "describe", "delete", "rate"):
            self.assertEqual(self.alice.get(f"/tunes/{tune.pk}/{where}/").status_code, 405)
        self.assertEqual(self.fresh(tune).status, Status.QUEUED)

    def test_it_needs_the_csrf_token_for_every_write(self) -> None:
        tune = a_queued_tune(self.alice)
        strict = Client(enforce_csrf_checks=True)
        strict.cookies[COOKIE] = self.alice.cookies[COOKIE].value
        for where in ("cancel", "again", "show", "describe", "delete", "rate"):
            self.assertEqual(strict.post(f"/tunes/{tune.pk}/{where}/", {"stars": 5, "tweak": "again"}).status_code, 403)
        self.assertEqual(self.fresh(tune).status, Status.QUEUED)

    def test_it_has_no_page_for_ids_that_are_none(self) -> None:
        strange = ("x", "x" * 23, "x" * 5000, "x" * 22, "%00" * 22, "%F0%9F%8E%BB", "..%2F..%2Fetc", "%ED%A0%80")
        for tune_id in strange:
            for where in (f"/tunes/{tune_id}/", f"/tunes/{tune_id}.abc", f"/tunes/{tune_id}/events/"):
                with self.subTest(where[:60]):
                    self.assertEqual(self.alice.get(where).status_code, 404)


class FilesTest(TestCase):
    def setUp(self) -> None:
        self.alice = Person("alice")

    def test_it_hands_out_abc_under_its_title(self) -> None:
        tune = a_ready_tune(self.alice)
        answer = self.alice.get(f"/tunes/{tune.pk}.abc")
        self.assertEqual(answer.content.decode(), ABC)
        self.assertEqual(answer["Content-Disposition"], 'attachment; filename="the-lantern-at-low-tide.abc"')

    def test_it_hands_out_midi(self) -> None:
        tune = a_ready_tune(self.alice)
        self.assertEqual(self.alice.get(f"/tunes/{tune.pk}.mid").content[:4], b"MThd")

    def test_it_says_so_when_a_text_gives_no_midi(self) -> None:
        tune = a_ready_tune(self.alice, abc="X:1\nT:Nothing\nM:4/4\nL:1/8\n")
        self.assertContains(self.alice.get(f"/tunes/{tune.pk}.mid"), "not turned into MIDI", status_code=422)
        answer = self.alice.get(f"/api/v1/tunes/{tune.pk}.mid")
        self.assertEqual((answer.status_code, answer.json()["error"]["code"]), (409, "no_midi"))

    def test_it_makes_safe_names_of_any_title(self) -> None:
        for title in ('../../etc/passwd"; x="', "悲しい\r\nSet-Cookie: a=b", "🎻", "\u202egpj.exe"):
            tune = a_ready_tune(self.alice, title=title)
            header = self.alice.get(f"/tunes/{tune.pk}.abc")["Content-Disposition"]
            self.assertRegex(header, r"^attachment; filename(\*=utf-8''[\w%.-]+|=\"[\w.-]+\")$")

    def test_it_has_no_file_before_the_tune_is_ready(self) -> None:
        tune = a_queued_tune(self.alice)
        for extension in ("abc", "mid"):
            self.assertEqual(self.alice.get(f"/tunes/{tune.pk}.{extension}").status_code, 404)


class EveryStateTest(TestCase):
    """Reloading or opening the page late shows the state as it is."""

    def test_it_draws_every_state(self) -> None:
        alice = Person("alice")
        for status in Status.values:
            tune = a_ready_tune(alice, status=status, reason="No tune good enough came of it.")
            with self.subTest(status):
                answer = alice.get(f"/tunes/{tune.pk}/")
                self.assertContains(answer, "hopeful and full of wonder")
                self.assertEqual(answer.context["place"] is None, status not in ("queued", "composing"))

    def test_it_shows_the_finished_notes_without_scripts(self) -> None:
        alice = Person("alice")
        tune = a_ready_tune(alice)
        self.assertContains(alice.get(f"/tunes/{tune.pk}/"), "<noscript>")
        self.assertContains(alice.get(f"/tunes/{tune.pk}/"), "DFA")

    def test_it_counts_the_place_in_the_queue(self) -> None:
        alice = Person("alice")
        tunes = [a_queued_tune(alice, prompt=f"sad {n}") for n in range(3)]
        places = [alice.get(f"/tunes/{tune.pk}/").context["place"] for tune in tunes]
        self.assertEqual(places, [1, 2, 3])
