"""Two people's ways through the site, to their ends: one who listens, and one who composes."""

from __future__ import annotations

import io
import json
import re
import zipfile

from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from tests.browser.browsing import BrowserCase
from tests.builders import Person, a_gallery_tune, an_account
from webapp.talk.models import Follow, Notice
from webapp.tunes.models import Tune, Visibility

SHORT = "X:1\nT:{title}\nM:6/8\nL:1/8\nQ:3/8=200\nK:D\n|:DFA d2A|BAF D3:|\n"
PASSWORD = "a lantern at low tide"
MOODS = {"glad": (0.7, 0.6), "sad": (-0.7, -0.6)}


def short_tune(maker: Person, title: str, mood: str) -> Tune:
    valence, arousal = MOODS[mood]
    abc = SHORT.format(title=title)
    return a_gallery_tune(maker, title=title, prompt=mood, abc=abc, valence=valence, arousal=arousal)


class ListenerStoryTest(BrowserCase):
    def test_a_listener_finds_by_mood_plays_rates_follows_and_plays_on(self) -> None:
        alice = an_account("alice")
        for number in range(3):
            short_tune(alice, f"Rain {number}", "sad")
            short_tune(alice, f"Sun {number}", "glad")
        bob = Person("bob")
        page = self.visitor(bob)
        self.finds_by_mood(page)
        self.plays_a_card(page)
        self.rates_and_follows(page)
        self.plays_on(page)
        self.hears_of_a_new_tune(page, alice, bob)

    def finds_by_mood(self, page: Page) -> None:
        page.goto("/gallery/")
        expect(page.get_by_role("heading", name="Sun 0")).to_be_visible()
        page.get_by_text("By mood").click()
        box = page.locator("[data-mood-face]").bounding_box()
        # From the left edge to the middle, from the middle to the bottom: sad and quiet.
        page.mouse.move(box["x"] + 4, box["y"] + box["height"] * 0.55)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + box["height"] - 4, steps=8)
        page.mouse.up()
        page.get_by_role("button", name="Show this mood").click()
        expect(page.get_by_role("heading", name=re.compile("Rain"))).to_have_count(3)
        expect(page.get_by_role("heading", name=re.compile("Sun"))).to_have_count(0)

    def plays_a_card(self, page: Page) -> None:
        page.get_by_role("button", name="Play Rain 1").click()
        expect(page.get_by_role("button", name="Play Rain 1")).to_have_attribute("aria-pressed", "true")
        page.get_by_role("button", name="Play Rain 1").click()

    def rates_and_follows(self, page: Page) -> None:
        page.get_by_role("link", name="Rain 1").first.click()
        page.get_by_role("button", name="4 stars").click()
        expect(page.locator("[data-stars-sum]")).to_have_text("4.0 from 1")
        page.get_by_role("link", name="Alice").first.click()
        page.get_by_role("button", name="follow Alice", exact=True).click()
        expect(page.get_by_role("button", name="following · stop Alice")).to_be_visible()
        self.assertEqual(Follow.objects.count(), 1)

    def plays_on(self, page: Page) -> None:
        page.goto("/gallery/?sort=newest")
        page.get_by_role("button", name="Play all").click()
        radio = page.locator("[data-radio]")
        first = radio.locator("[data-radio-title]")
        expect(first).to_have_text("Sun 2")
        expect(first).to_have_text("Rain 2")  # after two bars, by itself

    def hears_of_a_new_tune(self, page: Page, alice: Person, bob: Person) -> None:
        tune = short_tune(alice, "Snow", "sad")
        Tune.objects.filter(pk=tune.pk).update(visibility=Visibility.UNLISTED, published=None)
        alice.post(f"{tune.get_absolute_url()}show/", {"visibility": "public"})
        self.assertTrue(Notice.objects.filter(listener=bob.listener.key).exists())
        page.goto("/my/notices/")
        expect(page.get_by_role("link", name="Snow")).to_be_visible()


class HobbyistStoryTest(BrowserCase):
    with_worker = True

    def test_a_hobbyist_composes_signs_up_tweaks_publishes_exports_and_leaves(self) -> None:
        page = self.visitor()
        self.compose(page, "hopeful and full of wonder")
        self.finished(page)
        first = page.url.rstrip("/").rsplit("/", 1)[1]
        self.signs_up(page)
        page.goto("/my/tunes/")
        page.locator(f'a[href="/tunes/{first}/"]').click()
        self.tweaks(page, "happier")
        last = self.tweaks(page, "calmer")
        self.publishes(page, last)
        self.sees_the_family(page, first, last)
        self.exports(page, {first, last})
        self.leaves(page, last)

    def signs_up(self, page: Page) -> None:
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Sign in").click()
        page.get_by_role("link", name="Make one").click()
        page.get_by_label("Name for others to see").fill("Wren")
        page.get_by_label(re.compile("mail", re.IGNORECASE)).fill("wren@example.org")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Make my account").click()
        expect(page.get_by_role("link", name="Wren").first).to_be_visible()

    def tweaks(self, page: Page, how: str) -> str:
        before = page.url
        page.get_by_role("button", name=how, exact=True).click()
        page.wait_for_url(lambda url: "/tunes/" in url and url != before)
        self.finished(page)
        return page.url.rstrip("/").rsplit("/", 1)[1]

    def publishes(self, page: Page, tune: str) -> None:
        page.get_by_label(re.compile("^Public")).check()
        expect(page.get_by_text("Public tunes are given to everybody under CC0")).to_be_visible()
        page.locator("[data-show]").click()
        expect(page.get_by_text("in the gallery", exact=True).or_(page.get_by_text("public: change"))).to_be_visible()
        page.goto("/gallery/")
        expect(page.locator(f'a[href="/tunes/{tune}/"]').first).to_be_visible()

    def sees_the_family(self, page: Page, first: str, last: str) -> None:
        page.goto(f"/tunes/{last}/")
        page.get_by_role("link", name="The whole family tree").click()
        expect(page.locator(".relative")).to_have_count(3)
        expect(page.locator(".tweak")).to_have_text(["happier", "calmer"])
        expect(page.locator(f'.relative a[href="/tunes/{first}/"]')).to_be_visible()
        expect(page.locator(".relative-facts").nth(1)).to_contain_text("gladder")

    def exports(self, page: Page, tunes: set[str]) -> None:
        page.goto("/my/settings/")
        with page.expect_download() as download:
            page.get_by_role("link", name="Take everything home").click()
        with open(download.value.path(), "rb") as file:
            content = zipfile.ZipFile(io.BytesIO(file.read()))
        kept = json.loads(content.read(next(name for name in content.namelist() if name.endswith("tunes.json"))))
        self.assertEqual(len(kept), 3)
        self.assertLessEqual(tunes, {tune["id"] for tune in kept})

    def leaves(self, page: Page, tune: str) -> None:
        page.goto("/my/leave/")
        page.get_by_label(re.compile("stay, without your name")).check()
        page.get_by_role("button", name="Leave for good").click()
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="It is me").click()
        expect(page.get_by_role("link", name="Sign in")).to_be_visible()
        self.assertFalse(User.objects.filter(email="wren@example.org").exists())
        page.goto(f"/tunes/{tune}/")
        expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
        expect(page.get_by_text("Wren")).to_have_count(0)
