"""Real tunes for the tests: music21's bundled ABC always, the shared ones where they stand beside the checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from generator.abc_files import Row, bundled_rows, read_rows
from generator.corpora import scored
from generator.encoding import Tune
from generator.notation import NotationError

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


@cache
def bundled() -> tuple[Row, ...]:
    return tuple(bundled_rows())


@cache
def shared_valid() -> tuple[Row, ...]:
    """Empty where there is no shared folder."""
    path = SHARED / "tunes-valid.jsonl.gz"
    return tuple(read_rows(path)) if path.exists() else ()


@cache
def some_tunes(every: int = 11) -> tuple[Tune, ...]:
    """Each so-many-th of the bundled and shared tunes, less those that are excluded."""
    tunes = []
    for row in (bundled() + shared_valid())[::every]:
        try:
            tunes.append(scored(row))
        except NotationError:
            continue
    return tuple(tunes)
