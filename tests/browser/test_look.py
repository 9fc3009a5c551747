"""How pages look, as far as it can be measured: narrow screens, contrast, themes, print, motion, empty states."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.browsing import DESK, NARROW, PHONE, TOO_WIDE, BrowserCase
from tests.builders import Person, a_gallery_tune, a_queued_tune, a_ready_tune
from webapp.gallery.services import entries_refresh
from webapp.tunes.models import Status

LONG = "hopeful and full of wonder, " * 16
CHINESE = "雨后的清晨，充满希望和惊奇" * 6
PART = "|:" + ('"D"DFAd "G"BGdB|"A"A^GAB "E7"E2e2|"F#m"fdfa "Bm"b2f2|"A7"aged "D"d4|\n' * 4).strip() + ":|\n"
THIRTY_TWO = "X:1\nT:Long\nM:4/4\nL:1/8\nQ:1/4=120\nK:D\n" + PART + PART

# WCAG's relative luminance, on what the page really computes for each element that holds text.
WEAKEST = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const measured = (text) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const rgb = (text) => known.get(text) ?? known.set(text, measured(text)).get(text);
  const light = (text) => rgb(text).slice(0, 3).map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (rgb(colour)[3] === 255) return colour;
    }
    return "white";
  };
  const holdsText = (node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
  const unseen = "template, script, svg, option, .visually-hidden";
  const seen = (node) => node.getClientRects().length && !node.closest(unseen);
  const texts = [...document.body.querySelectorAll("*")].filter((node) => holdsText(node) && seen(node));
  const found = texts.map((node) => {
    const [a, b] = [light(getComputedStyle(node).color), light(ground(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    return [ratio, `${node.className || node.tagName}: ${node.textContent.trim().slice(0, 30)}`];
  });
  return found.sort((one, other) => one[0] - other[0])[0];
}"""


class LookTest(BrowserCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.alice = Person("alice")
        moods = ((0.5, -0.5), (0.5, 0.5), (-0.5, -0.5), (-0.5, 0.5))
        cls.tunes = [
            a_gallery_tune(cls.alice, abc=THIRTY_TWO, valence=valence, arousal=arousal) for valence, arousal in moods
        ]
        cls.tunes[1].title, cls.tunes[1].prompt = LONG[:60] + "…", LONG
        cls.tunes[2].title, cls.tunes[2].prompt = CHINESE[:60], CHINESE
        for tune in cls.tunes:
            tune.save()
        cls.pages = [
            *("/", "/own/", "/gallery/", "/composers/", "/about/", "/no/such/page/"),
            *(tune.get_absolute_url() for tune in cls.tunes),
            a_ready_tune(cls.alice).get_absolute_url(),
            a_queued_tune(cls.alice).get_absolute_url(),
            a_queued_tune(cls.alice, status=Status.FAILED, reason="It did not end well.").get_absolute_url(),
            a_queued_tune(cls.alice, status=Status.CANCELLED).get_absolute_url(),
        ]

    def settled(self, page: Page, path: str) -> None:
        page.goto(path)
        if page.locator("[data-player]").count():
            expect(page.locator(".sheet svg")).to_be_visible()
        page.watched.forgive("404")

    def test_nothing_is_wider_than_the_screen(self) -> None:
        page = self.visitor(self.alice, viewport=NARROW)
        for path in (*self.pages, f"{self.tunes[1].get_absolute_url()}print/"):
            page.set_viewport_size(NARROW)
            self.settled(page, path)
            self.fits(page, path)

    def test_the_front_page_with_everything_open_fits_a_small_phone(self) -> None:
        page = self.visitor(viewport=NARROW)
        page.goto("/")
        page.get_by_label("What should it feel like?").fill(LONG)
        expect(page.get_by_label("What we hear")).to_be_visible()
        page.get_by_text("Change", exact=True).click()
        self.fits(page, "/")

    def fits(self, page: Page, path: str) -> None:
        for size in (NARROW, PHONE, DESK):
            page.set_viewport_size(size)
            self.assertLessEqual(page.evaluate(TOO_WIDE), 0, f"{path} at {size['width']}")

    def test_text_has_contrast_in_both_themes_and_every_mood(self) -> None:
        page = self.visitor(self.alice, reduced_motion="reduce")  # colours change at once
        for path in self.pages:
            self.settled(page, path)
            self.is_legible(page, path)

    def test_what_was_heard_has_contrast_too(self) -> None:
        page = self.visitor(reduced_motion="reduce")  # the button's hue changes at once
        page.goto("/")
        page.get_by_text("Change", exact=True).click()
        moods = {
            "very sad and lonely": "sad-quiet",
            "furious and wild": "sad-loud",
            "calm and happy": "glad-quiet",
            "joyful dancing, not sad": "glad-loud",
        }
        for prompt, mood in moods.items():
            page.get_by_label("What should it feel like?").fill(prompt)
            expect(page.locator("html")).to_have_attribute("data-mood", mood)
            self.is_legible(page, prompt)

    def is_legible(self, page: Page, what: str) -> None:
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            expect(page.locator("html")).to_have_attribute("data-theme", theme)
            ratio, where = page.evaluate(WEAKEST)
            self.assertGreaterEqual(ratio, 4.5, f"{what} in {theme}: {where}")

    def test_the_theme_follows_the_device_until_a_person_chooses(self) -> None:
        page = self.visitor(color_scheme="dark")
        page.goto("/about/")
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        page.get_by_role("button", name="Light colours").click()
        page.goto("/gallery/")
        expect(page.locator("html")).to_have_attribute("data-theme", "light")
        expect(page.locator("body")).to_have_css("background-color", "rgb(250, 247, 241)")

    def test_four_bars_stand_on_a_line(self) -> None:
        page = self.visitor(viewport=DESK)
        self.settled(page, self.tunes[0].get_absolute_url())
        expect(page.locator(".sheet .abcjs-staff-wrapper")).to_have_count(8)

    def test_a_pickup_of_short_notes_takes_no_bars_place(self) -> None:
        bars = '"C"c2e efe | "G"dBG GBd | "Am"c2e efe | "D"a3 fdd |\n'
        tune = a_gallery_tune(self.alice, abc=f"X:1\nM:6/8\nL:1/8\nK:G\nc/2B/2 | {bars}{bars}")
        self.addCleanup(tune.delete)
        page = self.visitor(viewport=DESK)
        self.settled(page, tune.get_absolute_url())
        expect(page.locator(".sheet .abcjs-staff-wrapper")).to_have_count(2)

    def test_a_phone_gets_two_bars_on_a_line(self) -> None:
        page = self.visitor(viewport=PHONE)
        self.settled(page, self.tunes[0].get_absolute_url())
        expect(page.locator(".sheet .abcjs-staff-wrapper")).to_have_count(16)

    def test_print_is_black_on_white_and_splits_no_staff(self) -> None:
        page = self.visitor(color_scheme="dark")
        page.goto(f"{self.tunes[0].get_absolute_url()}print/")
        lines = page.locator("[data-print-sheet] > div")
        expect(lines).to_have_count(8)
        for at in range(8):
            expect(lines.nth(at)).to_have_css("break-inside", "avoid")
        expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
        expect(page.locator("[data-print-sheet] svg").first).to_have_css("color", "rgb(0, 0, 0)")
        page.emulate_media(media="print")
        expect(page.get_by_role("button", name="Print")).to_be_hidden()
        expect(page.get_by_role("heading", level=1)).to_be_visible()

    def test_reduced_motion_stops_every_animation(self) -> None:
        page = self.visitor(reduced_motion="reduce")
        page.goto(a_queued_tune(self.alice).get_absolute_url())
        expect(page.locator(".pen")).to_have_css("animation-name", "none")

    def test_a_missing_page_says_what_to_do(self) -> None:
        page = self.visitor()
        page.goto("/tunes/aaaaaaaaaaaaaaaaaaaaaa/")
        expect(page.get_by_role("heading", level=1)).to_have_text("There is no tune here")
        expect(page.get_by_role("link", name="Compose a new one")).to_be_visible()
        page.watched.forgive("404")

    def test_an_empty_gallery_invites(self) -> None:
        everything = type(self.tunes[0]).objects
        ids = list(everything.values_list("pk", flat=True))
        everything.update(hidden=True)
        entries_refresh(tunes=ids)
        self.addCleanup(entries_refresh, tunes=ids)  # after the next one: clean-ups run backwards
        self.addCleanup(everything.update, hidden=False)
        page = self.visitor()
        page.goto("/gallery/")
        expect(page.get_by_text("Nobody has hung a tune here yet.")).to_be_visible()
