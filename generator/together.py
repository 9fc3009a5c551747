"""Composes many briefs together in this process, each as if it were alone. Knows no web."""

from __future__ import annotations

import os
import threading
from functools import cache
from typing import TYPE_CHECKING

from generator.brief import Brief, Interpretation
from generator.pipeline import compose

if TYPE_CHECKING:
    from generator.engine.hub import Engine, Stream

_HUBS = 2  # while one's network steps, the other writes; a third would only wait for Python's lock
_starting = threading.Lock()


def compose_together(brief: Brief, *, interpretation: Interpretation | None = None, every: float = 0.0) -> Stream:
    """What `compose` yields and raises, written beside whatever else is being composed, and the same to the letter.

    After the first notes, events are handed over at most once in `every` seconds. Close the stream to end it early.
    """
    with _starting:
        engine = _engine()
    return engine.submit(lambda: compose(brief, interpretation=interpretation), every=every)


@cache
def _engine() -> Engine:
    from generator.engine.hub import Engine

    return Engine(min(_HUBS, os.cpu_count() or 1))
