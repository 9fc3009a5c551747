"""Music of several voices in a browser: two staves, heard, played by the piano, and no note too high or too low."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.browsing import PHONE, BrowserCase
from tests.builders import TWO_STAVES, Person, a_gallery_tune, a_keyboard_piece, a_ready_tune

CLEFS = """async (element) => element.tunePlayer.tune.lines.filter(({ staff }) => staff)
  .map(({ staff }) => staff.map(({ clef }) => clef.type).join(" "))"""


class PolyphonyTest(BrowserCase):
    def open(self, **options: object) -> Page:
        alice = Person("alice")
        page = self.visitor(alice, **options)
        page.goto(a_keyboard_piece(alice).get_absolute_url())
        self.finished(page)
        return page

    def test_it_is_drawn_on_two_staves_whatever_the_width(self) -> None:
        for options in ({}, {"viewport": PHONE}):
            page = self.open(**options)
            lines = page.locator("[data-player]").evaluate(CLEFS)
            self.assertEqual(set(lines), {"treble bass"})
            self.assertEqual(len(lines), 4 if options else 2)
            self.look(page)

    def test_it_is_heard_on_the_piano_with_both_voices_and_the_deepest_note(self) -> None:
        page = self.open()
        page.get_by_role("button", name="Play", exact=True).click()
        self.until_player(page, "player.playing && player.now > 0.3")
        self.assertGreater(self.player(page, "return rms();"), 0.01)
        self.assertEqual(self.player(page, "return player.choice.instrument;"), "piano")
        expect(page.locator(".is-sounding").first).to_be_attached()
        late = """const from = Math.floor(player.buffer.length / 2);
          const wave = player.buffer.getChannelData(0).slice(from, from + 44100);
          return Math.sqrt(wave.reduce((sum, one) => sum + one * one, 0) / wave.length);"""
        self.assertGreater(self.player(page, late), 0.01)

    def test_every_instrument_sounds_with_notes_outside_its_range(self) -> None:
        page = self.open()
        for instrument in ("violin", "flute", "accordion", "guitar", "piano"):
            page.get_by_label("Instrument").select_option(instrument)
            self.assertGreater(self.player(page, "await player.prepare(); return rms();"), 0.01, instrument)

    def test_the_choice_for_tunes_and_that_for_the_keyboard_are_kept_apart(self) -> None:
        page = self.open()
        page.get_by_label("Instrument").select_option("guitar")
        page.goto(a_ready_tune(Person("alice")).get_absolute_url())
        self.finished(page)
        expect(page.get_by_label("Instrument")).to_have_value("violin")

    def test_a_second_player_who_is_named_plays_an_instrument_of_its_own(self) -> None:
        alice = Person("alice")
        page = self.visitor(alice)
        played = a_keyboard_piece(alice, abc=TWO_STAVES.replace("clef=bass", 'clef=bass name="Bass"', 1))
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(played.get_absolute_url())
        self.finished(page)
        expect(page.get_by_label("Instrument")).to_have_value("violin")
        self.assertGreater(self.player(page, "await player.prepare(); return rms();"), 0.01)
        sounds = {url.split("/")[-2].removesuffix("-mp3") for url in asked if url.endswith(".mp3")}
        self.assertEqual(sounds, {"violin", "acoustic_bass"})
        self.look(page)

    def test_the_cursor_goes_from_sound_to_sound_of_all_voices(self) -> None:
        page = self.open()
        starts = page.locator("[data-player]").evaluate(
            """async (element) => {
              const { timelineOf } = await import("/static/js/timeline.js");
              return timelineOf(element.tunePlayer.tune).events.slice(0, 6).map(({ start }) => start);
            }"""
        )
        self.assertEqual(starts, [0, 0.25, 0.5, 0.75, 1, 1.25])

    def test_a_card_draws_and_plays_it(self) -> None:
        alice = Person("alice")
        a_keyboard_piece(alice)
        page = self.visitor(alice)
        page.goto("/gallery/")
        card = page.locator("[data-card]", has_text="A Small Piece").first
        expect(card.locator("svg .abcjs-note").first).to_be_visible()
        play = card.get_by_role("button", name="Play A Small Piece")
        play.click()
        expect(play).to_have_attribute("aria-pressed", "true")

    def test_it_can_be_printed(self) -> None:
        alice = Person("alice")
        page = self.visitor(alice)
        page.goto(f"{a_keyboard_piece(alice).get_absolute_url()}print/")
        expect(page.locator("[data-print-sheet] svg").first).to_be_visible()
        self.assertEqual(page.locator("[data-print-sheet] svg").count(), 2)

    def test_letters_that_are_no_music_break_nothing(self) -> None:
        texts = (
            "X:1\nT:Letters\nM:4/4\nL:1/8\nK:D\n",
            'X:1\nK:D\n]]|[[::(((3 "\n!',
            "no music at all",
            "X:1\nK:D\nABc|V:2\nX:2\nK:G\nGAB|",
        )
        for abc in texts:
            alice = Person("alice")
            page = self.visitor(alice)
            page.goto(a_gallery_tune(alice, abc=abc, title="Letters").get_absolute_url())
            expect(page.get_by_role("link", name="ABC", exact=True)).to_be_visible()
            page.goto("/gallery/")
            expect(page.locator("[data-card]").first).to_be_visible()
            page.context.close()
