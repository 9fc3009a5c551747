"""Many requests in one thread: each is written as if it were alone, and all of them step together. Knows no music.

A request runs in a greenlet of its own. Where its voice must step, the greenlet leaves the id with the hub and sleeps;
when all that run have come that far, the hub takes one step for all of them and wakes them one after the other.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from greenlet import GreenletExit, greenlet

if TYPE_CHECKING:
    from generator.engine.voice import EngineVoice, Network

EAGER = 4  # events that are handed over as soon as they are there: a tune's header, bar line and first note


class Stream:
    """What one request brings forth, handed from the hub's thread to its reader's. Close it to read no further."""

    def __init__(self, events: Callable[[], Iterable[Any]], every: float) -> None:
        self.events, self.every = events, every
        self.dropped = False
        self._new: deque[Any] = deque()
        self._count = 0
        self._over = False
        self._error: BaseException | None = None
        self._wake = threading.Event()

    # --- the reader's side --------------------------------------------------------------------------------------

    def __iter__(self) -> Iterator[Any]:
        for burst in self.bursts():
            yield from burst

    def bursts(self) -> Iterator[list[Any]]:
        """Events as they come: the first few together, the rest gathered for `every` seconds at most."""
        while True:
            self._wake.clear()
            over = self._over
            if burst := [self._new.popleft() for _ in range(len(self._new))]:
                yield burst
            if over:
                break
            self._wake.wait(self.every if self._count >= EAGER else None)
        if self._error is not None:
            raise self._error

    def close(self) -> None:
        """The request ends at its next step."""
        self.dropped = True

    # --- the hub's side -----------------------------------------------------------------------------------------

    def put(self, event: Any) -> None:
        self._new.append(event)
        self._count += 1
        if self._count == EAGER:
            self._wake.set()

    def end(self, error: BaseException | None = None) -> None:
        self._error, self._over = error, True
        self._wake.set()


class Asked(NamedTuple):
    """A request that waits for its step."""

    request: _Request
    voice: EngineVoice
    ids: tuple[int, ...]


class _Request(greenlet):
    """One request under way; `hub` tells its voices where they are."""

    def __init__(self, hub: Hub, stream: Stream) -> None:
        super().__init__(self._write, hub.home)
        self.hub, self.stream = hub, stream

    def _write(self) -> None:
        error = None
        try:
            for event in self.stream.events():
                self.stream.put(event)
                if self.stream.dropped:
                    break
        except GreenletExit:
            pass
        except BaseException as trouble:  # the reader raises it
            error = trouble
        self.stream.end(error)


class Hub(threading.Thread):
    """One thread's running batch. Requests join and leave it at any step."""

    def __init__(self) -> None:
        super().__init__(name="hub", daemon=True)
        self.home: greenlet | None = None
        self._new: deque[Stream] = deque()
        self._called = threading.Event()
        self._asked: list[Asked] = []

    def submit(self, events: Callable[[], Iterable[Any]], *, every: float = 0.0) -> Stream:
        """Runs `events()` among the other requests: the stream yields what it yields and raises what it raises."""
        stream = Stream(events, every)
        self._new.append(stream)
        self._called.set()
        return stream

    def step(self, voice: EngineVoice, ids: tuple[int, ...]) -> np.ndarray:
        """Called inside a request: its logits, once the hub has taken the step.  # (vocab,)"""
        self._asked.append(Asked(greenlet.getcurrent(), voice, ids))
        return self.home.switch()

    def run(self) -> None:
        self.home = greenlet.getcurrent()
        while True:
            if not self._asked and not self._new:
                self._called.wait()
            self._called.clear()
            while self._new:
                _Request(self, self._new.popleft()).switch()
            asked, self._asked = self._asked, []
            for network in {one.voice.network for one in asked}:
                self._step(network, [one for one in asked if one.voice.network is network])

    def _step(self, network: Network, asked: list[Asked]) -> None:
        """One step for all; then each request goes on with its own logits, up to its next step."""
        try:
            logits = network.steps(np.array([one.voice.row for one in asked]), [one.ids for one in asked])
        except Exception as error:  # every request raises it
            for one in asked:
                one.request.throw(error)
            return
        for one, row in zip(asked, logits, strict=True):
            if one.request.stream.dropped:
                one.request.throw(GreenletExit)
            else:
                one.request.switch(row)
