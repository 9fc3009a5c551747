"""Whoever the menu offers: asked on the page for a piece, which is drawn, plays, and is not silent."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from generator import composer_cards
from tests.browser.browsing import BrowserCase

LONGEST = 240_000  # milliseconds; the slowest of them wait for the others on a busy machine
TRIES = 3  # some throw away what they wrote, and may find nothing to keep
PROMPT = "a calm evening by the river"


class EveryComposerTest(BrowserCase):
    with_worker = True

    def test_each_composes_a_piece_that_is_drawn_and_heard(self) -> None:
        page = self.visitor()
        names = self.offered(page)
        self.assertEqual(set(names), {card.name for card in composer_cards()})
        asked = {name: self.ask(page, name) for name in names}  # all at once: the worker has its hands full
        for name, address in asked.items():
            with self.subTest(name):
                self.come(page, name, address)
                expect(page.locator(".sheet .abcjs-note").first).to_be_visible()
                self.heard(page)

    def offered(self, page: Page) -> list[str]:
        page.goto("/")
        return page.locator("#composer option").evaluate_all("(options) => options.map(({ value }) => value)")

    def ask(self, page: Page, name: str) -> str:
        """The address of the piece that is to come."""
        page.goto("/")
        page.get_by_text("Change", exact=True).click()
        page.get_by_label("Composer", exact=True).select_option(name)
        page.get_by_label("What should it feel like?").fill(PROMPT)
        page.get_by_role("button", name="Compose", exact=True).click()
        page.wait_for_url("**/tunes/*/")
        return page.url

    def come(self, page: Page, name: str, address: str) -> None:
        """Opens it and waits; one that came to nothing is asked for anew, as a person would."""
        for left in reversed(range(TRIES)):
            page.goto(address)
            done = page.locator("[data-tune][data-status=ready], [data-tune][data-status=failed]")
            expect(done).to_be_attached(timeout=LONGEST)
            if done.get_attribute("data-status") == "ready":
                return
            address = self.ask(page, name) if left else address
        self.fail(f"{name} found nothing to keep in {TRIES} tries.")

    def heard(self, page: Page) -> None:
        page.get_by_role("button", name="Play", exact=True).click()
        self.until_player(page, "player.playing && player.now > 0.1")
        self.assertGreater(self.player(page, "return rms();"), 0.01)
        page.get_by_role("button", name="Pause", exact=True).click()
