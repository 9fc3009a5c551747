"""The tune's page once it is ready: sound, cursor, buttons and keys."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.browsing import PHONE, BrowserCase
from tests.builders import Person, a_ready_tune

HEADER = "X:1\nT:Test\nM:4/4\nL:1/8\nQ:1/4=120\nK:D\n"
BAR = '"D"DFAd fdAF|'


class PlayerTest(BrowserCase):
    def open(self, person: Person | None = None, body: str = "", **options: object) -> Page:
        alice = person or Person("alice")
        changes = {"abc": f"{HEADER}{body or BAR * 4 + chr(10) + BAR * 3 + 'D8|]'}"}
        tune = a_ready_tune(alice, **changes)
        type(tune).objects.filter(pk=tune.pk).update(conditions=tune.conditions | {"tempo_qpm": 120})
        page = self.visitor(alice, **options)
        page.goto(tune.get_absolute_url())
        self.finished(page)
        page.tune = tune
        return page

    def test_it_plays_with_a_cursor_that_moves_and_a_sound_that_is_heard(self) -> None:
        page = self.open()
        page.get_by_role("button", name="Play", exact=True).click()
        self.until_player(page, "player.playing && player.now > 0.3")
        self.assertGreater(self.player(page, "return rms();"), 0.01)
        cursor = page.locator(".cursor")
        before = cursor.bounding_box()["x"]
        self.until_player(page, "player.now > 0.7")
        self.assertGreater(cursor.bounding_box()["x"], before + 20)
        expect(page.locator(".is-sounding")).to_have_count(1)
        page.get_by_role("button", name="Pause").click()
        self.until_player(page, "!player.playing")

    def test_it_makes_the_sound_before_it_is_asked_to_play(self) -> None:
        page = self.open()
        self.until_player(page, "player.buffer")
        page.get_by_role("button", name="Play", exact=True).click()
        self.until_player(page, "player.playing")
        self.assertLess(self.player(page, "return player.now;"), 1)

    def test_it_keeps_its_place_when_tempo_instrument_or_chords_change(self) -> None:
        page = self.open()
        page.get_by_role("button", name="Play", exact=True).click()
        self.until_player(page, "player.now > 1")
        for change in ("{instrument: 'flute'}", "{chords: false}", "{tempo: 60}"):
            before, after, playing = self.player(
                page,
                f"const before = player.now; await player.choose({change});"
                " return [before, player.now, player.playing];",
            )
            self.assertTrue(playing, change)
            self.assertGreaterEqual(after, before - 0.01, change)
            self.assertLess(after, before + 2, change)
        self.assertAlmostEqual(self.player(page, "return player.seconds;"), 32, delta=0.1)

    def test_every_instrument_sounds(self) -> None:
        page = self.open()
        for instrument in ("violin", "flute", "accordion", "guitar", "piano"):
            with self.subTest(instrument):
                page.get_by_label("Instrument").select_option(instrument)
                loud = self.player(page, "await player.prepare(); return [player.choice.instrument, rms()];")
                self.assertEqual(loud[0], instrument)
                self.assertGreater(loud[1], 0.01)

    def test_chords_can_be_switched_off_and_the_choice_is_remembered(self) -> None:
        page = self.open()
        with_chords = self.player(page, "await player.prepare(); return rms();")
        page.get_by_role("button", name="chords", exact=True).click()
        without = self.player(page, "await player.prepare(); return rms();")
        self.assertLess(without, with_chords)
        page.reload()
        expect(page.get_by_role("button", name="chords", exact=True)).to_have_attribute("aria-pressed", "false")

    def test_it_loops_until_told_otherwise(self) -> None:
        page = self.open()
        page.get_by_role("button", name="loop").click()
        page.get_by_role("button", name="Play", exact=True).click()
        self.until_player(page, "player.playing")
        self.player(page, "player.seek(player.whole - 0.2);")
        self.until_player(page, "player.playing && player.now < 1")
        page.get_by_role("button", name="loop").click()
        self.player(page, "player.seek(player.whole - 0.2);")
        self.until_player(page, "!player.playing && player.now === 0")

    def test_the_cursor_and_the_sound_agree_on_repeats_and_endings(self) -> None:
        forms = {
            "AABB": "|:A8|B8:||:c8|d8:|",
            "AABB in two lines": "|:A8|B8:|\n|:c8|d8:|",
            "no opening repeat": "A8|B8:|\n|:c8|d8:|",
            "two endings": "|:A8|1B8:|2c8||\n|:d8|1e8:|2f8|]",
            "two endings, brackets": "|:A8|[1B8:|[2c8||d8|e8|]",
            "pickup": "D2|:A8|B6D2:||:c8|d6D2:|",
            "AABA": "|:A8|B8:|c8|d8|A8|B8|]",
        }
        for name, body in forms.items():
            with self.subTest(name):
                page = self.open(body=body)
                agreed = page.locator("[data-player]").evaluate(
                    """async (element) => {
                      const { tune, whole } = element.tunePlayer;
                      const { timelineOf } = await import("/static/js/timeline.js");
                      const { events } = timelineOf(tune);
                      const heard = tune.setUpAudio({ chordsOff: true }).tracks[0].filter(({ cmd }) => cmd === "note");
                      return [heard.map(({ pitch }) => pitch).join(" "), events.length === heard.length,
                        events.every(({ end, to, x }) => end <= whole + 1e-6 && to > x)];
                    }"""
                )
                self.assertEqual(agreed[0], UNFOLDED[name])
                self.assertEqual(agreed[1:], [True, True])
                page.context.close()

    def test_a_tap_on_a_note_goes_there(self) -> None:
        page = self.open()
        box = page.locator(".sheet .abcjs-note").nth(12).bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.assertAlmostEqual(self.player(page, "return player.now;"), 1.5, places=3)

    def test_it_can_be_played_by_keyboard_alone(self) -> None:
        page = self.open()
        page.keyboard.press("Space")
        self.until_player(page, "player.playing")
        page.keyboard.press("ArrowRight")
        self.until_player(page, "player.now >= 1")
        page.keyboard.press("+")
        expect(page.locator("[data-tempo-says]")).to_have_text("124")
        page.keyboard.press("Space")
        self.until_player(page, "!player.playing && player.now > 0")
        page.keyboard.press("Escape")
        self.until_player(page, "player.now === 0")

    def test_it_says_so_when_the_sounds_cannot_be_had(self) -> None:
        page = self.visitor(viewport=PHONE)
        page.route("**/*.mp3", lambda route: route.abort())
        page.goto(a_ready_tune(Person("alice"), abc=f"{HEADER}{BAR}").get_absolute_url())
        self.finished(page)
        page.get_by_role("button", name="Play", exact=True).click()
        expect(page.get_by_text("The sounds could not be loaded.")).to_be_visible()
        expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
        for words in ("ERR_FAILED", "Didn't load note", "Can't load sound", "undefined"):
            page.watched.forgive(words)

    def test_the_abc_can_be_copied_and_taken_home(self) -> None:
        page = self.open(permissions=["clipboard-read", "clipboard-write"])
        page.get_by_role("button", name="copy ABC").click()
        expect(page.get_by_role("button", name="copied")).to_be_visible()
        self.assertEqual(page.evaluate("navigator.clipboard.readText()"), page.tune.abc)
        for name, opening in (("ABC", b"X:1"), ("MIDI", b"MThd")):
            with page.expect_download() as download:
                page.get_by_role("link", name=name, exact=True).click()
            self.assertTrue(download.value.path().read_bytes().startswith(opening), name)

    def test_stars_are_given_in_place_and_stay(self) -> None:
        page = self.open()
        page.get_by_role("button", name="4 stars").click()
        expect(page.locator("[data-stars-sum]")).to_have_text("4.0 from 1")
        page.reload()
        expect(page.get_by_role("button", name="4 stars")).to_have_attribute("aria-pressed", "true")
        expect(page.get_by_role("button", name="5 stars")).to_have_attribute("aria-pressed", "false")

    def test_a_stranger_is_not_offered_to_show_or_delete(self) -> None:
        page = self.open()
        stranger = self.visitor(Person("charlie"))
        stranger.goto(page.tune.get_absolute_url())
        self.finished(stranger)
        for what in ("Save", "delete this tune"):
            expect(page.get_by_role("button", name=what, exact=True).first).to_be_attached()
            expect(stranger.get_by_role("button", name=what, exact=True)).to_have_count(0)

    def test_hostile_abc_stays_text(self) -> None:
        evil = '<img src=x onerror="document.title=1">'
        page = self.open(body=f'%%text {evil}\nw:{evil}\n"{evil}"DFAd "^<b>x</b>"fdAF|\n')
        self.assertEqual(page.locator(".sheet img, .sheet b, .sheet script").count(), 0)
        self.assertNotEqual(page.title(), "1")


A, B, C, D, E, F, LOW = "69", "71", "73", "74", "76", "78", "62"
UNFOLDED = {
    "AABB": " ".join([A, B, A, B, C, D, C, D]),
    "AABB in two lines": " ".join([A, B, A, B, C, D, C, D]),
    "no opening repeat": " ".join([A, B, A, B, C, D, C, D]),
    "two endings": " ".join([A, B, A, C, D, E, D, F]),
    "two endings, brackets": " ".join([A, B, A, C, D, E]),
    "pickup": " ".join([LOW, A, B, LOW, A, B, LOW, C, D, LOW, C, D, LOW]),
    "AABA": " ".join([A, B, A, B, C, D, A, B]),
}
