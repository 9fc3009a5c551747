"""Everybody can use the gallery: axe-core in every state and both themes, the smallest phone, keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.axe import wrongs
from tests.browser.browsing import DESK, NARROW, PHONE, TOO_WIDE
from tests.browser.gallery_case import GalleryCase


def _open(*names: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        for name in names:
            page.get_by_text(name, exact=True).click()

    return act


def _nothing(page: Page) -> None:
    """As it comes."""


def _draw(page: Page) -> None:
    page.get_by_text("By mood", exact=True).click()
    box = page.locator("[data-mood-face]").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.3)


def _melody(page: Page) -> None:
    page.get_by_text("By melody", exact=True).click()
    for at in (2, 6, 9, 14):
        page.locator("[data-note]").nth(at).click()
    expect(page.locator("[data-melody-staff] .abcjs-note")).to_have_count(4)


def _radio(page: Page) -> None:
    page.get_by_role("button", name="Play all").click()
    expect(page.locator("[data-card][aria-current]")).to_have_count(1)
    page.get_by_label("Radio").get_by_role("button", name="Pause").click()


STATES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "plain": ("/gallery/", _nothing),
    "asked for much": ("/gallery/?rhythm=jig&valence_high=0.5&words=tune&sort=best", _nothing),
    "mood open": ("/gallery/", _draw),
    "keyboard open": ("/gallery/", _melody),
    "radio": ("/gallery/", _radio),
    "nothing found": ("/gallery/?rhythm=jig&mode=phrygian", _nothing),
    "errors": ("/gallery/?notes=D&key=H&bars_low=x&valence_low=9&tag=" + "t" * 41, _nothing),
}


class MannersTest(GalleryCase):
    def reach(self, state: str, **options: object) -> Page:
        path, act = STATES[state]
        page = self.gallery(path, reduced_motion="reduce", **options)
        if options.get("viewport") != DESK and page.locator("[data-filters]:not([open])").count():
            page.get_by_text("Filters").first.click()
        act(page)
        page.watched.forgive("422")
        return page

    def test_axe_finds_nothing_in_any_state_in_either_theme(self) -> None:
        for state in STATES:
            for viewport in (DESK, PHONE):
                page = self.reach(state, viewport=viewport)
                for theme in ("light", "dark"):
                    with self.subTest(state=state, theme=theme, width=viewport["width"]):
                        page.emulate_media(color_scheme=theme)
                        expect(page.locator("html")).to_have_attribute("data-theme", theme)
                        self.assertEqual(wrongs(page), [])
                page.context.close()

    def test_nothing_is_wider_than_the_smallest_phone(self) -> None:
        for state in STATES:
            with self.subTest(state):
                page = self.reach(state, viewport=NARROW)
                self.assertLessEqual(page.evaluate(TOO_WIDE), 0)
                page.context.close()

    def test_a_keyboard_alone_finds_and_plays(self) -> None:
        page = self.gallery()
        page.get_by_role("searchbox").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")  # over the button to the melody
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.type("gbdge")
        page.keyboard.press("Tab")
        expect(page.get_by_label("Notes", exact=True)).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_url("**/gallery/?notes=*")
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches('[data-play-all]')"):
                break
        page.keyboard.press("Enter")
        self.until(page, "player?.playing", card=0)

    def test_nothing_jumps_while_the_cards_are_drawn(self) -> None:
        page = self.visitor()
        page.add_init_script(
            "window.jumps = 0; new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => {"
            " window.jumps += value; })).observe({ type: 'layout-shift', buffered: true });"
        )
        page.goto("/gallery/")
        expect(page.locator("[data-card] svg .abcjs-note").first).to_be_visible()
        page.wait_for_timeout(500)
        self.assertLess(page.evaluate("window.jumps"), 0.02)
