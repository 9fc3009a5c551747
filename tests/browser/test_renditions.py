"""A tune played by a network, in a real browser with a real worker: asked for, followed, heard."""

from __future__ import annotations

from unittest import skipUnless

from playwright.sync_api import expect

from generator import player_cards
from tests.browser.browsing import BrowserCase
from tests.builders import Person, a_ready_tune

# Decodes what the page's audio element plays, and measures it.
RMS = """async (element) => {
  const answer = await fetch(element.src);
  const sound = await new OfflineAudioContext(1, 8000, 8000).decodeAudioData(await answer.arrayBuffer());
  const samples = sound.getChannelData(0);
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}"""
MINUTES = 180_000  # milliseconds: a worker's first sound waits for the compiler


@skipUnless(player_cards(), "no trained player ships")
class RenditionTest(BrowserCase):
    with_worker = True

    def test_it_is_asked_for_followed_and_heard(self) -> None:
        alice = Person("alice")
        page = self.visitor(alice)
        page.goto(a_ready_tune(alice).get_absolute_url())
        self.finished(page)
        page.get_by_role("button", name="hear it through WaveNet").click()
        part = page.locator("[data-rendition]")
        expect(part.locator("progress, audio").first).to_be_visible()
        self.look(page)
        sound = part.locator("audio")
        expect(sound).to_be_visible(timeout=MINUTES)
        self.assertGreater(sound.evaluate(RMS), 0.02)
        self.look(page)

    def test_it_is_stopped_and_asked_for_again(self) -> None:
        alice = Person("alice")
        page = self.visitor(alice, java_script_enabled=False)
        page.goto(a_ready_tune(alice).get_absolute_url())
        page.get_by_role("button", name="hear it through WaveNet").click()
        page.get_by_role("button", name="stop it").click()
        expect(page.get_by_text("stopped before it was finished")).to_be_visible()
        page.get_by_role("button", name="ask the player again").click()
        expect(page.get_by_role("heading", name="Hear it through WaveNet")).to_be_visible()
