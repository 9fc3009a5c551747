"""Cards play one at a time; "Play all" makes a radio of them that goes on, page after page."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.browsing import PHONE, RMS
from tests.browser.gallery_case import TUNES, GalleryCase

PLAYING = "[...document.querySelectorAll('[data-card]')].filter((card) => card.tunePlayer?.playing).length"


class CardsTest(GalleryCase):
    def play(self, page: Page, at: int) -> None:
        page.locator("[data-card-play]").nth(at).click()

    def test_a_card_plays_where_it_stands_and_is_heard(self) -> None:
        page = self.gallery()
        self.play(page, 1)
        self.until(page, "player?.playing", card=1)
        loud = page.locator("[data-card]").nth(1).evaluate(f"({{ tunePlayer: player }}) => {{ {RMS} return rms(); }}")
        self.assertGreater(loud, 0.01)
        expect(page.locator("[data-card-play]").nth(1)).to_have_attribute("aria-pressed", "true")
        expect(page.get_by_label("Radio")).to_be_hidden()
        self.until(page, "!player.playing && player.now === 0", card=1)

    def test_one_card_plays_at_a_time_even_when_two_are_tapped_in_haste(self) -> None:
        page = self.gallery()
        page.evaluate("document.querySelectorAll('[data-card-play]').forEach((button, at) => at < 3 && button.click())")
        self.until(page, "player?.playing", card=2)
        self.assertEqual(page.evaluate(PLAYING), 1)
        self.play(page, 0)
        self.until(page, "player?.playing", card=0)
        self.assertEqual(page.evaluate(PLAYING), 1)

    def test_it_says_so_when_a_tune_cannot_be_fetched(self) -> None:
        page = self.gallery()
        page.route("**/*.abc", lambda route: route.fulfill(status=500))
        self.play(page, 0)
        expect(page.get_by_text("This tune could not be fetched.")).to_be_visible()
        page.watched.forgive("500")

    def test_a_heart_is_filled_in_place_and_stays(self) -> None:
        page = self.gallery()
        heart = page.locator("[data-card]").nth(3).get_by_role("button", name="Favourite")
        expect(heart).to_have_attribute("aria-pressed", "false")
        heart.click()
        expect(heart).to_have_attribute("aria-pressed", "true")
        page.reload()
        expect(heart).to_have_attribute("aria-pressed", "true")
        expect(page.locator("[data-card] .heart [aria-pressed=true]")).to_have_count(1)

    def test_more_tunes_come_in_place_and_can_be_played(self) -> None:
        page = self.gallery()
        page.get_by_role("link", name="Older tunes").click()
        expect(page.locator("[data-card]")).to_have_count(TUNES)
        expect(page.get_by_role("link", name="Tune 25", exact=True)).to_be_focused()
        expect(page.get_by_role("link", name="Older tunes")).to_have_count(0)
        self.play(page, 24)
        self.until(page, "player?.playing", card=24)
        expect(page.locator("[data-card] .abcjs-note").last).to_be_visible()


class RadioTest(GalleryCase):
    def on_air(self, page: Page, at: int) -> None:
        expect(page.locator("[data-card]").nth(at)).to_have_attribute("aria-current", "true")
        expect(page.locator("[data-card][aria-current]")).to_have_count(1)
        expect(page.locator("[data-radio-title]")).to_have_text(f"Tune {at + 1}")

    def start(self, **options: object) -> Page:
        page = self.gallery(**options)
        page.get_by_role("button", name="Play all").click()
        self.on_air(page, 0)
        self.until(page, "player?.playing", card=0)
        return page

    def test_it_plays_on_to_the_next_tune(self) -> None:
        page = self.start()
        expect(page.locator("[data-radio-by]")).to_contain_text("Alice")
        self.until(page, "player?.playing", card=1)
        self.on_air(page, 1)
        self.assertEqual(page.evaluate(PLAYING), 1)
        expect(page.get_by_label("Radio").get_by_role("link")).to_have_attribute("href", f"/tunes/{self.tunes[1].pk}/")

    def test_it_goes_on_into_the_next_page_and_to_the_end(self) -> None:
        page = self.start()
        page.locator("[data-card-play]").nth(22).click()  # it goes on from a card that somebody chooses
        self.on_air(page, 22)
        self.until(page, "document.querySelectorAll('[data-card]').length === 27")
        for at in (24, 26):
            self.until(page, "player?.playing", card=at)
            self.on_air(page, at)
        expect(page.get_by_label("Radio")).to_be_hidden()
        expect(page.locator("[data-results-says]")).to_have_text("That was the last tune.")
        self.assertEqual(page.evaluate(PLAYING), 0)
        ids = page.locator("[data-card]").evaluate_all("(cards) => cards.map(({ dataset }) => dataset.tune)")
        self.assertEqual(ids, [tune.pk for tune in self.tunes])

    def test_it_is_steered_by_its_buttons(self) -> None:
        page = self.start(viewport=PHONE)
        bar = page.get_by_label("Radio")
        bar.get_by_role("button", name="Pause").click()
        self.until(page, "!player.playing", card=0)
        bar.get_by_role("button", name="Next tune").click()
        self.on_air(page, 1)
        bar.get_by_role("button", name="Previous tune").click()
        self.on_air(page, 0)
        self.until(page, "player?.playing", card=0)
        bar.get_by_role("button", name="stop").click()
        expect(bar).to_be_hidden()
        self.assertEqual(page.evaluate(PLAYING), 0)
        expect(page.get_by_role("button", name="Play all")).to_be_focused()
        expect(page.locator("[data-card][aria-current]")).to_have_count(0)

    def test_stopped_while_a_tune_still_comes_it_stays_silent(self) -> None:
        page = self.gallery()
        waiting = []
        page.route("**/*.abc", lambda route: waiting.append(route))
        page.get_by_role("button", name="Play all").click()
        self.on_air(page, 0)
        page.get_by_label("Radio").get_by_role("button", name="stop").click()
        expect(page.get_by_label("Radio")).to_be_hidden()
        waiting[0].fallback()
        self.until(page, "player", card=0)
        page.wait_for_timeout(500)
        self.assertEqual(page.evaluate(PLAYING), 0)
        expect(page.locator("[data-card-play]").first).not_to_have_attribute("aria-busy", "true")

    def test_its_letters_are_keys_only_inside_the_bar(self) -> None:
        page = self.start()
        expect(page.get_by_label("Radio").get_by_role("button", name="Pause")).to_be_focused()
        page.keyboard.press("n")
        self.on_air(page, 1)
        page.keyboard.press("p")
        self.on_air(page, 0)
        page.get_by_label("Radio").get_by_role("slider").focus()
        page.keyboard.press("Space")
        self.until(page, "player && !player.wanted", card=0)
        page.get_by_role("searchbox").focus()
        page.keyboard.type("n p")
        expect(page.get_by_role("searchbox")).to_have_value("n p")
        self.on_air(page, 0)

    def test_the_lock_screen_knows_the_tune_and_steers_it(self) -> None:
        page = self.visitor()
        page.add_init_script(
            "window.keys = {}; navigator.mediaSession.setActionHandler = (name, act) => { window.keys[name] = act; };"
        )
        page.goto("/gallery/")
        page.get_by_role("button", name="Play all").click()
        self.until(page, "player?.playing", card=0)
        self.assertEqual(page.evaluate("navigator.mediaSession.metadata.title"), "Tune 1")
        self.assertEqual(page.evaluate("navigator.mediaSession.playbackState"), "playing")
        page.evaluate("keys.nexttrack()")
        self.on_air(page, 1)
        page.evaluate("keys.stop()")
        self.assertEqual(page.evaluate("Object.values(keys).every((act) => act === null)"), True)

    def test_it_passes_over_a_tune_that_is_gone(self) -> None:
        page = self.gallery()
        page.route(f"**/{self.tunes[1].pk}.abc", lambda route: route.fulfill(status=404))
        page.get_by_role("button", name="Play all").click()
        self.until(page, "player?.playing", card=2)
        self.on_air(page, 2)
        page.watched.forgive("404")

    def test_it_gives_up_when_nothing_can_be_fetched(self) -> None:
        page = self.gallery()
        page.route("**/*.abc", lambda route: route.fulfill(status=503))
        page.get_by_role("button", name="Play all").click()
        expect(page.locator("[data-results-says]")).to_contain_text("The tunes could not be fetched.")
        expect(page.get_by_label("Radio")).to_be_hidden()
        page.watched.forgive("503")

    def test_it_says_so_when_the_next_page_cannot_be_fetched(self) -> None:
        page = self.start()
        page.route("**/gallery/?after=*", lambda route: route.fulfill(status=500))
        page.locator("[data-card-play]").nth(23).click()
        expect(page.locator("[data-results-says]")).to_contain_text("The next tunes could not be fetched.")
        expect(page.get_by_label("Radio")).to_be_hidden()
        page.watched.forgive("500")

    def test_it_follows_the_music_down_the_page_but_leaves_a_reader_alone(self) -> None:
        page = self.start(viewport=PHONE, reduced_motion="reduce")
        top = "document.querySelectorAll('[data-card]')[%d].getBoundingClientRect().top"
        self.until(page, "player?.playing", card=2)
        self.assertTrue(0 <= page.evaluate(top % 2) < PHONE["height"])
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        before = page.evaluate("scrollY")
        self.until(page, "player?.playing", card=4)
        self.assertEqual(page.evaluate("scrollY"), before)
