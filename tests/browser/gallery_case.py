"""A gallery of two pages for the browser's tests: short tunes, quick enough that a radio gets on."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.browsing import BrowserCase
from tests.builders import Person, a_gallery_tune, an_account
from webapp.tunes.models import Tune

TUNES = 27  # one page of 24, and three
RHYTHMS = ("reel", "jig", "waltz")
MELODIES = ("DFAd BAFD", "GBdg dBGB", "Aceg ecAB")


def an_abc(melody: str) -> str:
    """One bar and a chord, over in a second."""
    return f'X:1\nT:Short\nM:4/4\nL:1/8\nQ:1/4=240\nK:D\n"D"{melody}|]\n'


def a_full_gallery() -> list[Tune]:
    """The newest first; tune n is in rhythm n modulo 3, and the first half of them is glad."""
    alice = an_account("alice")
    now = timezone.now()
    return [
        a_gallery_tune(
            alice if at == 0 else Person(f"maker{at}"),
            owner=alice.profile if at == 0 else None,
            title=f"Tune {at + 1}",
            abc=an_abc(MELODIES[at % 3]),
            conditions={"rhythm": RHYTHMS[at % 3], "key": "D", "mode": "major", "meter": "4/4", "bars": 8 + at},
            valence=0.5 if at < TUNES // 2 else -0.5,
            arousal=0.5 if at % 2 else -0.5,
            published=now - timedelta(minutes=at),
            stars_sum=at,
            stars_count=min(at, 5),
        )
        for at in range(TUNES)
    ]


class GalleryCase(BrowserCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.tunes = a_full_gallery()

    def gallery(self, path: str = "/gallery/", **options: object) -> Page:
        page = self.visitor(**options)
        page.goto(path)
        if page.locator("[data-cards]").count():
            expect(page.locator("[data-card-play]").first).to_be_visible()
        return page

    def until(self, page: Page, condition: str, card: int | None = None) -> None:
        """Waits inside the page, whose own policy forbids wait_for_function; `player` is the card's."""
        where = page.locator("[data-card]").nth(card) if card is not None else page.locator("body")
        seen = where.evaluate(
            f"""async (element) => {{
              const radio = () => document.querySelector("[data-radio]").radio;
              for (let turn = 0; turn < 800; turn += 1) {{
                const player = element.tunePlayer;
                if ({condition}) return true;
                await new Promise((next) => setTimeout(next, 25));
              }}
              return false;
            }}"""
        )
        self.assertTrue(seen, f"not seen in 20 s: {condition}")
