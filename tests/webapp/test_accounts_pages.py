"""Every page about an account in our own frame: labels, no inline style or script, nothing of allauth's own look."""

from __future__ import annotations

import re
from pathlib import Path

import allauth
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.builders import PASSWORD, Person, an_account
from tests.webapp.account_forms import AccountCase
from tests.webapp.routes import routes

OURS = Path(settings.BASE_DIR) / "templates"
THEIRS = Path(allauth.__file__).parent / "templates"
# Of what is switched off, and parts of pages that ours do not have.
NOT_SHOWN = r"webauthn|phone|code|passkey|trust|snippets/|base_|/base\.html"


def seen(names: list[str]) -> list[str]:
    named = (name for name in names if not re.search(NOT_SHOWN, name.replace("recovery_codes", "spare")))
    return sorted(named)


class PagesTest(AccountCase):
    def pages(self) -> list[tuple[str, HttpResponse]]:
        sure = an_account("alice")
        sure.post("/account/reauthenticate/", {"password": PASSWORD})
        own = ("settings", "leave", "goodbye", "maker")
        found = []
        for route in routes():
            if route.pattern.startswith("account/") or route.name in own:
                path = reverse(route.name, kwargs=route.filled(slug=sure.profile.slug))
                found += [(path, person.get(path)) for person in (Person("charlie"), sure, an_account("bob"))]
        return [(path, answer) for path, answer in found if answer.status_code == 200]

    def test_it_stands_in_our_frame_with_nothing_inline(self) -> None:
        pages = self.pages()
        self.assertGreater(len(pages), 30)
        for path, answer in pages:
            if not answer.headers["Content-Type"].startswith("text/html"):
                continue
            with self.subTest(path):
                text = answer.content.decode()
                self.assertEqual(text.count('class="masthead"'), 1)
                self.assertEqual(text.count("<h1"), 1)
                self.assertNotRegex(text, r"\sstyle=|\son\w+=|<style|<script>|<script [^>]*json")
                self.assertNotIn("example.com", text)

    def test_it_labels_every_field_and_helps_browsers_to_fill_it(self) -> None:
        for path, answer in self.pages():
            text = answer.content.decode()
            for field in re.findall(r"<(?:input|textarea)[^>]*>", text):
                if 'type="hidden"' in field or "maker" in path:
                    continue
                with self.subTest(f"{path} {field}"):
                    identity = re.search(r'\sid="([^"]+)"', field)
                    self.assertIsNotNone(identity)
                    self.assertIn(f'for="{identity[1]}"', text)
                    self.assertNotIn("placeholder", field)
                    if re.search(r'type="(password|email|text)"', field):
                        self.assertRegex(field, r'autocomplete="[\w-]+"')

    def test_it_has_a_page_of_ours_for_each_of_allauths(self) -> None:
        for folder in ("account", "mfa", "usersessions"):
            theirs = [str(path.relative_to(THEIRS)) for path in (THEIRS / folder).rglob("*.*")]
            missing = [name for name in seen(theirs) if not (OURS / name).exists() and not name.endswith("email.html")]
            self.assertEqual(missing, [], "pages, letters or messages that allauth words itself")

    def test_it_shows_a_page_of_allauths_in_our_frame_all_the_same(self) -> None:
        base = (OURS / "allauth" / "layouts" / "base.html").read_text()
        self.assertIn('{% extends "base.html" %}', base)

    def test_it_offers_no_page_without_its_address(self) -> None:
        self.assertEqual(Client().get("/account/").url, "/account/login/")
        self.assertEqual(Client().get("/account/social/login/cancelled/").status_code, 404)
