"""The address that takes a spoken prompt: what it refuses, how many it takes, and that it keeps nothing."""

from __future__ import annotations

from collections import Counter
from unittest import mock

import numpy as np
from django.http import HttpResponse
from django.test import Client, TestCase, override_settings

from generator import LARGEST_WAV, Heard, SpeechBusy
from generator.speech.espeak import wav_of
from generator.speech.recordings import RATE
from tests.builders import Person, assert_plain_words
from tests.webapp.test_api import ApiCase

HEARD = "webapp.tunes.speaking.heard"


class SpeakTest(TestCase):
    def setUp(self) -> None:
        self.alice = Person("alice")

    def speaks(self, wav: bytes = b"RIFF", person: Client | None = None) -> HttpResponse:
        return (person or self.alice).post("/speak/", wav, content_type="audio/wav")

    def test_it_answers_with_the_words(self) -> None:
        with mock.patch(HEARD, return_value=Heard("slow and sad", 0.9)) as hears:
            answer = self.speaks(b"a recording")
        self.assertEqual((answer.status_code, answer.json()), (200, {"text": "slow and sad", "confidence": 0.9}))
        hears.assert_called_once_with(b"a recording")
        self.assertIn("no-store", answer["Cache-Control"])

    def test_it_refuses_what_is_no_recording_in_words(self) -> None:
        for wav in (b"", b"RIFF", b"\x00" * 1000, "trop café".encode("utf-16")):
            answer = self.speaks(wav)
            self.assertEqual(answer.status_code, 422)
            assert_plain_words(self, answer.json()["error"])

    def test_it_refuses_megabytes_unread_and_uncounted(self) -> None:
        with mock.patch(HEARD) as hears, override_settings(RECORDINGS_PER_MINUTE_VISITOR=0):
            self.assertEqual(self.speaks(b"\x00" * (LARGEST_WAV + 1)).status_code, 413)
        hears.assert_not_called()

    def test_it_says_when_to_come_back_while_others_speak(self) -> None:
        with mock.patch(HEARD, side_effect=SpeechBusy("Several people are speaking.")):
            answer = self.speaks()
        self.assertEqual((answer.status_code, answer["Retry-After"]), (503, "5"))

    @override_settings(RECORDINGS_PER_MINUTE_VISITOR=2, RECORDINGS_PER_MINUTE_ADDRESS=3)
    def test_it_takes_so_many_a_minute_of_a_listener_and_of_an_address(self) -> None:
        with mock.patch(HEARD, return_value=Heard("sad", 0.9)):
            self.assertEqual(Counter(self.speaks().status_code for _ in range(3)), {200: 2, 429: 1})
            answers = [self.speaks(person=Person("bob")) for _ in range(2)]
        self.assertEqual([answer.status_code for answer in answers], [200, 429])
        self.assertTrue(1 <= int(answers[1]["Retry-After"]) <= 60)
        self.assertIn("recordings", answers[1].json()["error"])
        self.assertEqual(self.alice.post("/", {"prompt": "hopeful"}).status_code, 302)

    def test_it_asks_for_the_token_and_for_post(self) -> None:
        self.assertEqual(self.speaks(person=Client(enforce_csrf_checks=True)).status_code, 403)
        self.assertEqual(self.alice.get("/speak/").status_code, 405)

    def test_it_keeps_and_logs_nothing(self) -> None:
        with mock.patch(HEARD, return_value=Heard("my secret", 0.9)), self.assertNoLogs(level="INFO"):
            self.speaks(b"a recording")

    def test_pages_may_use_the_microphone_and_nothing_else(self) -> None:
        for where in ("/", "/gallery/", "/nothing"):
            policy = Client().get(where)["Permissions-Policy"]
            self.assertIn("microphone=(self)", policy)
            self.assertIn("camera=()", policy)


class HearForProgramsTest(ApiCase):
    def hears(self, wav: bytes = b"RIFF", kind: str = "audio/wav", program: Client | None = None) -> HttpResponse:
        return (program or self.program).post("/api/v1/hear/", wav, content_type=kind)

    def test_it_answers_with_the_words(self) -> None:
        with mock.patch(HEARD, return_value=Heard("slow and sad", 0.9)) as hears:
            for kind in ("audio/wav", "audio/x-wav", "application/octet-stream", "application/x-www-form-urlencoded"):
                answer = self.hears(b"a recording", kind)
                self.assertEqual(
                    (answer.status_code, answer.json()), (200, {"text": "slow and sad", "confidence": 0.9})
                )
        hears.assert_called_with(b"a recording")
        self.assertIn("no-store", answer["Cache-Control"])

    def test_it_refuses_what_is_no_recording_by_its_field(self) -> None:
        for wav in (b"", b"RIFF", b"\x00" * 1000, b'{"prompt": "sad"}', wav_of(np.zeros(3 * RATE))):
            self.assert_error(self.hears(wav), 400, "recording")
        self.assert_error(self.hears(b"{}", "application/json"), 400, "recording")

    def test_it_refuses_noise_and_five_minutes(self) -> None:
        self.assert_error(self.hears(wav_of(np.random.default_rng(2).normal(size=3 * RATE) * 2000)), 400, "recording")
        with mock.patch(HEARD) as hears, override_settings(RECORDINGS_PER_MINUTE_ADDRESS=0):
            self.assert_error(self.hears(wav_of(np.zeros(300 * RATE))), 413)
        hears.assert_not_called()

    def test_it_says_when_to_come_back_while_others_speak(self) -> None:
        with mock.patch(HEARD, side_effect=SpeechBusy("Several people are speaking.")):
            answer = self.hears()
        self.assertEqual((self.assert_error(answer, 503)["code"], answer["Retry-After"]), ("busy", "5"))

    @override_settings(RECORDINGS_PER_MINUTE_ADDRESS=2)
    def test_it_takes_so_many_a_minute_of_an_address_with_those_of_the_page(self) -> None:
        with mock.patch(HEARD, return_value=Heard("sad", 0.9)):
            Person("alice").post("/speak/", b"RIFF", content_type="audio/wav")
            answers = [self.hears() for _ in range(2)]
        self.assertEqual([answer.status_code for answer in answers], [200, 429])
        self.assertEqual(self.assert_error(answers[1], 429)["code"], "too_many_recordings")
        self.assertTrue(1 <= int(answers[1]["Retry-After"]) <= 60)

    def test_it_keeps_and_logs_nothing(self) -> None:
        with mock.patch(HEARD, return_value=Heard("my secret", 0.9)), self.assertNoLogs(level="INFO"):
            self.hears(b"a recording")
