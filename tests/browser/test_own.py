"""Music of one's own in a real browser, with the real composer: paste, see, choose, and hear what became of it."""

from __future__ import annotations

import re

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.browsing import BrowserCase
from tests.webapp.processes import until
from webapp.tunes.models import Status, Tune

PLOUGH = """X:1
T:Speed the Plough
M:4/4
L:1/8
K:G
|:GABc dedB|dedB dedB|c2ec B2dB|A2A2 A2BA|
GABc dedB|dedB dedB|c2ec B2dB|A2A2 G4:|
|:g2g2 g2fg|a2gf e2d2|c2ec B2dB|A2A2 A4|
g2g2 g2fg|a2gf e2d2|c2ec B2dB|A2A2 G4:|
"""


def bars_of(abc: str) -> list[str]:
    """The notes of each bar, without blanks and chords."""
    body = "".join(line for line in abc.splitlines() if not re.match(r"[A-Za-z]:", line))
    plain = re.sub(r'"[^"]*"|\s', "", body)
    return [bar for bar in re.split(r":?\|+[:\]]?", plain) if bar]


class OwnTest(BrowserCase):
    with_worker = True

    def pasted(self, abc: str = PLOUGH, **options: object) -> Page:
        page = self.visitor(**options)
        page.goto("/")
        page.get_by_role("link", name="bring your own tune").click()
        if options.get("java_script_enabled", True):
            expect(page.locator("[data-example]")).to_be_visible()  # the script is there and listens
        page.get_by_label("Bring your own tune").fill(abc)
        return page

    def begun(self, page: Page) -> Tune:
        page.get_by_role("button", name="Begin").click()
        page.wait_for_url("**/tunes/*/")
        self.finished(page)
        return self.shown(page)

    def shown(self, page: Page) -> Tune:
        return Tune.objects.get(pk=page.url.split("/")[-2])

    def test_a_pasted_tune_is_drawn_varied_and_varied_again(self) -> None:
        page = self.pasted()
        expect(page.locator(".sheet .abcjs-note").first).to_be_visible()
        page.get_by_label("vary").check()
        page.get_by_label("a little").check()
        tune = self.begun(page)
        expect(page.get_by_role("heading", level=1)).to_contain_text("Speed the Plough")
        kept = sum(one == other for one, other in zip(bars_of(PLOUGH), bars_of(tune.abc), strict=True))
        self.assertTrue(8 <= kept < 16, tune.abc)
        page.get_by_role("button", name="vary").click()
        page.wait_for_url(lambda url: url != f"{self.site.url}{tune.get_absolute_url()}")
        self.finished(page)
        self.assertEqual((self.shown(page).parent, self.shown(page).tweak), (tune, "vary"))

    def test_bars_chosen_on_the_staff_are_written_again_and_no_others(self) -> None:
        page = self.pasted()
        page.get_by_role("button", name="choose on the staff").click()
        for number in (5, 7):
            page.get_by_role("option", name=f"Bar {number}", exact=True).click()
        expect(page.get_by_label("write bars again")).to_be_checked()
        tune = self.begun(page)
        self.only_changed(PLOUGH, tune.abc, {5, 6, 7})
        page.get_by_role("button", name="choose on the staff").click()
        page.get_by_role("option", name="Bar 10", exact=True).click()
        page.locator("[data-chosen-go]").click()
        page.wait_for_url(lambda url: url != f"{self.site.url}{tune.get_absolute_url()}")
        self.finished(page)
        self.only_changed(tune.abc, self.shown(page).abc, {10})

    def only_changed(self, before: str, after: str, numbers: set[int]) -> None:
        pairs = zip(bars_of(before), bars_of(after), strict=True)
        changed = {number for number, (was, now) in enumerate(pairs, 1) if was != now}
        self.assertLessEqual(changed, numbers)
        self.assertTrue(changed, "every bar came out as it was")

    def test_a_tune_is_continued(self) -> None:
        page = self.pasted("".join(PLOUGH.splitlines(keepends=True)[:7]))
        page.get_by_label("continue").check()
        page.get_by_label("go on from its last bar, until it has").fill("16")
        tune = self.begun(page)
        self.assertEqual(bars_of(tune.abc)[:7], bars_of(PLOUGH)[:7])
        self.assertEqual(tune.checks["bars"]["value"], 16)

    def test_chords_are_found_at_once_and_others_after_them(self) -> None:
        page = self.pasted()
        page.get_by_label("find chords").check()
        tune = self.begun(page)
        self.assertEqual(bars_of(tune.abc), bars_of(PLOUGH))
        expect(page.locator(".sheet .abcjs-chord").first).to_be_visible()
        page.get_by_label("the same tune, chords").select_option("melancholy")
        page.get_by_role("button", name="other chords").click()
        page.wait_for_url(lambda url: url != f"{self.site.url}{tune.get_absolute_url()}")
        self.finished(page)
        child = self.shown(page)
        self.assertEqual((bars_of(child.abc), child.parent), (bars_of(PLOUGH), tune))

    def test_what_cannot_be_read_is_told_at_once_and_nothing_typed_is_lost(self) -> None:
        page = self.pasted("this is <b>no</b> tune")
        expect(page.locator("#abc-error .error")).to_be_visible()
        page.get_by_label("What should it feel like?").fill("sad & slow")
        page.get_by_label("write bars again").check()
        page.locator("[data-bars-field]").fill("2-3")
        page.get_by_role("button", name="Begin").click()
        expect(page.locator("#abc")).to_have_attribute("aria-invalid", "true")
        expect(page.locator("#abc")).to_have_value("this is <b>no</b> tune")
        expect(page.locator("#abc-error .error")).not_to_be_empty()
        expect(page.get_by_label("What should it feel like?")).to_have_value("sad & slow")
        expect(page.locator("[data-bars-field]")).to_have_value("2-3")
        expect(page.get_by_label("write bars again")).to_be_checked()
        page.watched.forgive("422")

    def test_a_sentence_stands_beside_the_bars_that_are_not_there(self) -> None:
        page = self.pasted()
        page.locator("[data-bars-field]").fill("40-44")
        page.get_by_role("button", name="Begin").click()
        expect(page.locator(".sheet .abcjs-note").first).to_be_attached()
        expect(page.locator("#bars-error")).to_be_in_viewport()
        expect(page.locator("[data-bars-field]")).to_be_focused()
        page.watched.forgive("422")

    def test_a_file_is_opened_into_the_box(self) -> None:
        page = self.visitor()
        page.goto("/own/")
        file = FilePayload(name="plough.abc", mimeType="text/vnd.abc", buffer=PLOUGH.encode())
        page.get_by_label("open a file").set_input_files(file)
        expect(page.get_by_label("Bring your own tune")).to_have_value(PLOUGH)
        expect(page.locator(".sheet .abcjs-note").first).to_be_visible()

    def test_a_newcomer_without_a_tune_is_lent_one(self) -> None:
        page = self.visitor()
        page.goto("/own/")
        page.get_by_role("button", name="Speed the Plough").click()
        expect(page.locator(".sheet .abcjs-note").first).to_be_visible()
        expect(page.locator("#abc-error .error")).to_have_count(0)

    def test_hostile_music_stays_text(self) -> None:
        page = self.pasted(PLOUGH.replace("GABc", '"^<img src=x onerror=alert(1)>"GABc') + "%%javascript alert(1)\n")
        expect(page.locator(".sheet .abcjs-note").first).to_be_visible()
        self.assertEqual(page.locator("main img").count(), 0)

    def test_without_javascript_the_form_posts_plainly(self) -> None:
        page = self.visitor(java_script_enabled=False)
        page.goto("/own/")
        page.get_by_label("Bring your own tune").fill(PLOUGH)
        page.get_by_label("write bars again").check()
        page.locator("[name=bars]").fill("2-3")
        page.get_by_role("button", name="Begin").click()
        expect(page.locator("pre.abc")).to_contain_text("K:G")
        until(lambda: self.shown(page).status == Status.READY)
        self.only_changed(PLOUGH, self.shown(page).abc, {2, 3})
