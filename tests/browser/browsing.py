"""A real browser, and what each visit must keep to: no other host, no breach of policy, no error in the console."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

# Playwright's sync API runs inside an event loop, where Django would refuse the ORM.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from django.test import SimpleTestCase, tag
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.axe import wrongs
from tests.browser.servers import empty_tables, start_site, start_worker
from tests.builders import Person
from webapp.ops.suite import browser as installed_browser
from webapp.tunes.listeners import COOKIE

SESSION = "sessionid"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 860}
NARROW = {"width": 320, "height": 640}  # what WCAG asks a page to fit into without scrolling sideways
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
PATIENCE = 40_000  # milliseconds; a tune takes a few seconds, a busy machine some more
QUIET = (
    "--no-sandbox",  # chromium refuses to run as root with it
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--autoplay-policy=user-gesture-required",  # as people's browsers have it
)
expect.set_options(timeout=PATIENCE)


class Watched:
    """Notes everything a page does that it must not do."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        self.home = urlsplit(home).netloc
        self.wrongs: list[str] = []
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.wrongs.append(f"uncaught: {error.error}"))

    def _request(self, request: object) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc != self.home:
            self.wrongs.append(f"foreign request: {request.url}")

    def _console(self, message: object) -> None:
        if message.type in ("error", "warning"):
            self.wrongs.append(f"{message.type} in the console: {message.text}")

    def forgive(self, words: str) -> None:
        """A test that makes something fail on purpose says which complaint it expects."""
        self.wrongs = [wrong for wrong in self.wrongs if words not in wrong]


@tag("browser")
class BrowserCase(SimpleTestCase):
    """One site, one browser, and a fresh visitor for each test. Set `with_worker` where tunes are composed."""

    databases = {"default"}
    with_worker = False

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.addClassCleanup(empty_tables)
        cls.site = start_site()
        cls.addClassCleanup(cls.site.stop)
        if cls.with_worker:
            cls.worker = start_worker()
            cls.addClassCleanup(cls.worker.stop)
        play = sync_playwright().start()
        cls.addClassCleanup(play.stop)
        path = installed_browser()
        assert path, "No Chromium is on this machine. Install one, or name it with CHROMIUM=/path/to/chromium."
        cls.browser: Browser = play.chromium.launch(executable_path=path, args=QUIET)
        cls.addClassCleanup(cls.browser.close)

    def visitor(self, person: Person | None = None, **options: object) -> Page:
        """A page of its own cookie jar; as `person` when one is given."""
        context = self.browser.new_context(base_url=self.site.url, **({"viewport": DESK} | options))
        self.addCleanup(context.close)
        context.set_default_timeout(PATIENCE)
        if person is not None:
            cookies = [(COOKIE, person.cookies[COOKIE].value)]
            if SESSION in person.cookies:
                cookies.append((SESSION, person.cookies[SESSION].value))
            context.add_cookies([{"name": name, "value": value, "url": self.site.url} for name, value in cookies])
        page = context.new_page()
        page.watched = Watched(context, self.site.url)
        self.addCleanup(self._no_wrongs, page.watched)
        return page

    def _no_wrongs(self, watched: Watched) -> None:
        self.assertEqual(watched.wrongs, [])

    def look(self, page: Page) -> None:
        """Both themes: nobody is kept out, nothing is wider than the screen."""
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            self.assertEqual((page.url, wrongs(page)), (page.url, []))
        self.assertLessEqual(page.evaluate(TOO_WIDE), 0, page.url)

    def compose(self, page: Page, prompt: str) -> None:
        page.goto("/")
        page.get_by_label("What should it feel like?").fill(prompt)
        page.get_by_role("button", name="Compose", exact=True).click()
        page.wait_for_url("**/tunes/*/")

    def finished(self, page: Page) -> None:
        expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()

    def player(self, page: Page, expression: str) -> object:
        """Asks the player on the page; `player` is the Player, `rms` measures its buffer."""
        return page.locator("[data-player]").evaluate(
            f"async (element) => {{ const player = element.tunePlayer; {RMS} {expression} }}"
        )

    def until_player(self, page: Page, condition: str) -> None:
        """Waits inside the page: wait_for_function is forbidden by the page's own policy."""
        seen = self.player(
            page,
            f"for (let turn = 0; turn < 400; turn += 1) {{ if ({condition}) return true;"
            " await new Promise((next) => setTimeout(next, 25)); } return false;",
        )
        self.assertTrue(seen, f"not seen in 10 s: {condition}")


RMS = """const rms = () => {
  const samples = player.buffer.getChannelData(0);
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
};"""
