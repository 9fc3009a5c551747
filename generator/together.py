"""Composes many briefs together in this process, each as if it were alone. Knows no web."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from generator.brief import Brief, Interpretation, NotesAdded
from generator.composers import composed_alone
from generator.pipeline import Event, compose
from generator.validation import check_brief

if TYPE_CHECKING:
    from generator.engine.hub import Hub, Stream

_starting = threading.Lock()


def compose_together(
    brief: Brief, *, interpretation: Interpretation | None = None, every: float = 0.0
) -> Composing | Iterator[Event]:
    """What `compose` yields and raises, written beside whatever else is being composed, and the same to the letter.

    The first notes come as soon as they are there, the rest joined, at most once in `every` seconds. Close it to end it
    early. A composer that goes a road of its own does so in the caller's thread.
    """
    check_brief(brief)
    if (alone := composed_alone(brief, interpretation)) is not None:
        return alone
    with _starting:
        hub = _hub()
    return Composing(hub.submit(lambda: compose(brief, interpretation=interpretation), every=every))


class Composing:
    """One brief under way."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[Event]:
        for burst in self._stream.bursts():
            yield from joined(burst)

    def close(self) -> None:
        self._stream.close()


def joined(events: list[Event]) -> Iterator[Event]:
    """The same events, with the notes that follow one another in an attempt as one."""
    held: NotesAdded | None = None
    for event in events:
        if held and isinstance(event, NotesAdded) and event.attempt == held.attempt:
            held = NotesAdded(held.attempt, held.offset, held.text + event.text)
            continue
        if held:
            yield held
        held = event if isinstance(event, NotesAdded) else None
        if not held:
            yield event
    if held:
        yield held


@cache
def _hub() -> Hub:
    from generator.engine.hub import Hub

    hub = Hub()
    hub.start()
    return hub
