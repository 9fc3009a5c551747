"""A code from an app beside the password: set up, asked for, done without, and the spare codes for a lost phone."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client

from tests.builders import PASSWORD, an_account
from tests.webapp.account_forms import ADDRESS, AccountCase, AccountForms, CommittedAccountCase


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


class Owner(AccountForms):
    def setUp(self) -> None:
        super().setUp()
        self.alice = an_account("alice", email=ADDRESS)

    def once_more(self, path: str) -> object:
        """The page, after the password that is asked for before it."""
        answer = self.alice.get(path)
        self.assertTrue(answer.url.startswith("/account/reauthenticate/"))
        return self.alice.post(answer.url, {"password": PASSWORD}, follow=True)

    def set_up(self) -> str:
        page = self.once_more("/account/2fa/totp/activate/")
        secret = page.context["form"].secret
        self.assertEqual(self.alice.post("/account/2fa/totp/activate/", {"code": code_of(secret)}).status_code, 302)
        return secret


class SecondFactorTest(Owner, AccountCase):
    def test_it_shows_a_square_to_scan_and_the_same_in_letters(self) -> None:
        page = self.once_more("/account/2fa/totp/activate/")
        self.assertContains(page, 'src="data:image/svg+xml;base64,')
        self.assertContains(page, page.context["form"].secret)
        self.assertIn("img-src 'self' data:", page.headers["Content-Security-Policy"])

    def test_it_sets_up_only_by_a_right_code(self) -> None:
        self.once_more("/account/2fa/totp/activate/")
        for code in ("", "abc", "123", "\0", "9" * 100_000):
            answer = self.alice.post("/account/2fa/totp/activate/", {"code": code})
            self.assertTrue(answer.context["form"].errors["code"], code[:5])
        self.assertFalse(Authenticator.objects.exists())

    def test_it_asks_for_the_code_before_it_lets_anybody_in(self) -> None:
        secret = self.set_up()
        phone = Client()
        self.assertEqual(self.sign_in(phone).url, "/account/2fa/authenticate/")
        self.assertEqual(self.who(phone), "")
        self.assertSays(phone.get("/account/2fa/authenticate/"), "six figures")
        self.assertSays(phone.post("/account/2fa/authenticate/", {"code": "000000"}), "This code is not right")
        self.assertEqual(self.who(phone), "")
        phone.post("/account/2fa/authenticate/", {"code": code_of(secret)})
        self.assertEqual(self.who(phone), "Alice")

    def test_it_answers_a_form_without_a_code_in_peace(self) -> None:
        self.set_up()
        phone = Client()
        self.sign_in(phone)
        self.assertEqual(phone.post("/account/2fa/authenticate/", {}).status_code, 200)

    def test_it_lets_a_spare_code_in_once(self) -> None:
        self.set_up()
        code = self.alice.get("/account/2fa/recovery-codes/").context["unused_codes"][0]
        for wanted in ("Alice", ""):
            phone = Client()
            self.sign_in(phone)
            phone.post("/account/2fa/authenticate/", {"code": code})
            self.assertEqual(self.who(phone), wanted)

    def test_it_hands_spare_codes_out_as_a_file(self) -> None:
        self.set_up()
        codes = self.alice.get("/account/2fa/recovery-codes/").context["unused_codes"]
        told = self.alice.get("/account/2fa/recovery-codes/download/")
        self.assertEqual(len(codes), 10)
        self.assertTrue(all(code in told.content.decode() for code in codes))
        self.alice.post("/account/2fa/recovery-codes/generate/")
        self.assertNotEqual(self.alice.get("/account/2fa/recovery-codes/").context["unused_codes"], codes)

    def test_it_can_be_done_without_again(self) -> None:
        self.set_up()
        self.assertSays(self.alice.get("/account/2fa/"), "Do without it")
        self.alice.post("/account/2fa/totp/deactivate/")
        phone = Client()
        self.sign_in(phone)
        self.assertEqual(self.who(phone), "Alice")

    def test_it_wants_a_confirmed_address_first(self) -> None:
        bob = an_account("bob", verified=False)
        bob.post("/account/reauthenticate/", {"password": PASSWORD})
        self.assertSays(bob.get("/account/2fa/"), "confirm that")
        self.assertNotContains(bob.get("/account/2fa/"), "Set it up")
        self.assertContains(self.alice.get("/account/2fa/"), "Set it up")
        page = bob.get("/account/2fa/totp/activate/", follow=True)
        self.assertSays(page, "Confirm your address first")

    def test_it_offers_no_keys_and_no_codes_by_mail(self) -> None:
        for path in ("webauthn/", "webauthn/add/", "trust/"):
            self.assertEqual(self.alice.get(f"/account/2fa/{path}").status_code, 404)
        self.assertEqual(Client().get("/account/login/code/").status_code, 404)
        self.assertEqual(Client().get("/account/signup/passkey/").status_code, 404)


class LettersTest(Owner, CommittedAccountCase):
    def test_it_writes_when_the_second_factor_comes_and_when_it_goes(self) -> None:
        self.set_up()
        self.assertEqual(mail.outbox[-1].subject, "Your Tunewright account has a second factor")
        self.alice.post("/account/2fa/recovery-codes/generate/")
        self.assertEqual(mail.outbox[-1].subject, "New spare codes for Tunewright")
        self.alice.post("/account/2fa/totp/deactivate/")
        self.assertIn("no longer asks for a code", " ".join(letter.body for letter in mail.outbox))
        for letter in mail.outbox:
            self.assertNotIn("127.0.0.1", letter.body)
            self.assertNotRegex(letter.body, r"[{}<>]|&\w+;")
