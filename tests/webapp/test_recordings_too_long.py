"""A recording that is too long is refused in words, and not a byte of it reaches the disk."""

from __future__ import annotations

import asyncio
import json
from tempfile import SpooledTemporaryFile
from unittest import mock

from asgiref.sync import async_to_sync
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import TestCase
from django.urls import reverse

from generator import LARGEST_WAV, Heard
from tests.builders import assert_plain_words
from webapp.asgi import application
from webapp.bodies import LARGEST, RECORDINGS, bounded, length_of

KILOBYTES = b"\x00" * 100 * 1024
TOKEN = b"x" * 32
HEADERS = [
    (b"host", b"localhost"),
    (b"content-type", b"audio/wav"),
    (b"x-csrftoken", TOKEN),
    (b"cookie", b"csrftoken=" + TOKEN),
]


async def asked(where: str, chunks: int, told: int | None) -> tuple[int, dict]:
    """As a server hands it over: pieces of the body, and the end of the connection only after the answer."""
    waiting, sent, answered = chunks, [], asyncio.Event()
    length = [] if told is None else [(b"content-length", str(told).encode())]

    async def receive() -> dict:
        nonlocal waiting
        if not waiting:
            await answered.wait()
            return {"type": "http.disconnect"}
        waiting -= 1
        return {"type": "http.request", "body": KILOBYTES, "more_body": waiting > 0}

    async def send(message: dict) -> None:
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            answered.set()

    scope = {"type": "http", "method": "POST", "path": where, "query_string": b"", "headers": [*HEADERS, *length]}
    await application(scope, receive, send)
    return sent[0]["status"], json.loads(b"".join(message.get("body", b"") for message in sent[1:]))


class TooLongTest(TestCase):
    def setUp(self) -> None:
        for signal in (request_started, request_finished):  # the test's own connection shall stay
            signal.disconnect(close_old_connections)
            self.addCleanup(signal.connect, close_old_connections)
        self.to_disk = self.enterContext(mock.patch.object(SpooledTemporaryFile, "rollover"))

    def refused(self, where: str, chunks: int, told: int | None) -> tuple[int, dict]:
        status, answer = async_to_sync(asked)(where, chunks, told)
        self.to_disk.assert_not_called()
        return status, answer

    def test_it_refuses_one_that_tells_its_length(self) -> None:
        for where in sorted(RECORDINGS):
            for megabytes in (1, 3, 50):
                with self.subTest(f"{where} {megabytes}"):
                    chunks = megabytes * 10
                    status, answer = self.refused(where, chunks, chunks * len(KILOBYTES))
                    self.assertEqual(status, 413)
                    self.assertIn("too l", str(answer["error"]))

    def test_it_refuses_one_that_does_not(self) -> None:
        for where, wanted in (("/speak/", 422), ("/api/v1/hear/", 413)):
            for chunks in (4, 30, 2 * LARGEST // len(KILOBYTES)):
                with self.subTest(f"{where} {chunks}"):
                    status, answer = self.refused(where, chunks, None)
                    self.assertEqual(status, wanted)
                    self.assertIn("too l", str(answer["error"]))

    def test_it_refuses_one_that_tells_less_than_it_sends(self) -> None:
        status, answer = self.refused("/speak/", 30, 1000)
        self.assertEqual(status, 422)
        assert_plain_words(self, answer["error"])

    def test_it_hands_over_one_that_is_as_long_as_may_be(self) -> None:
        chunks = LARGEST_WAV // len(KILOBYTES)
        with mock.patch("webapp.tunes.speaking.heard", return_value=Heard("sad", 0.9)) as hears:
            status, answer = self.refused("/speak/", chunks, chunks * len(KILOBYTES))
        self.assertEqual((status, answer["text"]), (200, "sad"))
        hears.assert_called_once_with(KILOBYTES * chunks)

    def test_an_address_without_its_last_slash_takes_in_no_more(self) -> None:
        sent, asked_for = [], []

        async def page(scope: dict, receive: object, send: object) -> None:
            while (message := await receive()).get("more_body"):
                asked_for.append(len(message["body"]))
            asked_for.append(len(message["body"]))

        async def receive() -> dict:
            return {"type": "http.request", "body": KILOBYTES, "more_body": True}

        scope = {"type": "http", "method": "POST", "path": "/speak", "headers": []}
        async_to_sync(bounded(page))(scope, receive, sent.append)
        self.assertEqual(sum(asked_for), LARGEST_WAV + 1)

    def test_a_length_that_is_no_number_counts_as_untold(self) -> None:
        for told in (None, "", "many", "-1", "\u0663"):
            self.assertEqual(length_of(told), 0, told)
        self.assertEqual(length_of("12"), 12)

    def test_it_knows_every_address_that_takes_a_recording(self) -> None:
        self.assertEqual({reverse("speak"), reverse("api-hear")}, RECORDINGS)
