"""A tune as it is made, as Server-Sent Events: one look at its row every 100 ms, and what changed since the last."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass

from asgiref.sync import sync_to_async
from django.db import connections
from django.http import StreamingHttpResponse
from django.urls import reverse

from webapp.databases import connections_give_back
from webapp.tunes.models import UNFINISHED, Status
from webapp.tunes.selectors import Progress, Waiting, tune_progress, tune_waiting

LOOK_EVERY = 0.1
LOOK_AT_QUEUE_EVERY = 1.0
KEEP_ALIVE_EVERY = 15.0
LONGEST_STREAM = 300.0  # then the browser comes back by itself, with its Last-Event-ID
RETRY_MILLISECONDS = 1000
NO_WORKER = "No composer is awake just now. Your tune is kept, and is composed as soon as one wakes."
_EVENT_ID = re.compile(r"([0-9]{1,9}):([0-9]{1,9})")


def stream_response(tune_id: str, last_event_id: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(tune_events(tune_id, last_event_id), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


async def tune_events(tune_id: str, last_event_id: str = "") -> AsyncIterator[bytes]:
    telling = _Telling.resumed(tune_id, last_event_id)
    ends = time.monotonic() + LONGEST_STREAM
    said = time.monotonic()
    # Who is signed in was asked in the request's own thread; its connection must not wait for the stream's end.
    await sync_to_async(connections_give_back)()
    yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
    while time.monotonic() < ends:
        events = await _ask(telling.look)
        for event in events:
            yield event
            said = time.monotonic()
        if telling.is_over:
            return
        if time.monotonic() - said > KEEP_ALIVE_EVERY:
            yield b": still here\n\n"
            said = time.monotonic()
        await asyncio.sleep(LOOK_EVERY)


async def _ask(question: Callable[[], list[bytes]]) -> list[bytes]:
    """Asks the database in a thread that gives its connection back, so that an open stream holds none."""

    def ask_and_close() -> list[bytes]:
        try:
            return question()
        finally:
            connections.close_all()

    return await sync_to_async(ask_and_close, thread_sensitive=False)()


@dataclass
class _Telling:
    """What one page has been told so far."""

    tune_id: str
    attempt: int = 0
    offset: int = 0
    is_over: bool = False
    queue_look: float = 0.0
    waiting: Waiting | None = None

    @classmethod
    def resumed(cls, tune_id: str, last_event_id: str) -> _Telling:
        if match := _EVENT_ID.fullmatch(last_event_id or ""):
            return cls(tune_id, attempt=int(match[1]), offset=int(match[2]))
        return cls(tune_id)

    def look(self) -> list[bytes]:
        progress = tune_progress(self.tune_id)
        if progress is None:
            self.is_over = True
            return [_event("failed", {"reason": "This tune is no longer there."})]
        return [*self._queue(progress), *self._notes(progress), *self._end(progress)]

    def _queue(self, progress: Progress) -> Iterator[bytes]:
        """The place while it waits; and at any time whether there is nobody to compose."""
        if progress.status not in UNFINISHED or time.monotonic() < self.queue_look:
            return
        self.queue_look = time.monotonic() + LOOK_AT_QUEUE_EVERY
        before, self.waiting = self.waiting, tune_waiting(self.tune_id)
        if progress.status == Status.QUEUED and self.waiting != before:
            yield _event("queued", {"place": self.waiting.place, "eta_seconds": self.waiting.eta_seconds})
        if not self.waiting.worker_alive and (before is None or before.worker_alive):
            yield _event("no-worker", {"message": NO_WORKER})

    def _notes(self, progress: Progress) -> Iterator[bytes]:
        if progress.attempt != self.attempt or len(progress.abc) < self.offset:
            # The first attempt is not a restart: there is nothing on the staff yet.
            if self.attempt:
                yield _event("restart", {"attempt": progress.attempt, "reason": progress.rejection})
            self.attempt, self.offset = progress.attempt, 0
        if len(progress.abc) > self.offset:
            text = progress.abc[self.offset :]
            told = {"attempt": self.attempt, "offset": self.offset, "text": text}
            self.offset += len(text)
            # The id says how much the page has from here on, so coming back with it misses and doubles nothing.
            yield _event("notes", told, event_id=f"{self.attempt}:{self.offset}")

    def _end(self, progress: Progress) -> Iterator[bytes]:
        if progress.status in UNFINISHED:
            return
        self.is_over = True
        if progress.status == Status.READY:
            url = reverse("tune-page", args=[self.tune_id])
            yield _event("ready", {"url": url, "title": progress.title, "abc": progress.abc})
        elif progress.status == Status.FAILED:
            yield _event("failed", {"reason": progress.reason})
        else:
            yield _event("cancelled", {})


def _event(name: str, told: dict, event_id: str = "") -> bytes:
    # One line of JSON: a line break in the text is written as \n inside it and cannot end the event early.
    head = f"id: {event_id}\n" if event_id else ""
    return f"{head}event: {name}\ndata: {json.dumps(told)}\n\n".encode()
