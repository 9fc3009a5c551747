"""The front page: what is heard as a person types, the disc, the styles, the locks, and bad input."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.browsing import PHONE, BrowserCase


class FrontPageTest(BrowserCase):
    def type(self, prompt: str, **options: object) -> Page:
        page = self.visitor(**options)
        page.goto("/")
        page.get_by_label("What should it feel like?").fill(prompt)
        expect(page.get_by_label("What we hear")).to_be_visible()
        return page

    def test_an_empty_prompt_is_answered_beside_the_box(self) -> None:
        page = self.visitor()
        page.goto("/")
        with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
            page.get_by_role("button", name="Compose", exact=True).click()
        self.assertEqual(answer.value.status, 422)
        expect(page.locator("#prompt-error .error")).not_to_be_empty()
        expect(page.get_by_label("What should it feel like?")).to_have_attribute("aria-invalid", "true")
        page.watched.forgive("422")

    def test_what_was_typed_and_chosen_is_still_there_after_a_mistake(self) -> None:
        page = self.type("hopeful")
        page.get_by_text("Change", exact=True).click()
        page.get_by_label("Rhythm", exact=True).select_option(value="waltz")
        page.get_by_label("Bars", exact=True).fill("3")
        page.get_by_role("button", name="Compose", exact=True).click()
        expect(page.locator('[data-condition="bars"] .error')).to_be_visible()
        expect(page.get_by_label("What should it feel like?")).to_have_value("hopeful")
        expect(page.get_by_label("Rhythm", exact=True)).to_have_value("waltz")
        page.watched.forgive("422")

    def test_markup_in_a_prompt_stays_text(self) -> None:
        page = self.type("<b>hopeful</b> <img src=x onerror=alert(1)> wonder")
        self.assertEqual(page.locator("[data-heard] img").count(), 0)

    def test_the_point_follows_the_words_and_a_hand_moves_it(self) -> None:
        page = self.type("very sad and lonely")
        point = page.get_by_role("slider", name="Feeling")
        expect(page.locator("html")).to_have_attribute("data-mood", "sad-quiet")
        disc = page.locator("[data-disc-face]").bounding_box()
        page.mouse.move(disc["x"] + 64, disc["y"] + 64)
        page.mouse.down()
        page.mouse.move(disc["x"] + 110, disc["y"] + 30, steps=4)
        page.mouse.up()
        expect(page.locator("html")).to_have_attribute("data-mood", "glad-loud")
        self.assertGreater(float(page.locator("[data-feeling-v]").input_value()), 0.5)
        page.get_by_role("button", name="let the words decide").click()
        expect(page.locator("html")).to_have_attribute("data-mood", "sad-quiet")
        expect(point).to_be_focused()

    def test_the_point_moves_by_arrow_keys(self) -> None:
        page = self.type("very sad and lonely")
        expect(page.locator("html")).to_have_attribute("data-mood", "sad-quiet")
        point = page.get_by_role("slider", name="Feeling")
        point.focus()
        for _ in range(20):
            point.press("ArrowRight")
        expect(page.locator("html")).to_have_attribute("data-mood", "glad-quiet")
        expect(point).to_have_attribute("aria-valuetext", re.compile("very glad"))

    def test_the_point_moves_by_touch(self) -> None:
        page = self.type("very sad and lonely", viewport=PHONE, has_touch=True, is_mobile=True)
        expect(page.locator("html")).to_have_attribute("data-mood", "sad-quiet")
        page.locator("[data-disc-face]").tap(position={"x": 100, "y": 40})
        expect(page.locator("html")).to_have_attribute("data-mood", "glad-loud")

    def test_another_style_can_be_chosen(self) -> None:
        page = self.type("hopeful and full of wonder")
        other = page.locator("[data-style-name]").first
        name = other.get_attribute("data-style-name")
        other.click()
        expect(page.locator(f'[data-style-name="{name}"]')).to_have_count(0)
        expect(page.locator("[data-style]")).to_have_value(name)

    def test_a_lock_takes_what_was_heard_and_stays_for_the_next_tune(self) -> None:
        page = self.type("hopeful and full of wonder")
        page.get_by_text("Change", exact=True).click()
        row = page.locator('[data-condition="rhythm"]')
        expect(row).not_to_have_attribute("data-heard", "")
        heard = row.get_attribute("data-heard")
        page.get_by_role("checkbox", name="lock rhythm").check()
        expect(page.get_by_label("Rhythm", exact=True)).to_have_value(heard)
        page.get_by_role("button", name="Compose", exact=True).click()
        page.wait_for_url("**/tunes/*/")
        page.goto("/")
        expect(page.get_by_label("Rhythm", exact=True)).to_have_value(heard)

    def test_surprise_me_writes_a_prompt_and_shows_what_is_heard(self) -> None:
        page = self.visitor()
        page.goto("/")
        page.get_by_role("button", name="surprise me").click()
        expect(page.get_by_label("What should it feel like?")).not_to_be_empty()
        expect(page.get_by_label("What we hear")).to_be_visible()

    def test_a_prompt_in_chinese_is_heard(self) -> None:
        page = self.type("雨后的清晨，充满希望")
        expect(page.locator("[data-summary]")).not_to_be_empty()
