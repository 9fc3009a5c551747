"""Tunes through the API: the gallery, one's own, what may be changed, and what is nobody's business."""

from __future__ import annotations

import json
from datetime import timedelta

from django.db import connection
from django.test import Client, TransactionTestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.builders import ABC, Person, a_gallery_tune, a_moderator, a_queued_tune, a_ready_tune, a_token, an_account
from tests.webapp.test_api import ApiCase
from webapp.ratings.models import Rating
from webapp.tunes.models import Tune


class WithPeople(ApiCase):
    """Alice made the tunes, Bob has an account, and both have programs."""

    def setUp(self) -> None:
        super().setUp()
        self.alice, self.bob = an_account("alice"), an_account("bob")
        self.tokens = {person: a_token(person) for person in (self.alice, self.bob)}

    def ask(self, method: str, where: str, person: Person | None = None, sent: object = None):
        raw = sent if isinstance(sent, bytes) else b"" if sent is None else json.dumps(sent).encode()
        headers = {"Authorization": f"Bearer {self.tokens[person]}"} if person else {}
        return self.program.generic(
            method, f"/api/v1/{where}", raw, content_type="application/json" if raw else "", headers=headers
        )

    def refused(self, method: str, where: str, person: Person | None, sent: object, status: int, *fields: str) -> dict:
        return self.assert_error(self.ask(method, where, person, sent), status, *fields)


class BadChangeTest(WithPeople):
    def setUp(self) -> None:
        super().setUp()
        self.tune = a_ready_tune(self.alice)
        self.where = f"tunes/{self.tune.pk}/"

    def test_it_refuses_wrong_values_in_every_field(self) -> None:
        wrong = {
            "title": [None, 7, [], {}, True, "", " \x1f ", "a\x00b", "\ud800", "x" * 201, "\U0001d160" * 200],
            "description": [None, [], {}, "a\x00b", "\udfff", "x" * 2001],
            "tags": [None, "session", {}, [None], [[]], [{}], ["x" * 41], ["a\x00b"], ["t"] * 13],
            "visibility": [None, "", "everybody", 1, [], {}, "PUBLIC"],
            "colour": ["blue"],
            "maker": [self.bob.profile.key],
            "hidden": [False],
        }
        before = Tune.objects.values().get()
        for name, values in wrong.items():
            for value in values:
                with self.subTest(f"{name}={ascii(value)[:30]}"):
                    self.refused("PATCH", self.where, self.alice, {name: value, "status": "ready"}, 400)
                    self.refused("PATCH", self.where, self.alice, {name: value}, 400)
        self.assertEqual(Tune.objects.values().get(), before)

    def test_it_refuses_bodies_that_are_no_object(self) -> None:
        for raw in (b"[]", b"7", b'"x"', b"null", b"{", b"\xff", b'{"title": NaN}', b"[" * 60_000, b'{"\\ud800": 1}'):
            self.refused("PATCH", self.where, self.alice, raw, 400)
        self.refused("PATCH", self.where, self.alice, {"title": "x" * 1_000_000}, 413)

    def test_it_refuses_stars_that_are_none(self) -> None:
        for stars in (0, 6, -1, 1.5, None, True, "many", [], {}, 10**30):
            with self.subTest(str(stars)):
                self.refused("PUT", f"{self.where}rating/", self.bob, {"stars": stars}, 400, "stars")
        for raw in (b'{"stars": NaN}', b'{"stars": Infinity}', b"{}", b"5", b""):
            self.refused("PUT", f"{self.where}rating/", self.bob, raw, 400)
        self.assertFalse(Rating.objects.exists())

    def test_it_refuses_tweaks_and_works_that_are_none(self) -> None:
        for sent in ({}, {"tweak": "louder"}, {"tweak": 7}, {"tweak": "again", "locked": "key"}, {"tweak": None}):
            self.refused("POST", f"{self.where}again/", self.bob, sent, 400)
        self.refused("POST", f"{self.where}again/", self.bob, {"tweak": "again", "locked": ["colour"]}, 400)
        for sent in (
            {},
            {"task": "eat"},
            {"task": "fill"},
            {"task": "fill", "bars": "0"},
            {"task": "fill", "bars": "x"},
            {"task": "vary", "strength": 2},
            {"task": "vary", "strength": "NaN"},
            {"task": "continue", "length": -1},
            {"task": "continue", "length": 10**9},
            {"task": "chords", "style": "no such style"},
        ):
            with self.subTest(str(sent)):
                self.refused("POST", f"{self.where}rework/", self.bob, sent, 400)
        self.assertEqual(Tune.objects.count(), 1)

    def test_it_refuses_cursors_that_are_forged(self) -> None:
        for cursor in ("x", "a:b:c", "é", "\x00", "x" * 5000, "..", "%00"):
            self.refused("GET", f"tunes/?after={cursor}", None, None, 404)
            self.refused("GET", f"me/tunes/?after={cursor}", self.alice, None, 404)

    def test_it_refuses_what_the_gallery_cannot_be_asked(self) -> None:
        for name, value in (
            ("key", "H"),
            ("mode", "happy"),
            ("sort", "worst"),
            ("valence_low", "NaN"),
            ("valence_low", "1e999"),
            ("bars_low", "-1"),
            ("notes", "D"),
            ("notes", "D " * 1000),
            ("words", "x" * 5000),
            ("words", "a%00b"),
            ("maker", "a'--"),
            ("chords", "maybe"),
        ):
            with self.subTest(f"{name}={value[:20]}"):
                self.refused("GET", f"tunes/?{name}={value}", None, None, 400, name)

    def test_it_refuses_kinds_of_tune_that_are_none(self) -> None:
        for show in ("x", "PUBLIC", "%00", "' OR 1=1"):
            self.refused("GET", f"me/tunes/?show={show}", self.alice, None, 400, "show")
        self.assertEqual(self.ask("GET", "me/tunes/?q=%00%25_'%22--", self.alice).json()["results"], [])

    def test_it_refuses_other_peoples_tunes(self) -> None:
        for method, where, sent in (
            ("PATCH", "", {"title": "Mine now"}),
            ("PATCH", "", {"title": 7}),
            ("DELETE", "", None),
            ("POST", "cancel/", {}),
        ):
            self.refused(method, f"{self.where}{where}", self.bob, sent, 403)
        self.assertEqual(Tune.objects.get().title, self.tune.title)


class SecretTuneTest(WithPeople):
    def test_it_knows_nothing_of_tunes_that_are_not_shown(self) -> None:
        moderator = a_moderator()
        self.tokens[moderator] = a_token(moderator)
        for kind in ("draft", "private", "deleted"):
            gone = {"deleted": timezone.now()} if kind == "deleted" else {"visibility": kind}
            tune = a_ready_tune(self.alice, **gone)
            for person in (None, self.bob, moderator):
                for method, where in (
                    ("GET", "/"),
                    ("GET", ".abc"),
                    ("GET", ".mid"),
                    ("GET", "/family/"),
                    *([] if person is None else [("PATCH", "/"), ("DELETE", "/"), ("POST", "/again/")]),
                    *([] if person is None else [("PUT", "/rating/"), ("POST", "/undelete/"), ("POST", "/rework/")]),
                ):
                    with self.subTest(f"{kind} {method} {where}"):
                        self.refused(method, f"tunes/{tune.pk}{where}", person, None, 404)

    def test_it_lists_nobodys_unlisted_tune(self) -> None:
        parent = a_ready_tune(self.alice)
        child = a_gallery_tune(self.alice, parent=parent, root=parent.pk, tweak="calmer")
        self.assertEqual([tune["id"] for tune in self.ask("GET", "tunes/").json()["results"]], [child.pk])
        self.assertIsNone(self.ask("GET", f"tunes/{child.pk}/").json()["parent"])
        family = self.ask("GET", f"tunes/{child.pk}/family/", self.bob)
        self.assertNotContains(family, parent.pk)
        own = self.ask("GET", f"tunes/{child.pk}/family/", self.alice).json()["results"]
        self.assertEqual([(row["tune"]["id"], row["parent"]) for row in own], [(parent.pk, None), (child.pk, 0)])
        self.assertEqual(self.ask("GET", f"tunes/{child.pk}/", self.alice).json()["parent"]["id"], parent.pk)

    def test_it_tells_no_listeners_key(self) -> None:
        tune = a_gallery_tune(self.alice)
        for where in ("tunes/", f"tunes/{tune.pk}/", f"tunes/{tune.pk}/family/", f"makers/{self.alice.profile.slug}/"):
            for person in (None, self.alice):
                self.assertNotContains(self.ask("GET", where, person), self.alice.profile.key)
                self.assertNotContains(self.ask("GET", where, person), self.alice.user.email)


class EventsTest(TransactionTestCase):
    """Streams look from threads of their own, which see only what has been committed."""

    def test_it_follows_a_private_tune_with_its_makers_token_alone(self) -> None:
        alice, bob = an_account("alice"), an_account("bob")
        where = f"/api/v1/tunes/{a_ready_tune(alice, visibility='private').pk}/events/"
        own, other = ({"Authorization": f"Bearer {a_token(person)}"} for person in (alice, bob))
        self.assertEqual(Client().get(where, headers=own).status_code, 200)
        for answer in (Client().get(where), Client().get(where, headers=other), alice.get(where)):
            self.assertEqual((answer.status_code, answer.json()["error"]["code"]), (404, "not_found"))
        forged = Client().get(where, headers={"Authorization": "Bearer tw_x"})
        self.assertEqual((forged.status_code, forged.json()["error"]["code"]), (401, "bad_token"))
        self.assertIn("Bearer", forged["WWW-Authenticate"])


@override_settings(TUNES_PER_MINUTE_VISITOR=1000)
class GalleryApiTest(WithPeople):
    def test_it_filters_and_pages_as_the_gallery_does(self) -> None:
        now = timezone.now()
        for number in range(30):
            a_gallery_tune(self.alice, title=f"Tune {number}", published=now - timedelta(minutes=number))
        a_ready_tune(self.alice)
        first = self.ask("GET", f"tunes/?maker={self.alice.profile.slug}&sort=newest").json()
        self.assertEqual(set(first), {"next", "results"})
        self.assertIn(f"maker={self.alice.profile.slug}", first["next"])
        second = self.program.get(first["next"]).json()
        titles = [tune["title"] for tune in first["results"] + second["results"]]
        self.assertEqual(titles, [f"Tune {number}" for number in range(30)])
        self.assertIsNone(second["next"])
        self.assertEqual(self.ask("GET", f"tunes/?maker={self.bob.profile.slug}").json()["results"], [])

    def test_it_asks_few_questions_however_many_tunes(self) -> None:
        for _ in range(20):
            a_gallery_tune(self.alice)
        with CaptureQueriesContext(connection) as queries:
            self.ask("GET", "tunes/", self.bob)
        self.assertLessEqual(len(queries), 8)  # the token and its use among them


class ChangeTest(WithPeople):
    def test_it_shows_what_is_new_beside_what_was_there(self) -> None:
        tune = self.ask("GET", f"tunes/{a_gallery_tune(self.alice, description='For Jo').pk}/").json()
        before = {"id", "status", "url", "title", "prompt", "seed", "composer", "checkpoint", "temperature", "attempt"}
        self.assertLessEqual(before | {"created", "abc", "conditions", "checks", "reason"}, set(tune))
        self.assertEqual((tune["description"], tune["visibility"], tune["tags"]), ("For Jo", "public", []))
        self.assertEqual(tune["maker"]["slug"], self.alice.profile.slug)
        self.assertEqual((tune["stars"], tune["my_stars"]), ({"average": None, "count": 0}, None))

    def test_it_changes_what_is_sent_and_nothing_else(self) -> None:
        tune = a_ready_tune(self.alice, description="For Jo")
        where = f"tunes/{tune.pk}/"
        sent = {"title": "<b>Low Tide</b>", "tags": ["Session", "for whistle"]}
        answer = self.ask("PATCH", where, self.alice, sent).json()
        self.assertEqual((answer["title"], answer["description"]), ("<b>Low Tide</b>", "For Jo"))
        self.assertEqual(sorted(answer["tags"]), ["for whistle", "session"])
        self.assertIn("T:<b>Low Tide</b>", answer["abc"])
        self.assertEqual(self.ask("PATCH", where, self.alice, {"visibility": "public"}).json()["visibility"], "public")
        self.assertTrue(Tune.objects.get().in_gallery)
        self.assertEqual(self.ask("PATCH", where, self.alice, {}).json()["visibility"], "public")

    def test_it_shows_nothing_before_it_is_ready(self) -> None:
        where = f"tunes/{a_queued_tune(self.alice).pk}/"
        for sent in ({"visibility": "public"}, {"title": "x"}):
            self.assertEqual(self.refused("PATCH", where, self.alice, sent, 409)["code"], "not_ready")
        self.assertEqual(self.ask("PATCH", where, self.alice, {"visibility": "private"}).status_code, 200)

    def test_it_deletes_and_brings_back(self) -> None:
        where = f"tunes/{a_ready_tune(self.alice).pk}/"
        self.refused("POST", f"{where}undelete/", self.alice, None, 404)
        self.assertEqual(self.ask("DELETE", where, self.alice).status_code, 204)
        self.refused("GET", where, self.alice, None, 404)
        self.refused("POST", f"{where}undelete/", self.bob, None, 404)
        deleted = self.ask("GET", "me/tunes/?show=deleted", self.alice).json()["results"]
        self.assertEqual(len(deleted), 1)
        self.assertEqual(self.ask("POST", f"{where}undelete/", self.alice).status_code, 200)
        self.assertEqual(self.ask("GET", where, self.alice).status_code, 200)

    def test_it_tweaks_and_reworks_what_one_may_hear(self) -> None:
        tune = a_ready_tune(self.alice)
        for where, sent in (
            ("again/", {"tweak": "calmer", "locked": ["key"]}),
            ("rework/", {"task": "vary", "strength": 0.25}),
            ("rework/", {"task": "fill", "bars": "2"}),
            ("rework/", {"task": "chords"}),
        ):
            with self.subTest(str(sent)):
                answer = self.ask("POST", f"tunes/{tune.pk}/{where}", self.bob, sent)
                self.assertEqual(answer.status_code, 202, answer.content)
                child = Tune.objects.get(pk=answer.json()["id"])
                self.assertEqual((child.parent, child.maker), (tune, self.bob.profile.key))

    def test_it_gives_one_child_for_one_idempotency_key(self) -> None:
        where = f"/api/v1/tunes/{a_ready_tune(self.alice).pk}/"
        headers = {"Authorization": f"Bearer {self.tokens[self.bob]}", "Idempotency-Key": "one"}

        def post(end: str, sent: dict):
            return self.program.post(where + end, sent, content_type="application/json", headers=headers)

        first = post("again/", {"tweak": "calmer"})
        self.assertEqual(post("again/", {"tweak": "calmer"}).json(), first.json())
        self.assertEqual(post("again/", {"tweak": "faster"}).status_code, 409)
        self.assertEqual(post("rework/", {"task": "chords"}).status_code, 409)
        self.assertEqual(Tune.objects.count(), 2)

    def test_it_rates(self) -> None:
        tune = a_gallery_tune(self.alice)
        self.ask("PUT", f"tunes/{tune.pk}/rating/", self.alice, {"stars": 5})
        answer = self.ask("PUT", f"tunes/{tune.pk}/rating/", self.bob, {"stars": 2}).json()
        self.assertEqual(answer, {"my_stars": 2, "stars": {"average": 3.5, "count": 2}})
        self.assertEqual(self.ask("GET", f"tunes/{tune.pk}/", self.bob).json()["my_stars"], 2)
        waiting = a_queued_tune(self.alice)
        self.refused("PUT", f"tunes/{waiting.pk}/rating/", self.bob, {"stars": 2}, 409)

    def test_it_hands_out_files(self) -> None:
        tune = a_ready_tune(self.alice, visibility="private")
        self.assertEqual(self.ask("GET", f"tunes/{tune.pk}.abc", self.alice).content.decode(), ABC)
        self.assertEqual(self.ask("GET", f"tunes/{tune.pk}.mid", self.alice).content[:4], b"MThd")
        self.refused("GET", f"tunes/{a_queued_tune(self.alice).pk}.abc", self.alice, None, 404)
        headers = {"Authorization": f"Bearer {self.tokens[self.alice]}", "Accept": "text/vnd.abc"}
        self.assertEqual(self.program.get(f"/api/v1/tunes/{tune.pk}.abc", headers=headers).status_code, 200)

    def test_it_says_whose_token_it_is(self) -> None:
        me = self.ask("GET", "me/", self.alice).json()
        self.assertEqual((me["slug"], me["starts_as"]), (self.alice.profile.slug, "unlisted"))
        self.assertEqual(self.ask("GET", f"makers/{self.alice.profile.slug}/").json()["name"], me["name"])
        self.refused("GET", "makers/nobody/", None, None, 404)
        self.assertEqual(len(self.ask("GET", "me/tunes/", self.alice).json()["results"]), 0)
