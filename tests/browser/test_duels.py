"""A listener without a mouse hears two real tunes, chooses, is told whose they were, and guesses human or machine."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Page, Response, expect

from generator import composer_cards
from tests.browser.axe import wrongs
from tests.browser.browsing import NARROW, PHONE, TOO_WIDE, BrowserCase
from tests.webapp.processes import until
from webapp.duels.house import composer_names
from webapp.duels.models import Guess, Maker, Pair, Riddle, Side, Standing, Vote

MOST_TABS = 40
BOOKS = 120_000  # milliseconds; the first to ask waits until the books are opened


class DuelsTest(BrowserCase):
    with_worker = True

    def press(self, page: Page, name: str | re.Pattern) -> None:
        """Gets to a button by the tab key alone, and presses it."""
        button = page.get_by_role("button", name=name)
        for _ in range(MOST_TABS):
            page.keyboard.press("Tab")
            if button.evaluate("(node) => node === document.activeElement"):
                page.keyboard.press("Enter")
                return
        raise AssertionError(f"The tab key does not come to {name}")

    def drawn(self, page: Page, count: int) -> None:
        for at in range(count):
            expect(page.locator("[data-sheet] svg").nth(at)).to_be_visible()
        expect(page.locator("[data-listen]").first).to_be_visible()

    def playing(self, page: Page) -> list[bool]:
        return page.locator("[data-listen]").evaluate_all("(all) => all.map((one) => one.tunePlayer.playing)")

    def until_playing(self, page: Page, wanted: list[bool]) -> None:
        for _ in range(200):
            if self.playing(page) == wanted:
                return
            page.wait_for_timeout(50)
        self.assertEqual(self.playing(page), wanted)

    def test_it_chooses_by_keyboard_alone_and_is_told_whose_was_whose(self) -> None:
        page, served = self.visitor(), []
        page.on("response", lambda answer: served.append(answer))
        page.goto("/duels/")
        self.press(page, "Hear two tunes")
        page.wait_for_url(re.compile(r"/duels/[\w-]{22}/$"))
        expect(page.get_by_role("heading", name="The second", exact=True)).to_be_visible()
        self.drawn(page, 2)
        self.press(page, "Play the first tune")
        self.until_playing(page, [True, False])
        self.press(page, "Play the second tune")
        self.until_playing(page, [False, True])
        self.silent(page, served)
        self.press(page, "This one, the first")
        expect(page.get_by_role("heading", level=1)).to_contain_text("You preferred")
        vote = Vote.objects.get(pair=page.url.split("/")[-2])
        self.assertEqual((vote.was_first, vote.heard), (True, 2))
        titles = {card.name: card.title for card in composer_cards()}
        for side in Side.objects.filter(pair=vote.pair_id):
            expect(page.get_by_role("link", name=titles[side.composer], exact=True)).to_be_visible()
        self.drawn(page, 2)
        before = page.url
        self.press(page, "Next")
        page.wait_for_url(lambda url: "/duels/" in url and url != before)
        expect(page.get_by_role("heading", name="The second", exact=True)).to_be_visible()

    def silent(self, page: Page, served: list[Response]) -> None:
        """Nothing that has come so far, and nothing that stands in the page now, tells whose is whose."""
        rivals = [card for card in composer_cards() if card.name in composer_names()]
        secrets = {word for card in rivals for word in (card.name, card.title, card.checkpoint)}
        for side in Pair.objects.get(pk=page.url.split("/")[-2]).sides.select_related("tune"):
            secrets |= {side.tune_id, side.tune.title, side.tune.checkpoint}
        texts = [page.content(), json.dumps(page.evaluate("() => ({ ...localStorage, ...sessionStorage })"))]
        texts += [f"{answer.url} {answer.headers}" for answer in served]
        # Fetched again, as whoever looks behind the page would.
        own = {answer.url for answer in served if answer.request.method == "GET" and "samples" not in answer.url}
        texts += [page.request.get(address).text() for address in own if not address.endswith("woff2")]
        self.assertGreater(len(texts), 20)
        for text in texts:
            for secret in secrets:
                self.assertNotIn(secret.lower(), text.lower())

    def test_it_guesses_and_is_told_what_it_was(self) -> None:
        page = self.visitor(viewport=PHONE)
        page.goto("/duels/human/")
        self.press(page, "Hear a tune")
        page.wait_for_url(re.compile(r"/duels/human/[\w-]{22}/$"), timeout=BOOKS)
        self.drawn(page, 1)
        self.assertEqual(set(Riddle.objects.values_list("kind", flat=True)), set(Maker))
        self.press(page, "A human wrote this")
        expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("Right, a human|No, a machine"))
        guess = Guess.objects.get(riddle=page.url.split("/")[-2])
        about = guess.riddle.source if guess.riddle.kind == Maker.HUMAN else "written here by"
        expect(page.get_by_text(about)).to_be_visible()
        kind = Standing.Kind.MISTAKEN if guess.riddle.kind == Maker.HUMAN else Standing.Kind.FOOLED
        until(lambda: Standing.objects.filter(kind=kind, count=1).exists(), seconds=100, every=0.2)
        page.goto("/duels/ranking/")
        expect(page.get_by_text("1 of 1").or_(page.get_by_text("0 of 1")).first).to_be_visible()

    def test_every_page_of_it_is_open_to_all_in_both_themes_and_at_every_width(self) -> None:
        page = self.visitor(reduced_motion="reduce")
        for path in self.pages(page):
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme)
                page.goto(path)
                self.assertEqual(wrongs(page), [], f"{path} in {theme}")
            for size in (NARROW, PHONE):
                page.set_viewport_size(size)
                self.assertLessEqual(page.evaluate(TOO_WIDE), 0, f"{path} at {size['width']}")

    def pages(self, page: Page) -> list[str]:
        page.goto("/duels/")
        page.get_by_role("button", name="Hear two tunes").click()
        self.drawn(page, 2)
        page.get_by_role("button", name="This one, the second").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("You preferred")
        told = page.url
        page.get_by_role("button", name="Next").click()
        self.drawn(page, 2)
        choose = page.url
        page.goto("/duels/human/")
        page.get_by_role("button", name="Hear a tune").click()
        page.wait_for_url(re.compile(r"/duels/human/[\w-]{22}/$"), timeout=BOOKS)
        self.drawn(page, 1)
        guess = page.url
        return ["/duels/", told, choose, "/duels/human/", guess, "/duels/ranking/"]
