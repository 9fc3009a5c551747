"""Spoken prompts: what is no recording is refused in words, what is one is heard, and nothing hangs."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from unittest import TestCase, mock, skipUnless

import numpy as np
from django.test import tag
from pocketsphinx import NGramModel

from generator import SpeechBusy, SpeechError, heard, speech
from generator.speech.espeak import is_installed, spoken, wav_of
from generator.speech.language_model import arpa
from generator.speech.measure import prompts
from generator.speech.pronunciations import pronounced, without_r
from generator.speech.recordings import LARGEST_WAV, RATE, made_ready, samples_of
from generator.speech.words import END, START, Sayings, sayings
from tests.builders import assert_plain_words

HUM = 3000 * np.sin(np.arange(2 * RATE) * 0.1)  # two seconds
needs_voice = skipUnless(is_installed(), "needs the voice of espeak-ng (Debian and Ubuntu: apt install espeak-ng)")


class RefusedRecordingTest(TestCase):
    def refused(self, wav: bytes) -> str:
        with self.assertRaises(SpeechError) as caught:
            heard(wav)
        assert_plain_words(self, str(caught.exception))
        return str(caught.exception)

    def test_it_refuses_what_is_no_recording(self) -> None:
        good = wav_of(HUM)
        for wav in (b"", b"RIFF", b"hello" * 99, good[:40], b"\x00" * 3000, b"RIFF\xff\xff\xff\xffWAVE", good[44:]):
            with self.subTest(wav[:12]):
                self.refused(wav)

    def test_it_refuses_another_rate_more_channels_and_other_bits(self) -> None:
        self.assertIn("16000", self.refused(wav_of(HUM, rate=44_100)))
        good = wav_of(HUM)
        for place, byte in ((22, 2), (34, 8)):
            self.refused(good[:place] + bytes([byte]) + good[place + 1 :])

    def test_it_refuses_five_minutes_without_looking_at_them(self) -> None:
        wav = wav_of(np.tile(HUM, 150))
        start = time.perf_counter()
        self.assertIn("too long", self.refused(wav))
        self.assertLess(time.perf_counter() - start, 2)

    def test_it_takes_as_many_bytes_as_the_longest_recording_has(self) -> None:
        longest = wav_of(np.tile(HUM, 6))
        self.assertLessEqual(len(longest), LARGEST_WAV)
        self.assertEqual(len(samples_of(longest)), 12 * RATE)

    def test_it_refuses_a_blink(self) -> None:
        self.assertIn("short", self.refused(wav_of(HUM[: RATE // 10])))

    def test_it_hears_silence_as_silence_a_constant_too(self) -> None:
        for sound in (np.zeros(3 * RATE), np.full(3 * RATE, 5000.0), np.random.default_rng(1).normal(size=RATE) * 5):
            self.assertIn("silence", self.refused(wav_of(sound)))

    def test_it_hears_no_words_in_noise(self) -> None:
        self.assertIn("no words", self.refused(wav_of(np.random.default_rng(2).normal(size=3 * RATE) * 2000)))


class WaitingTest(TestCase):
    def test_it_ends_what_takes_too_long(self) -> None:
        start = time.perf_counter()
        with self.assertRaises(SpeechBusy):
            heard(wav_of(HUM), patience=0.05)
        self.assertLess(time.perf_counter() - start, 5)

    def test_it_hears_one_at_a_time_and_lets_others_wait_a_little(self) -> None:
        with speech._one_at_a_time, self.assertRaises(SpeechBusy):
            heard(wav_of(HUM), patience=0.05)

    def test_an_error_carries_no_recording(self) -> None:
        broken = subprocess.CalledProcessError(1, ["x"], b"", b"Traceback\nRuntimeError: no model")
        broken_run = mock.patch.object(speech.subprocess, "run", side_effect=broken)
        with broken_run, self.assertRaises(RuntimeError) as caught:
            heard(wav_of(HUM))
        self.assertEqual(str(caught.exception), "recognition of speech failed: RuntimeError: no model")
        self.assertIsNone(caught.exception.__cause__)

    def test_the_recogniser_is_not_loaded_where_pages_are_made(self) -> None:
        code = "import sys, generator; generator.heard; sys.exit('pocketsphinx' in sys.modules)"
        root = Path(speech.__file__).parents[2]
        self.assertEqual(subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode, 0)


class PronunciationTest(TestCase):
    KNOWN = {"glad": [("G", "L", "AE", "D")], "heart": [("HH", "AA", "R", "T")], "beats": [("B", "IY", "T", "S")]}

    def test_it_says_a_word_that_is_written_as_two(self) -> None:
        known, left_out = pronounced(["heartbeats", "gladness", "unglad", "bodhran"], self.KNOWN)
        self.assertIn(("HH", "AA", "R", "T", "B", "IY", "T", "S"), known["heartbeats"])
        self.assertEqual(known["gladness"], [("G", "L", "AE", "D", "N", "AH", "S")])
        self.assertEqual(known["unglad"], [("AH", "N", "G", "L", "AE", "D")])
        self.assertEqual(left_out, ["bodhran"])

    def test_it_leaves_out_an_r_that_the_british_do_not_say(self) -> None:
        self.assertEqual(without_r(("HH", "AA", "R", "T")), ("HH", "AA", "T"))
        self.assertEqual(without_r(("M", "EH", "R", "IY")), ("M", "EH", "R", "IY"))
        self.assertEqual(without_r(("SH", "AE", "D", "ER")), ("SH", "AE", "D", "AH"))


class LanguageModelTest(TestCase):
    def test_chances_after_any_word_add_up_to_one(self) -> None:
        said = Sayings({"sad": 3, "glad": 3, "and": 9}, {("sad", "and"): 5, (START, "sad"): 2, ("and", "unheard"): 1})
        single, left, pairs = {}, {}, {}
        for line in arpa(said, {"sad", "glad", "and"}).splitlines():
            parts = line.split()
            if parts and parts[0].lstrip("-").replace(".", "").isdigit():
                if parts[1:] and (len(parts) == 2 or parts[2].lstrip("-")[:1].isdigit()):
                    single[parts[1]] = 10 ** float(parts[0])
                    left[parts[1]] = 10 ** float(parts[2]) if len(parts) > 2 else 1
                else:
                    pairs[parts[1], parts[2]] = 10 ** float(parts[0])
        self.assertAlmostEqual(sum(single.values()), 1, places=3)
        for first in (START, "sad", "glad"):
            after = [pairs.get((first, word), left[first] * single[word]) for word in ("sad", "glad", "and", END)]
            self.assertAlmostEqual(sum(after), 1, places=2, msg=first)

    def test_the_recogniser_has_every_word_that_can_be_pronounced(self) -> None:
        lines = Path(speech.__file__).with_name("words.dict").read_text(encoding="utf-8").splitlines()
        known = {line.split()[0].partition("(")[0] for line in lines}
        missing = set(sayings().words) - known
        self.assertLessEqual(len(missing), 20, f"python -m generator.speech.build makes it anew: {sorted(missing)}")
        self.assertLessEqual(known, set(sayings().words))

    def test_it_knows_feelings_music_and_small_words(self) -> None:
        self.assertLessEqual({"hopeful", "jig", "dorian", "not", "very", "lullaby", "storm"}, set(sayings().words))

    def test_pairs_of_english_are_in_the_order_they_are_said_in(self) -> None:
        model = NGramModel.readfile(str(Path(speech.__file__).with_name("words.arpa")))
        for first, second in (("i", "could"), ("they", "were"), ("my", "heart")):
            self.assertGreater(model.prob([second, first]), model.prob([first, second]), f"{first} {second}")


class FloorTest(TestCase):
    def test_it_lays_the_noise_of_a_room_under_a_recording(self) -> None:
        quiet = np.concatenate([np.zeros(RATE), HUM, np.zeros(RATE)])
        ready = np.frombuffer(made_ready(quiet), dtype="<i2").astype(float)[:RATE]
        strength = np.abs(np.fft.rfft(ready)) ** 2  # of one second: a value a hertz
        octaves = [strength[low : 2 * low].sum() for low in (250, 500, 1000, 2000, 4000)]
        self.assertGreater(min(octaves), 0.5 * max(octaves))
        self.assertEqual(made_ready(quiet), made_ready(quiet))


@needs_voice
class SpokenPromptTest(TestCase):
    def test_it_hears_a_prompt(self) -> None:
        found = heard(spoken("hopeful and full of wonder"))
        self.assertEqual(found.text, "hopeful and full of wonder")
        self.assertTrue(0 < found.confidence <= 1)

    @tag("slow")
    def test_it_finds_eight_of_ten_feeling_words_also_where_nobody_looked(self) -> None:
        """Settings were chosen on the first half; the second was only counted. Nothing is drawn: the same each time."""
        from generator.speech.recognition import Recogniser

        recogniser = Recogniser()
        for half in ("first", "second"):
            found = words = 0
            for text, feelings in prompts(half):
                said = recogniser.hear(made_ready(samples_of(spoken(text))))[0].split()
                found, words = found + sum(word in said for word in feelings), words + len(feelings)
            self.assertGreaterEqual(found / words, 0.8, f"{half} half: {found} of {words}")
