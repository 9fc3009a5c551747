"""A token made by keyboard alone, used by a program, and revoked; and the page for developers with everything open."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

from django.contrib.auth.models import User
from playwright.sync_api import expect

from tests.browser.browsing import NARROW, BrowserCase
from tests.builders import PASSWORD, a_ready_tune, an_account


class TokensTest(BrowserCase):
    maxDiff = None

    def setUp(self) -> None:
        self.addCleanup(User.objects.all().delete)

    def ask(self, where: str, secret: str) -> tuple[int, dict]:
        asked = urllib.request.Request(f"{self.site.url}{where}", headers={"Authorization": f"Bearer {secret}"})
        try:
            with urllib.request.urlopen(asked, timeout=20) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def test_it_makes_uses_and_revokes_a_token_by_keyboard(self) -> None:
        alice = an_account("alice")
        tune = a_ready_tune(alice, visibility="private")
        page = self.visitor(alice, viewport=NARROW)
        page.goto("/my/tokens/")
        self.look(page)
        page.get_by_label("What is it for?").focus()
        page.keyboard.type("my practice diary")
        page.keyboard.press("Enter")
        page.wait_for_url("**/account/reauthenticate/**")
        page.locator("main [name=password]").focus()
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="“my practice diary” is ready")).to_be_visible()
        self.look(page)
        secret = page.locator("#secret").inner_text()
        told = self.ask("/api/v1/me/tunes/", secret)
        self.assertEqual((told[0], [row["id"] for row in told[1]["results"]]), (200, [tune.pk]))
        page.goto("/my/tokens/")
        self.assertNotIn(secret, page.content())
        page.get_by_role("button", name="revoke my practice diary").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("“my practice diary” is revoked")).to_be_visible()
        self.look(page)
        self.assertEqual(self.ask("/api/v1/me/tunes/", secret)[0], 401)

    def test_it_opens_every_part_of_the_page_for_developers(self) -> None:
        page = self.visitor(viewport=NARROW)
        page.goto("/developers/")
        self.look(page)
        summary = page.locator("#composing ~ details summary").first
        summary.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#composing ~ details .told").first).to_be_visible()
        page.locator("#composing ~ details .answers a").first.click()
        expect(page.locator(page.url[page.url.index("#") :])).to_be_visible()
        page.evaluate("() => document.querySelectorAll('details').forEach((part) => { part.open = true; })")
        self.look(page)

    def test_it_shows_the_page_without_scripts(self) -> None:
        page = self.visitor(java_script_enabled=False)
        page.goto("/developers/")
        expect(page.get_by_role("heading", name="For programs")).to_be_visible()
        expect(page.locator("[data-copy]").first).to_be_hidden()
