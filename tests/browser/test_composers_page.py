"""The page of composers in a browser: legible pictures, samples that play, a menu that says what cannot be asked."""

from __future__ import annotations

from unittest import skipUnless

from playwright.sync_api import expect

from generator import player_cards
from tests.browser.browsing import DESK, PHONE, BrowserCase
from tests.browser.test_renditions import RMS

HIGHEST = 500  # pixels that a row takes on a phone before anything in it is opened, and as many for each version
SMALLEST = """() => Math.min(...[...document.querySelectorAll(".architecture text, .curve text")].map((text) =>
  parseFloat(getComputedStyle(text).fontSize) * text.ownerSVGElement.getScreenCTM().a))"""
OUTSIDE = """() => [...document.querySelectorAll(".architecture text")].filter((text) => {
  const [own, all] = [text.getBoundingClientRect(), text.ownerSVGElement.getBoundingClientRect()];
  return own.left < all.left || own.right > all.right;
}).map((text) => text.textContent)"""
HEARD = """async (card) => {
  const wave = card.tunePlayer.buffer.getChannelData(0);
  return Math.sqrt(wave.reduce((sum, one) => sum + one * one, 0) / wave.length);
}"""


class ComposersPageTest(BrowserCase):
    def test_it_can_be_read_in_both_themes_on_a_phone_and_on_a_desk(self) -> None:
        for viewport in (PHONE, DESK):
            page = self.visitor(viewport=viewport)
            page.goto("/composers/")
            self.look(page)
            page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
            expect(page.locator(".architecture svg").first).to_be_visible()
            expect(page.locator(".sample svg .abcjs-note").first).to_be_visible()
            self.look(page)
            self.assertGreaterEqual(page.evaluate(SMALLEST), 12)
            self.assertEqual(page.evaluate(OUTSIDE), [])

    def test_its_rows_are_short_on_a_phone_and_the_table_leads_to_each(self) -> None:
        page = self.visitor(viewport=PHONE)
        page.goto("/composers/")
        for height, versions in page.locator(".composer").evaluate_all(
            "(rows) => rows.map((row) => [row.offsetHeight, row.querySelectorAll('.version').length])"
        ):
            self.assertLess(height, HIGHEST * (1 + versions))
        links = page.get_by_role("region", name="Table of all composers").get_by_role("link")
        self.assertGreater(links.count(), 2)
        for at in range(links.count()):
            links.nth(at).click()
            expect(page.locator(":target")).to_be_in_viewport()
            expect(page.locator(":target")).to_contain_text(links.nth(at).inner_text())

    def test_its_samples_are_drawn_and_heard(self) -> None:
        page = self.visitor()
        page.goto("/composers/")
        card = page.locator("[data-card]").first
        card.scroll_into_view_if_needed()
        card.locator("summary").click()
        expect(card.locator("svg .abcjs-note").first).to_be_visible()
        card.get_by_role("button").click()
        expect(card.get_by_role("button")).to_have_attribute("aria-pressed", "true")
        page.wait_for_timeout(1500)
        self.assertGreater(card.evaluate(HEARD), 0.01)

    @skipUnless(player_cards(), "no trained player ships")
    def test_a_players_recordings_are_heard(self) -> None:
        page = self.visitor()
        page.goto("/composers/")
        for recording in page.locator(".sample audio").all():
            self.assertGreater(recording.evaluate(RMS), 0.02)

    def test_the_menu_has_a_sentence_for_the_chosen_composer(self) -> None:
        page = self.visitor()
        page.goto("/")
        page.get_by_text("Change", exact=True).click()
        says = page.locator("[data-composer-says] [data-of]")
        expect(says.locator("visible=true")).to_have_count(1)
        expect(says.locator("visible=true")).to_contain_text("Ours")
        page.get_by_label("Composer", exact=True).select_option("folkrnn")
        expect(says.locator("visible=true")).to_contain_text("The peer")

    def test_what_a_composer_cannot_take_is_shown_as_not_available_and_not_sent(self) -> None:
        page = self.visitor(reduced_motion="reduce")  # of a button that changes its colour, the last one counts
        page.goto("/")
        page.get_by_text("Change", exact=True).click()
        page.locator("#composer option[value=folkrnn]").evaluate(
            'option => Object.assign(option.dataset, { takes: "key tempo_qpm", hears: "no" })'
        )
        page.get_by_label("Meter", exact=True).select_option("6/8")
        page.get_by_label("Composer", exact=True).select_option("folkrnn")
        expect(page.get_by_label("Meter", exact=True)).to_be_disabled()
        expect(page.get_by_label("Key", exact=True)).to_be_enabled()
        expect(page.locator("[data-condition=meter] [data-not-taken]")).to_be_visible()
        page.get_by_label("What should it feel like?").fill("hopeful")
        expect(page.get_by_text("hears no feeling. This is what we understand")).to_be_visible()
        self.assertNotIn(
            "meter=",
            page.evaluate("() => new URLSearchParams(new FormData(document.querySelector('form'))).toString()"),
        )
        self.look(page)
        page.get_by_label("Composer", exact=True).select_option("transformer")
        expect(page.get_by_label("Meter", exact=True)).to_be_enabled()
        expect(page.get_by_label("Meter", exact=True)).to_have_value("6/8")
