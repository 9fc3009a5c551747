"""The gallery in a browser: finding by mood, melody and filters, and the cards."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.browser.browsing import NARROW, PHONE, RMS, TOO_WIDE
from tests.browser.gallery_case import TUNES, GalleryCase

MOST_BYTES = 250_000  # of a first view, beside fonts and samples


def asked(page: Page) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))


def found(page: Page) -> list[str]:
    return page.locator("[data-card-title]").all_inner_texts()


class FindingTest(GalleryCase):
    def test_a_first_view_shows_music_and_nothing_is_open(self) -> None:
        page = self.gallery()
        expect(page.locator("[data-card]")).to_have_count(24)
        expect(page.locator("[data-card] svg .abcjs-note").first).to_be_visible()
        self.assertEqual(page.locator("details[open]").count(), 0)
        expect(page.get_by_label("Rhythm")).to_be_visible()  # a desk has the line of filters at once

    def test_on_a_phone_the_filters_fold(self) -> None:
        page = self.gallery(viewport=PHONE)
        expect(page.get_by_label("Rhythm")).to_be_hidden()
        page.get_by_text("Filters", exact=True).click()
        page.get_by_label("Rhythm").select_option("jig")
        page.get_by_role("button", name="Show these").click()
        page.wait_for_url("**/gallery/?rhythm=jig")
        self.assertEqual(found(page), [f"Tune {n}" for n in range(2, TUNES + 1, 3)])
        self.assertLess(page.locator("[data-card]").first.bounding_box()["y"], PHONE["height"] - 100)

    def test_a_chip_takes_its_filter_away(self) -> None:
        page = self.gallery("/gallery/?rhythm=jig&words=tune")
        page.get_by_role("link", name="jig, take away").click()
        page.wait_for_url("**/gallery/?words=tune")
        expect(page.get_by_role("searchbox")).to_have_value("tune")

    def test_what_is_wrong_is_said_and_nothing_is_lost(self) -> None:
        page = self.gallery()
        page.get_by_label("Bars from").fill("0")
        page.get_by_label("Rhythm").select_option("jig")
        page.get_by_label("Tag", exact=True).fill("sea")
        page.get_by_role("button", name="Show these").click()
        expect(page.get_by_text("Give a number of bars from 1 to 999.")).to_be_visible()
        expect(page.get_by_label("Bars from")).to_have_attribute("aria-invalid", "true")
        expect(page.get_by_label("Bars from")).to_have_value("0")
        expect(page.get_by_label("Rhythm")).to_have_value("jig")
        expect(page.get_by_label("Tag", exact=True)).to_have_value("sea")
        page.watched.forgive("422")

    def test_without_script_everything_can_still_be_asked(self) -> None:
        page = self.visitor(java_script_enabled=False)
        page.goto("/gallery/")
        page.get_by_text("By mood").click()
        page.get_by_role("textbox", name="Saddest").fill("0")
        page.get_by_role("textbox", name="Liveliest").fill("-0.25")
        page.get_by_role("button", name="Show this mood").click()
        mood = {"valence_low": "0", "valence_high": "1", "arousal_low": "-1", "arousal_high": "-0.25"}
        self.assertLessEqual(asked(page).items(), mood.items())
        self.assertEqual(found(page), [f"Tune {n}" for n in range(1, TUNES // 2 + 1, 2)])
        page.get_by_text("By melody").click()
        page.get_by_label("Notes", exact=True).fill("D F A d")
        page.get_by_role("button", name="Find this melody").click()
        self.assertEqual(asked(page)["notes"], "D F A d")


class MoodTest(GalleryCase):
    def open(self, **options: object) -> tuple[Page, Locator]:
        page = self.gallery(**options)
        page.get_by_text("By mood").click()
        face = page.locator("[data-mood-face]")
        face.scroll_into_view_if_needed()
        return page, face

    def place(self, face: Locator, valence: float, arousal: float) -> tuple[float, float]:
        box = face.bounding_box()
        return box["x"] + (valence + 1) / 2 * box["width"], box["y"] + (1 - arousal) / 2 * box["height"]

    def show(self, page: Page) -> dict[str, float]:
        page.get_by_role("button", name="Show this mood").click()
        page.wait_for_url("**/gallery/?*")
        return {name: float(value) for name, value in asked(page).items()}

    def test_a_region_is_drawn_with_a_mouse(self) -> None:
        page, face = self.open()
        page.mouse.move(*self.place(face, 0.1, 0.1))
        page.mouse.down()
        page.mouse.move(*self.place(face, 0.5, 0.4), steps=4)
        page.mouse.move(*self.place(face, 0.9, 0.8), steps=4)
        page.mouse.up()
        ends = self.show(page)
        expected = {"valence_low": 0.1, "valence_high": 0.9, "arousal_low": 0.1, "arousal_high": 0.8}
        self.assertEqual(set(ends), set(expected))
        for name, value in expected.items():
            self.assertAlmostEqual(ends[name], value, delta=0.06, msg=name)
        self.assertEqual(found(page), [f"Tune {n}" for n in range(2, TUNES // 2 + 1, 2)])
        expect(page.get_by_role("link", name="glad, lively, take away")).to_be_visible()

    def test_two_taps_are_enough_where_dragging_is_hard(self) -> None:
        page, face = self.open()
        says = page.locator("[data-mood-says]")
        page.mouse.click(*self.place(face, -0.5, 0.5))
        expect(says).to_have_text("very sad to rather sad, rather lively to very lively")
        page.mouse.click(*self.place(face, 0.9, -0.9))
        ends = self.show(page)
        for name, value in {"valence_low": -0.5, "valence_high": 0.9, "arousal_low": -0.9, "arousal_high": 0.5}.items():
            self.assertAlmostEqual(ends[name], value, delta=0.06, msg=name)

    def test_an_edge_is_dragged_by_itself(self) -> None:
        page, face = self.open()
        page.mouse.click(*self.place(face, 0, 0))
        before = page.locator("[data-mood-says]").inner_text()
        edge = page.get_by_role("slider", name="Gladdest").bounding_box()
        page.mouse.move(edge["x"] + edge["width"] / 2, edge["y"] + edge["height"] / 2)
        page.mouse.down()
        page.mouse.move(*self.place(face, 0.7, 0.9), steps=4)
        page.mouse.up()
        expect(page.locator("[data-mood-says]")).not_to_have_text(before)
        ends = self.show(page)
        for name, value in {"valence_low": -0.3, "valence_high": 0.7, "arousal_low": -0.3, "arousal_high": 0.3}.items():
            self.assertAlmostEqual(ends[name], value, delta=0.06, msg=name)

    def test_a_region_is_drawn_with_a_finger_and_the_page_does_not_scroll(self) -> None:
        page, face = self.open(viewport=PHONE, has_touch=True, is_mobile=True)
        before = page.evaluate("scrollY")
        touch = page.context.new_cdp_session(page)
        for kind, point in (("touchStart", (-0.8, 0.8)), ("touchMove", (-0.4, 0.2)), ("touchMove", (0, -0.6))):
            x, y = self.place(face, *point)
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        self.assertEqual(page.evaluate("scrollY"), before)
        ends = self.show(page)
        for name, value in {"valence_low": -0.8, "valence_high": 0, "arousal_low": -0.6, "arousal_high": 0.8}.items():
            self.assertAlmostEqual(ends[name], value, delta=0.06, msg=name)

    def test_a_region_is_drawn_by_keyboard_and_says_where_it_is(self) -> None:
        page, _ = self.open()
        saddest = page.get_by_role("slider", name="Saddest")
        saddest.focus()
        for _ in range(12):
            page.keyboard.press("ArrowRight")
        expect(saddest).to_have_attribute("aria-valuenow", "20")
        expect(saddest).to_have_attribute("aria-valuetext", "rather glad")
        liveliest = page.get_by_role("slider", name="Liveliest")
        liveliest.focus()
        page.keyboard.press("Home")  # no further than the edge opposite
        expect(liveliest).to_have_attribute("aria-valuenow", "-90")
        page.keyboard.press("End")
        page.keyboard.press("PageDown")
        self.assertEqual(self.show(page), {"valence_low": 0.2, "arousal_high": 0.5})

    def test_it_can_be_cleared(self) -> None:
        page, face = self.open()
        page.mouse.click(*self.place(face, 0.5, 0.5))
        expect(page.locator("[data-mood-says]")).not_to_have_text("any mood")
        page.get_by_role("button", name="any mood again").click()
        expect(page.locator("[data-mood-says]")).to_have_text("any mood")
        page.get_by_role("button", name="Show this mood").click()
        page.wait_for_url("**/gallery/")
        self.assertEqual(asked(page), {})


class MelodyTest(GalleryCase):
    def open(self, **options: object) -> Page:
        page = self.gallery(**options)
        page.get_by_text("By melody").click()
        return page

    def key(self, page: Page, name: str, octave: str = "Lower octave") -> Locator:
        return page.get_by_role("group", name=octave).get_by_role("button", name=name, exact=True)

    def heard(self, page: Page) -> float:
        """How loud the key last tapped is."""
        return page.locator("[data-melody]").evaluate(
            f"""async ({{ melody }}) => {{
              const soon = () => new Promise((next) => setTimeout(next, 25));
              for (let turn = 0; turn < 400 && !melody.lastSound; turn += 1) await soon();
              const player = {{ buffer: melody.lastSound }};
              {RMS}
              return rms();
            }}"""
        )

    def test_keys_that_are_tapped_sound_and_stand_on_the_staff(self) -> None:
        page = self.open()
        for name in ("D", "F sharp", "A"):
            self.key(page, name).click()
        self.key(page, "D", "Upper octave").click()
        expect(page.get_by_label("Notes", exact=True)).to_have_value("D ^F A d")
        expect(page.locator("[data-melody-staff] .abcjs-note")).to_have_count(4)
        self.assertGreater(self.heard(page), 0.005)
        page.get_by_role("button", name="take back").click()
        expect(page.get_by_label("Notes", exact=True)).to_have_value("D ^F A")
        expect(page.locator("[data-melody-staff] .abcjs-note")).to_have_count(3)
        page.get_by_role("button", name="clear", exact=True).click()
        expect(page.get_by_label("Notes", exact=True)).to_have_value("")

    def test_it_finds_the_tunes_that_hold_the_melody_in_another_key(self) -> None:
        page = self.open()
        for name in ("G", "B"):
            self.key(page, name).click()
        for name in ("D", "G", "E", "D"):
            self.key(page, name, "Upper octave").click()
        page.get_by_role("button", name="Find this melody").click()
        page.wait_for_url("**/gallery/?notes=*")
        self.assertEqual(asked(page), {"notes": "G B d g e d"})
        self.assertEqual(found(page), [f"Tune {n}" for n in range(1, TUNES + 1, 3)])

    def test_a_melody_is_typed_on_the_computers_letters(self) -> None:
        page = self.open()
        self.key(page, "C").focus()
        page.keyboard.type("gabd")
        expect(page.get_by_label("Notes", exact=True)).to_have_value("G A B d")  # each in the nearest octave
        page.keyboard.press("Backspace")
        expect(page.get_by_label("Notes", exact=True)).to_have_value("G A B")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Enter")
        expect(page.get_by_label("Notes", exact=True)).to_have_value("G A B ^c")
        # One stop for the tab key, however many keys there are.
        page.keyboard.press("Tab")
        expect(page.get_by_label("Notes", exact=True)).to_be_focused()
        page.keyboard.press("End")
        page.keyboard.type(" e")
        expect(page.locator("[data-melody-staff] .abcjs-note")).to_have_count(5)
        page.keyboard.press("Enter")
        page.wait_for_url("**/gallery/?notes=*")

    def test_too_few_notes_are_refused_in_words(self) -> None:
        page = self.gallery("/gallery/?notes=D+F")
        expect(page.get_by_text("Give at least 4 notes")).to_be_visible()
        expect(page.get_by_label("Notes", exact=True)).to_have_value("D F")
        expect(page.locator("[data-melody-staff] .abcjs-note")).to_have_count(2)
        page.watched.forgive("422")

    def test_every_key_is_as_wide_as_a_finger_on_the_smallest_phone(self) -> None:
        page = self.open(viewport=NARROW)
        for key in page.locator("[data-note]").all():
            self.assertGreaterEqual(key.bounding_box()["width"], 24)
        self.assertLessEqual(page.evaluate(TOO_WIDE), 0)


class WeightTest(GalleryCase):
    def test_a_first_view_weighs_less_than_250_kilobytes(self) -> None:
        page = self.visitor()
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        addresses, weights = {}, {}
        wire.on("Network.requestWillBeSent", lambda sent: addresses.update({sent["requestId"]: sent["request"]["url"]}))
        wire.on("Network.loadingFinished", lambda done: weights.update({done["requestId"]: done["encodedDataLength"]}))
        page.goto("/gallery/")
        expect(page.locator("[data-card] svg .abcjs-note").first).to_be_visible()
        page.wait_for_load_state("networkidle")
        sizes = {urlsplit(addresses[at]).path: size for at, size in weights.items()}
        counted = {path: size for path, size in sizes.items() if "/fonts/" not in path and "/samples/" not in path}
        self.assertEqual(page.locator("[data-card]").count(), 24)
        self.assertGreater(len(counted), 20, counted)
        self.assertLess(sum(counted.values()), MOST_BYTES, counted)
        self.assertFalse([path for path in sizes if "/samples/" in path], "no sound before a tap")
