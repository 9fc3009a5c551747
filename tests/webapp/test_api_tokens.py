"""Tokens: made once, shown once, and what is answered to good ones, bad ones and none."""

from __future__ import annotations

import time
from datetime import timedelta

from django.test import Client, TestCase, override_settings
from django.utils import timezone

from tests.builders import Person, a_gallery_tune, a_queued_tune, a_ready_tune, a_token, an_account
from tests.webapp.test_api import GOOD, ApiCase
from webapp.api.models import Token
from webapp.api.secrets import hash_of
from webapp.api.services import MOST_TOKENS, token_make, token_revoke
from webapp.tunes.models import Tune


def shown(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def recently(person: Person) -> Person:
    """As after typing the password once more."""
    session = person.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(person.user.pk)
    session.save()
    return person


class BadTokenTest(ApiCase):
    def refused(self, authorization: str, where: str = "tunes/", method: str = "GET") -> None:
        answer = self.program.generic(method, f"/api/v1/{where}", headers={"Authorization": authorization})
        self.assert_error(answer, 401)
        self.assertIn("Bearer", answer["WWW-Authenticate"])

    def test_it_refuses_tokens_that_are_none(self) -> None:
        good = a_token(an_account())
        forged = (
            "",
            "x",
            "tw_",
            f"tw_{'a' * 43}",
            good[:-1],
            good + "a",
            good.upper(),
            f"{good} {good}",
            "tw_" + "é" * 43,
        )
        for secret in (*forged, "tw_" + "a" * 100_000, "' OR 1=1 --", "\x00" * 43):
            with self.subTest(ascii(secret)[:30]):
                self.refused(f"Bearer {secret}")
                self.refused(f"bearer {secret}", "me/")

    def test_it_refuses_the_hash_of_a_token(self) -> None:
        good = a_token(an_account())
        self.refused(f"Bearer {hash_of(good)}")
        self.refused(f"Bearer tw_{hash_of(good)}")

    def test_it_refuses_what_is_revoked_expired_or_of_a_closed_account(self) -> None:
        alice = an_account()
        revoked, closed = a_token(alice), a_token(bob := an_account("bob"))
        token_revoke(token=Token.objects.get(sha256=hash_of(revoked)))
        expired = a_token(alice, expires=timezone.now() - timedelta(seconds=1))
        bob.user.is_active = False
        bob.user.save()
        for secret in (revoked, expired, closed):
            self.refused(f"Bearer {secret}")
            self.refused(f"Bearer {secret}", "tunes/", "POST")
            self.refused(f"Bearer {secret}", f"tunes/{a_queued_tune(Person('c')).pk}/events/")
        self.assertFalse(Token.objects.exclude(last_used=None).exists())

    def test_it_leaves_other_schemes_to_others(self) -> None:
        answer = self.program.get("/api/v1/tunes/", headers={"Authorization": "Basic YTpi"})
        self.assertEqual(answer.status_code, 200)

    def test_it_asks_for_a_token_where_one_is_needed(self) -> None:
        tune = a_gallery_tune(Person("alice"))
        for method, where in (
            ("GET", "me/"),
            ("GET", "me/tunes/"),
            ("PATCH", f"tunes/{tune.pk}/"),
            ("DELETE", f"tunes/{tune.pk}/"),
            ("POST", f"tunes/{tune.pk}/again/"),
            ("PUT", f"tunes/{tune.pk}/rating/"),
        ):
            with self.subTest(f"{method} {where}"):
                answer = self.program.generic(method, f"/api/v1/{where}", b"{}", content_type="application/json")
                self.assertEqual(self.assert_error(answer, 401)["code"], "token_needed")
                self.assertIn("Bearer", answer["WWW-Authenticate"])

    def test_it_does_not_act_for_whoever_is_signed_in_in_a_browser(self) -> None:
        alice = an_account()
        tune = a_ready_tune(alice)
        self.assertEqual(alice.get("/api/v1/me/").status_code, 401)
        self.assertEqual(alice.delete(f"/api/v1/tunes/{tune.pk}/").status_code, 401)
        self.assertIsNone(Tune.objects.get().deleted)


class ScopeTest(ApiCase):
    def test_it_writes_nothing_for_a_token_that_reads(self) -> None:
        alice = an_account()
        tune = a_ready_tune(alice)
        reading = shown(a_token(alice, scopes="read"))
        self.assertEqual(self.program.get(f"/api/v1/tunes/{tune.pk}/", headers=reading).status_code, 200)
        for method, where in (
            ("POST", "tunes/"),
            ("PATCH", f"tunes/{tune.pk}/"),
            ("DELETE", f"tunes/{tune.pk}/"),
            ("PUT", f"tunes/{tune.pk}/rating/"),
        ):
            with self.subTest(f"{method} {where}"):
                answer = self.program.generic(
                    method, f"/api/v1/{where}", b"{}", content_type="application/json", headers=reading
                )
                self.assertEqual(self.assert_error(answer, 403)["code"], "scope")
        self.assertIsNone(Tune.objects.get().deleted)


class TokenTest(ApiCase):
    def test_it_composes_for_the_account(self) -> None:
        alice = an_account()
        alice.profile.starts_as = "private"
        alice.profile.save()
        answer = self.send(GOOD, **shown(a_token(alice)))
        tune = Tune.objects.get(pk=answer.json()["id"])
        self.assertEqual((tune.maker, tune.owner, tune.visibility), (alice.profile.key, alice.profile, "private"))
        self.assertFalse(tune.by_program)
        self.assertEqual(self.program.get(f"/api/v1/tunes/{tune.pk}/").status_code, 404)
        own = self.program.get(f"/api/v1/tunes/{tune.pk}/", headers=shown(a_token(alice, scopes="read")))
        self.assertEqual(own.status_code, 200)

    def test_it_keeps_no_secret_and_remembers_when_it_was_used(self) -> None:
        secret = a_token(an_account())
        token = Token.objects.get()
        self.assertGreaterEqual(len(secret), 43)
        self.assertTrue(secret.startswith("tw_"))
        kept = " ".join(str(value) for value in Token.objects.values_list()[0])
        self.assertNotIn(secret, kept)
        self.assertNotIn(secret[10:], kept)
        self.assertTrue(secret.startswith(token.prefix))
        self.program.get("/api/v1/tunes/", headers=shown(secret))
        self.assertIsNotNone(Token.objects.get().last_used)

    def test_it_writes_the_time_of_use_once_a_minute(self) -> None:
        secret = a_token(an_account())
        just_now = timezone.now() - timedelta(seconds=30)
        Token.objects.update(last_used=just_now)
        self.program.get("/api/v1/tunes/", headers=shown(secret))
        self.assertEqual(Token.objects.get().last_used, just_now)
        Token.objects.update(last_used=just_now - timedelta(minutes=1))
        self.program.get("/api/v1/tunes/", headers=shown(secret))
        self.assertGreater(Token.objects.get().last_used, just_now)

    def test_it_tells_caches_that_the_token_matters(self) -> None:
        for where in ("tunes/", "composers/", "nothing/"):
            self.assertIn("Authorization", self.program.get(f"/api/v1/{where}")["Vary"])

    def test_it_gives_no_cookie_to_a_token(self) -> None:
        answer = self.send(GOOD, **shown(a_token(an_account())))
        self.assertEqual(answer.cookies, {})


class ThrottleTest(ApiCase):
    def setUp(self) -> None:
        super().setUp()
        from django.core.cache import cache

        cache.clear()
        self.addCleanup(cache.clear)

    @override_settings(API_PER_MINUTE_ADDRESS=3)
    def test_it_counts_programs_without_a_token_by_their_address(self) -> None:
        for _ in range(3):
            self.assertEqual(self.program.get("/api/v1/composers/").status_code, 200)
        answer = self.program.get("/api/v1/tunes/")
        self.assertEqual(self.assert_error(answer, 429)["code"], "throttled")
        self.assertTrue(1 <= int(answer["Retry-After"]) <= 60)
        self.assertEqual(Client(REMOTE_ADDR="10.0.0.9").get("/api/v1/tunes/").status_code, 200)
        self.assertEqual(self.program.get("/api/v1/tunes/", headers=shown(a_token(an_account()))).status_code, 200)

    @override_settings(API_PER_MINUTE_TOKEN=3, API_WRITES_PER_MINUTE_TOKEN=1)
    def test_it_counts_each_token_and_its_writes(self) -> None:
        one, two = shown(a_token(an_account())), shown(a_token(an_account("bob")))
        self.assertEqual(self.send(GOOD, **one).status_code, 202)
        self.assert_error(self.send(GOOD, **one), 429)
        self.assertEqual(self.program.get("/api/v1/tunes/", headers=one).status_code, 200)
        self.assert_error(self.program.get("/api/v1/tunes/", headers=one), 429)
        self.assertEqual(self.send(GOOD, **two).status_code, 202)


class TokensPageTest(TestCase):
    def setUp(self) -> None:
        self.alice = recently(an_account())

    def make(self, **sent: str):
        return self.alice.post("/my/tokens/", {"name": "diary", "scopes": "read", "lasts": "90"} | sent)

    def test_it_is_for_those_who_are_signed_in(self) -> None:
        for person in (Client(), Person("bob")):
            self.assertIn("/account/login/", person.get("/my/tokens/").url)
            self.assertIn("/account/login/", person.post("/my/tokens/", {"name": "x", "scopes": "read"}).url)
        self.assertEqual(self.alice.get("/my/tokens/").status_code, 200)

    def test_it_asks_for_the_password_once_more(self) -> None:
        answer = an_account("bob").post("/my/tokens/", {"name": "x", "scopes": "read"})
        self.assertIn("/account/reauthenticate/", answer.url)
        self.assertFalse(Token.objects.exists())

    def test_it_refuses_what_is_no_token(self) -> None:
        for sent in (
            {"name": ""},
            {"name": " \x1f "},
            {"name": "a\x00b"},
            {"name": "x" * 61},
            {"name": "\U0001d160" * 60},
            {"scopes": ""},
            {"scopes": "admin"},
            {"scopes": "write"},
            {"lasts": "-1"},
            {"lasts": "1e9"},
        ):
            with self.subTest(str(sent)[:40]):
                self.assertEqual(self.make(**sent).status_code, 422)
        self.assertFalse(Token.objects.exists())

    def test_it_shows_a_token_once(self) -> None:
        answer = self.make(name="<b>diary</b>")
        self.assertContains(answer, "&lt;b&gt;diary")
        secret = answer.context["secret"]
        self.assertContains(answer, secret)
        self.assertIn("no-store", answer["Cache-Control"])
        token = Token.objects.get()
        self.assertEqual((token.profile, token.scopes), (self.alice.profile, "read"))
        self.assertAlmostEqual(token.expires, timezone.now() + timedelta(days=90), delta=timedelta(minutes=1))
        self.assertNotContains(self.alice.get("/my/tokens/"), secret)
        self.assertContains(self.alice.get("/my/tokens/"), token.prefix)

    def test_it_makes_no_second_token_when_the_page_is_sent_again(self) -> None:
        self.make()
        self.assertEqual(self.make().status_code, 422)
        self.assertEqual(Token.objects.count(), 1)
        token_revoke(token=Token.objects.get())
        self.assertEqual(self.make(lasts="").status_code, 200)
        self.assertIsNone(Token.objects.get(revoked=None).expires)

    def test_it_makes_only_so_many(self) -> None:
        for number in range(MOST_TOKENS):
            token_make(profile=self.alice.profile, name=f"program {number}", scopes="read")
        self.assertEqual(self.make().status_code, 422)

    def test_it_revokes_ones_own_alone(self) -> None:
        secret = a_token(self.alice)
        token, bob = Token.objects.get(), an_account("bob")
        self.assertEqual(bob.post(f"/my/tokens/{token.pk}/revoke/").status_code, 404)
        self.assertNotContains(bob.get("/my/tokens/"), token.prefix)
        self.assertEqual(Client().get("/api/v1/me/", headers=shown(secret)).status_code, 200)
        self.assertEqual(self.alice.get(f"/my/tokens/{token.pk}/revoke/").status_code, 405)
        self.assertEqual(self.alice.post(f"/my/tokens/{token.pk}/revoke/").status_code, 302)
        self.assertEqual(Client().get("/api/v1/me/", headers=shown(secret)).status_code, 401)
        self.assertNotContains(self.alice.get("/my/tokens/"), token.prefix)
        self.assertEqual(self.alice.post(f"/my/tokens/{token.pk}/revoke/").status_code, 404)
        self.assertEqual(self.alice.post(f"/my/tokens/{10**30}/revoke/").status_code, 404)
