"""A prompt by voice: Chromium's own false microphone plays a recording, and the words stand in the box."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from unittest import skipUnless

from playwright.sync_api import BrowserContext, Page, Route, expect

from generator.speech.espeak import is_installed, spoken
from tests.browser.browsing import PHONE, QUIET, BrowserCase
from webapp.ops.suite import browser as installed_browser

SAID = "hopeful and full of wonder"
NO_MICROPHONE = "delete Object.getPrototypeOf(navigator).mediaDevices"
REFUSED = """navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", "NotAllowedError"))"""
# A browser that recognises on the device, if `%s` is "available".
OWN_EARS = """
window.SpeechRecognition = class {
  static async available({ langs, processLocally }) {
    return processLocally && langs[0] === "en-US" ? "%s" : "unavailable";
  }
  get processLocally() { return this.local; }
  set processLocally(local) { this.local = local; }
  start() {}
  stop() {
    if (!this.processLocally) throw new Error("the sound would leave the device");
    this.onresult({ results: [[{ transcript: "quiet as snow" }]] });
    this.onend();
  }
};"""


class VoiceCase(BrowserCase):
    sound: bytes | None = None

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        false = ["--use-fake-device-for-media-stream"]
        if cls.sound:
            folder = tempfile.TemporaryDirectory()
            cls.addClassCleanup(folder.cleanup)
            file = Path(folder.name, "said.wav")
            file.write_bytes(cls.sound)
            false.append(f"--use-file-for-fake-audio-capture={file}%noloop")
        cls.browser = cls.browser.browser_type.launch(executable_path=installed_browser(), args=[*QUIET, *false])
        cls.addClassCleanup(cls.browser.close)

    def at_the_box(self, script: str = "", **options: object) -> Page:
        page = self.visitor(permissions=["microphone"], **options)
        if script:
            page.add_init_script(script)
        page.goto("/")
        return page

    def answer(self, context: BrowserContext, status: int, said: dict) -> list[bytes]:
        """Stands in for the server; gives what it was sent."""
        sent: list[bytes] = []

        def reply(route: Route) -> None:
            sent.append(route.request.post_data_buffer)
            route.fulfill(status=status, content_type="application/json", body=json.dumps(said))

        context.route("**/speak/", reply)
        return sent


class VoiceTest(VoiceCase):
    def test_the_words_come_after_what_was_typed_and_nothing_is_composed(self) -> None:
        page = self.at_the_box()
        sent = self.answer(page.context, 200, {"text": "and full of wonder", "confidence": 0.9})
        box = page.get_by_label("What should it feel like?")
        box.fill("hopeful")
        button = page.get_by_role("button", name="Speak")
        button.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Stop")).to_have_attribute("aria-pressed", "true")
        expect(page.locator("[data-speak-said]")).to_contain_text("Listening")
        page.wait_for_timeout(800)
        page.keyboard.press("Space")
        expect(box).to_have_value("hopeful and full of wonder")
        expect(box).to_be_focused()
        expect(page.get_by_label("What we hear")).to_be_visible()
        self.assertTrue(page.url.endswith("/"))
        wav = sent[0]
        self.assertEqual((wav[:4], wav[8:12], int.from_bytes(wav[24:28], "little")), (b"RIFF", b"WAVE", 16000))
        self.assertEqual(int.from_bytes(wav[40:44], "little"), len(wav) - 44)
        self.assertTrue(0.3 < (len(wav) - 44) / 32000 < 8, len(wav))

    def test_it_stops_by_itself(self) -> None:
        page = self.at_the_box()
        sent = self.answer(page.context, 200, {"text": "sad", "confidence": 0.9})
        page.get_by_role("button", name="Speak").click()
        expect(page.get_by_label("What should it feel like?")).to_have_value("sad")
        self.assertAlmostEqual((len(sent[0]) - 44) / 32000, 8, delta=1.5)

    def test_what_the_server_says_is_shown(self) -> None:
        page = self.at_the_box()
        self.answer(page.context, 422, {"error": "We heard only silence."})
        page.get_by_role("button", name="Speak").click()
        page.get_by_role("button", name="Stop").click()
        expect(page.locator("[data-speak-said]")).to_have_text("We heard only silence.")
        expect(page.get_by_role("button", name="Speak")).to_be_enabled()
        page.watched.forgive("422")

    def test_a_refused_microphone_is_said(self) -> None:
        page = self.at_the_box(REFUSED)
        page.get_by_role("button", name="Speak").click()
        expect(page.locator("[data-speak-said]")).to_contain_text("not allowed")

    def test_the_button_is_not_there_without_a_microphone_to_ask_for(self) -> None:
        page = self.at_the_box(NO_MICROPHONE)
        expect(page.locator("[data-ask] .compose")).to_be_visible()
        expect(page.get_by_role("button", name="Speak")).to_have_count(0)

    def test_the_browser_recognises_where_the_sound_stays_on_the_device(self) -> None:
        page = self.at_the_box(OWN_EARS % "available")
        sent = self.answer(page.context, 500, {})
        page.get_by_role("button", name="Speak").click()
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_label("What should it feel like?")).to_have_value("quiet as snow")
        self.assertEqual(sent, [])

    def test_our_server_does_where_it_would_leave_the_device(self) -> None:
        page = self.at_the_box(OWN_EARS % "downloadable")
        sent = self.answer(page.context, 200, {"text": "glad", "confidence": 0.9})
        page.get_by_role("button", name="Speak").click()
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_label("What should it feel like?")).to_have_value("glad")
        self.assertEqual(len(sent), 1)

    def test_everybody_can_use_it_on_a_phone_and_a_desk(self) -> None:
        for options in ({}, {"viewport": PHONE}):
            page = self.at_the_box(reduced_motion="reduce", **options)
            # Looking may take longer than a recording does.
            self.answer(page.context, 200, {"text": "sad", "confidence": 0.9})
            expect(page.get_by_role("button", name="Speak")).to_be_visible()
            self.look(page)
            page.get_by_role("button", name="Speak").click()
            expect(page.get_by_role("button", name="Stop")).to_be_visible()
            self.look(page)


@skipUnless(is_installed(), "needs the voice of espeak-ng (Debian and Ubuntu: apt install espeak-ng)")
class SpokenTest(VoiceCase):
    sound = spoken(SAID) if is_installed() else None

    def test_a_spoken_prompt_is_written_into_the_box(self) -> None:
        page = self.at_the_box()
        page.get_by_role("button", name="Speak").click()
        expect(page.get_by_role("button", name="Stop")).to_be_visible()
        page.wait_for_timeout(3500)
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_label("What should it feel like?")).to_have_value(SAID)
        expect(page.locator("[data-words]")).to_contain_text("wonder")
