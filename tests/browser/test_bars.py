"""Bars chosen on the staff: by mouse, touch and keyboard, and typed; numbered as people count them."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.browsing import PHONE, BrowserCase
from tests.builders import Person, a_ready_tune

# A pickup, repeats, two endings, and a part whose pickup completes the bar before it.
ENDINGS = """X:1
T:Two Endings
M:6/8
L:1/8
K:D
A|d2f gfe|edc dAF|G2B AFD|E2F GBA|
d2f gfe|edc dAF|GBG AFD|1 EFE D2A:|2 EFE D2||
A|g3 fed|edc d3|BGB AFA|EFG ABc|
g3 fed|edc dBA|GBG AFD|EFE D3|]
"""
TUPLETS = "X:1\nM:4/4\nL:1/8\nK:G\n|:GABc dedB|(3ded (3cBA G4:|\n|:g2g2 g4|[M:2/4]g2g2|a4:|\n"


class BarsTest(BrowserCase):
    def opened(self, abc: str = ENDINGS, **options: object) -> Page:
        alice = Person("alice")
        tune = a_ready_tune(alice, abc=abc)
        page = self.visitor(alice, **options)
        page.goto(tune.get_absolute_url())
        expect(page.locator(".sheet svg")).to_be_visible()
        return page

    def choosing(self, abc: str = ENDINGS, **options: object) -> Page:
        page = self.opened(abc, **options)
        page.get_by_role("button", name="choose on the staff").click()
        expect(page.get_by_role("listbox", name="Bars of the tune")).to_be_visible()
        return page

    def bar(self, page: Page, number: int) -> Locator:
        return page.get_by_role("option", name=f"Bar {number}", exact=True).first

    def chosen(self, page: Page, bars: str) -> None:
        expect(page.locator("[data-bars-field]")).to_have_value(bars)

    def numbers(self, page: Page) -> list[int]:
        bars = page.locator("[data-bar]")
        return [int(bars.nth(at).get_attribute("data-bar")) for at in range(bars.count())]

    def test_bars_are_counted_as_people_count_them(self) -> None:
        self.assertEqual(self.numbers(self.opened()), [*range(1, 9), 8, *range(9, 17)])

    def test_tuplets_and_changes_of_meter_are_counted_right(self) -> None:
        self.assertEqual(self.numbers(self.opened(TUPLETS)), [1, 2, 3, 4, 5])

    def test_endings_stand_beside_each_other_each_with_its_number(self) -> None:
        page = self.opened()
        expect(page.locator(".sheet .abcjs-staff-wrapper")).to_have_count(4)
        page.set_viewport_size(PHONE)
        for number in "12":
            expect(page.locator(".sheet .abcjs-ending").filter(has_text=number)).to_have_count(1)

    def test_a_tap_and_another_choose_all_between(self) -> None:
        page = self.choosing()
        self.bar(page, 6).click()
        self.chosen(page, "6")
        self.bar(page, 3).click()
        self.chosen(page, "3-6")
        expect(self.bar(page, 4)).to_have_attribute("aria-selected", "true")
        expect(page.get_by_text("Bars 3 to 6 chosen")).to_be_visible()
        self.bar(page, 9).click()
        self.chosen(page, "9")
        self.bar(page, 9).click()
        self.chosen(page, "")

    def test_a_second_ending_goes_with_the_first(self) -> None:
        page = self.choosing()
        self.bar(page, 8).click()
        both = page.get_by_role("option", name="Bar 8", exact=True)
        expect(both).to_have_count(2)
        for at in range(2):
            expect(both.nth(at)).to_have_attribute("aria-selected", "true")

    def test_a_mouse_draws_over_the_staff_straight_away(self) -> None:
        page = self.opened()
        start, end = self.bar(page, 1).bounding_box(), self.bar(page, 3).bounding_box()
        page.mouse.move(start["x"] + 30, start["y"] + 40)
        page.mouse.down()
        page.mouse.move(end["x"] + 30, end["y"] + 40, steps=6)
        page.mouse.up()
        self.chosen(page, "1-3")
        expect(page.locator("[data-chosen]")).to_be_visible()
        self.assertEqual(self.player(page, "return player.now;"), 0)

    def test_a_tap_still_goes_to_the_note_where_no_bars_are_being_chosen(self) -> None:
        page = self.opened()
        there = self.bar(page, 6).bounding_box()
        page.mouse.click(there["x"] + 30, there["y"] + 40)
        self.until_player(page, "player.now > 0.5")
        self.chosen(page, "")

    def test_fingers_tap_bars(self) -> None:
        page = self.choosing(viewport=PHONE, has_touch=True, is_mobile=True)
        self.bar(page, 2).tap()
        self.bar(page, 5).tap()
        self.chosen(page, "2-5")
        page.get_by_role("button", name="done").tap()
        expect(page.get_by_role("button", name="choose on the staff")).to_have_attribute("aria-pressed", "false")
        self.chosen(page, "2-5")

    def test_by_keyboard_alone(self) -> None:
        page = self.opened()
        page.get_by_role("button", name="choose on the staff").focus()
        page.keyboard.press("Enter")
        expect(self.bar(page, 1)).to_be_focused()
        for key in ("ArrowRight", "ArrowRight", "Space", "Shift+ArrowRight", "Shift+ArrowRight"):
            page.keyboard.press(key)
        self.chosen(page, "3-5")
        expect(self.bar(page, 5)).to_be_focused()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Space")
        self.assertEqual(len(page.locator("[data-bars-field]").input_value().split(", ")), 2)
        self.assertEqual(self.player(page, "return player.wanted;"), False)
        page.keyboard.press("Enter")
        expect(page.locator("[data-chosen]")).to_be_hidden()
        page.keyboard.press("Escape")

    def test_escape_goes_back_to_the_button(self) -> None:
        page = self.choosing()
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="choose on the staff")).to_be_focused()

    def test_what_is_typed_shows_on_the_staff(self) -> None:
        page = self.opened()
        page.locator("[data-bars-field]").fill("2, 7-8")
        expect(page.locator('[data-bar][aria-selected="true"]')).to_have_count(4)
        page.set_viewport_size(PHONE)
        expect(page.locator('[data-bar][aria-selected="true"]')).to_have_count(4)
