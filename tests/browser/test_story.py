"""The whole road in a real browser, with the real composer: words, what was heard, notes, sound, and what follows."""

from __future__ import annotations

import os
import re
import signal
from itertools import pairwise

from playwright.sync_api import Page, expect

from tests.browser.browsing import PHONE, BrowserCase
from webapp.tunes.models import Tune

# Listens from the first moment of every page, so that no note is missed.
COUNT_GROWTH = """
  window.growth = [];
  document.addEventListener("grown", ({ detail }) => window.growth.push(detail.notes));
"""


class StoryTest(BrowserCase):
    with_worker = True

    def test_from_a_prompt_to_a_tune_that_plays(self) -> None:
        page = self.visitor()
        page.goto("/")
        page.get_by_label("What should it feel like?").press_sequentially(
            "not sad, hopeful and full of wonder", delay=15
        )
        heard = page.get_by_label("What we hear")
        expect(heard.locator("b", has_text="hopeful")).to_be_visible()
        expect(heard.locator("s", has_text="sad")).to_be_visible()
        expect(heard.get_by_label("Chords, one to a bar").get_by_role("listitem")).not_to_have_count(0)
        expect(heard.locator("[data-style-name]")).to_have_count(2)
        page.get_by_role("button", name="Compose", exact=True).click()
        page.wait_for_url("**/tunes/*/")
        self.finished(page)
        self.plays(page)

    def test_the_staff_grows_while_it_is_composed(self) -> None:
        page = self.visitor()
        page.add_init_script(COUNT_GROWTH)
        # A tune takes a fraction of a second, and a page on a busy machine longer: the composer waits for its listener.
        os.killpg(self.worker.child.pid, signal.SIGSTOP)
        try:
            with page.expect_response(lambda answer: answer.url.endswith("/events/")):
                self.compose(page, "a long road over the hills, 64 bars")
        finally:
            os.killpg(self.worker.child.pid, signal.SIGCONT)
        self.finished(page)
        growth = page.evaluate("window.growth")
        self.assertGreater(len(growth), 1, "the staff came all at once")
        self.assertTrue(any(later > earlier for earlier, later in pairwise(growth)), growth)

    def plays(self, page: Page) -> None:
        page.get_by_role("button", name="Play", exact=True).click()
        self.until_player(page, "player.playing && player.now > 0.2")
        self.assertGreater(self.player(page, "return rms();"), 0.01)
        before = page.locator(".cursor").bounding_box()
        self.until_player(page, "player.now > 0.9")
        after = page.locator(".cursor").bounding_box()
        self.assertNotEqual((before["x"], before["y"]), (after["x"], after["y"]))

    def test_on_a_phone_the_play_button_arrives_under_the_thumb(self) -> None:
        page = self.visitor(viewport=PHONE, has_touch=True, is_mobile=True)
        self.compose(page, "a slow waltz for two old friends")
        self.finished(page)
        play = page.get_by_role("button", name="Play", exact=True)
        box = play.bounding_box()
        self.assertGreater(box["y"], PHONE["height"] * 0.6)
        self.assertLessEqual(box["y"] + box["height"], PHONE["height"])
        play.tap()
        self.until_player(page, "player.playing")

    def test_tweak_and_again_makes_a_child_and_keeps_what_is_locked(self) -> None:
        page = self.visitor()
        self.compose(page, "calm evening reel in G")
        self.finished(page)
        parent = page.url
        page.get_by_text("Keep what you like").click()
        page.get_by_label("key G").check()
        page.get_by_role("button", name="happier").click()
        page.wait_for_url(lambda url: url != parent)
        self.finished(page)
        child = Tune.objects.get(pk=page.url.split("/")[-2])
        self.assertEqual(child.parent.pk, parent.split("/")[-2])
        self.assertEqual((child.tweak, child.conditions["key"]), ("happier", "G"))
        page.get_by_role("region", name="Its family").get_by_role("link").first.click()
        self.finished(page)
        self.assertEqual(page.url, parent)
        expect(page.get_by_role("region", name="Its family")).to_contain_text("happier")

    def test_a_tune_put_in_the_gallery_is_found_and_plays_there(self) -> None:
        page = self.visitor()
        self.compose(page, "a bright morning for the gallery")
        self.finished(page)
        title = page.get_by_role("heading", level=1).inner_text()
        page.get_by_role("link", name="unlisted: change").click()
        page.get_by_role("radio", name=re.compile("^Public")).check()
        page.locator("[data-show]").click()
        expect(page.get_by_role("link", name="public: change")).to_be_visible()
        stranger = self.visitor()
        stranger.goto("/gallery/")
        card = stranger.get_by_role("article").filter(has_text=title)
        expect(card.locator(".abcjs-note").first).to_be_visible()
        card.get_by_role("button", name=f"Play {title}").click()
        expect(card.get_by_role("button", name=f"Play {title}")).to_have_attribute("aria-pressed", "true")
        card.evaluate(
            "async (card) => { while (!(card.tunePlayer?.now > 0.1)) await new Promise((go) => setTimeout(go, 25)); }"
        )

    def test_reloading_while_it_composes_shows_the_right_state(self) -> None:
        page = self.visitor()
        self.compose(page, "a long walk home, 32 bars")
        page.reload()
        self.finished(page)
        page.reload()
        self.finished(page)
        expect(page.locator(".sheet .abcjs-note").first).to_be_visible()

    def test_without_javascript_the_finished_abc_comes_by_itself(self) -> None:
        page = self.visitor(java_script_enabled=False)
        self.compose(page, "a plain tune for a plain browser")
        expect(page.locator("pre.abc")).to_contain_text("K:", timeout=30_000)
        expect(page.get_by_role("link", name="MIDI")).to_be_visible()

    def test_by_keyboard_alone(self) -> None:
        page = self.visitor()
        page.goto("/")
        page.keyboard.type("a quiet hymn at dusk")
        expect(page.get_by_label("What we hear")).to_be_visible()
        page.keyboard.press("Enter")
        page.wait_for_url("**/tunes/*/")
        self.finished(page)
        page.keyboard.press("Space")
        self.until_player(page, "player.playing")
        page.keyboard.press("Escape")
        self.until_player(page, "!player.playing")
