"""The sounds as the browser decodes them: every file, its loudness, its first moment."""

from __future__ import annotations

import base64
import unittest

from django.test import tag

from webapp.ops.render_samples import LOUDNESS, SAMPLES, expected_files
from webapp.ops.suite import browser

DECODE = """async (text) => {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const sound = await new OfflineAudioContext(1, 44100, 44100).decodeAudioData(bytes.buffer);
  const wave = sound.getChannelData(0);
  const loudest = (from, to) => wave.slice(from, to).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const heard = wave.slice(0, 22050);
  return {
    seconds: sound.duration,
    peak: loudest(0, wave.length),
    first: loudest(0, 882),
    loudness: Math.sqrt(heard.reduce((sum, x) => sum + x * x, 0) / heard.length),
  };
}"""


@tag("browser")
class HeardTest(unittest.TestCase):
    def test_it_decodes_every_note_loud_at_once_and_never_clipped(self) -> None:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as play:
            chromium = play.chromium.launch(executable_path=browser(), args=["--no-sandbox", "--disable-gpu"])
            page = chromium.new_page()
            for name in expected_files():
                sound = page.evaluate(DECODE, base64.b64encode((SAMPLES / name).read_bytes()).decode())
                with self.subTest(note=str(name), **sound):
                    self.assertTrue(0.5 < sound["seconds"] < 2.6)
                    self.assertTrue(0.5 * LOUDNESS < sound["loudness"] < 1.1 * LOUDNESS)
                    self.assertLess(sound["peak"], 0.95)
                    self.assertGreater(sound["first"], 0.02, "silent for its first 20 ms")
            chromium.close()
