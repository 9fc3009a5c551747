"""What people do at the forms of accounts, and the letters they get."""

from __future__ import annotations

import re

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, SimpleTestCase, TestCase, TransactionTestCase, override_settings

from tests.builders import PASSWORD

ADDRESS = "alice@example.org"
QUICK = ["tests.webapp.account_forms.QuickHasher"]
NEW_PASSWORD = "another lantern, another tide"


class QuickHasher(PBKDF2PasswordHasher):
    """Django's own hashes a million times over, which is right for people and slow for tests."""

    iterations = 1

    def must_update(self, encoded: str) -> bool:
        return False


class AccountForms(SimpleTestCase):
    databases = {"default"}

    def setUp(self) -> None:
        cache.clear()  # attempts are counted there

    def sign_up(self, person: Client, email: str = ADDRESS, **changes: str) -> HttpResponse:
        sent = {"name": "Alice", "email": email, "password1": PASSWORD} | changes
        return person.post("/account/signup/", sent)

    def sign_in(self, person: Client, email: str = ADDRESS, password: str = PASSWORD, **changes: str) -> HttpResponse:
        return person.post("/account/login/", {"login": email, "password": password} | changes)

    def sign_out(self, person: Client) -> HttpResponse:
        return person.post("/account/logout/")

    def confirm(self, person: Client) -> HttpResponse:
        """Opens the link of the last letter and says yes."""
        link = self.link("/account/confirm-email/")
        self.assertEqual(person.get(link).status_code, 200)
        return person.post(link)

    def link(self, path: str) -> str:
        found = re.search(rf"https?://\S+?({re.escape(path)}\S+)", mail.outbox[-1].body)
        self.assertIsNotNone(found, mail.outbox[-1].body)
        return found[1]

    def who(self, person: Client) -> str:
        """The name in the masthead; empty for somebody not signed in."""
        profile = person.get("/about/").wsgi_request.listener.profile
        return profile.name if profile else ""

    def assertSays(self, answer: HttpResponse, words: str, status: int = 200) -> None:
        self.assertContains(answer, words, status_code=status)


@override_settings(PASSWORD_HASHERS=QUICK)
class AccountCase(AccountForms, TestCase):
    pass


@override_settings(PASSWORD_HASHERS=QUICK)
class CommittedAccountCase(AccountForms, TransactionTestCase):
    """For what happens once a transaction is through."""
