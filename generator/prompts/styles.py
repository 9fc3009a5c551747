"""The chord styles by name: feeling, modes, rhythms, tempi, progressions. Knows no prompt."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_MODE_NAMES = {"ionian": "major", "aeolian": "minor"}
_QUARTERS = {"q": 1.0, "dq": 1.5, "h": 2.0}  # quarter notes in the note that a tempo counts
COMPOUND, EVEN = "in dotted quarters", "in quarters"
_TEMPO = re.compile(r"(?:([a-z]+) )?(dq|q|h) (\d+)-(\d+)")


@dataclass(frozen=True)
class Style:
    """One named chord style. Rhythms are pairs of a rhythm and the meter it insists on, if any."""

    name: str
    description: str
    valence: float
    arousal: float
    modes: tuple[str, ...]
    rhythms: tuple[tuple[str, str | None], ...]
    tempi: dict[str, tuple[float, float]]  # quarter notes a minute by rhythm, else for COMPOUND or EVEN ones
    progressions: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=1)
def styles() -> dict[str, Style]:
    rows = json.loads(Path(__file__).with_name("styles.json").read_text(encoding="utf-8"))
    return {row["name"]: _style(row) for row in rows}


def style_names() -> tuple[str, ...]:
    """The names a person may choose from, gladdest first."""
    return tuple(sorted(styles(), key=lambda name: -styles()[name].valence))


def _style(row: dict) -> Style:
    modes = [_MODE_NAMES.get(name, name) for name in re.findall(r"[a-z]+", row["mode"])]
    tempi = {
        rhythm or (COMPOUND if unit == "dq" else EVEN): (float(low) * _QUARTERS[unit], float(high) * _QUARTERS[unit])
        for rhythm, unit, low, high in _TEMPO.findall(row["bpm"])
    }
    progressions = tuple(tuple(text.split()) for text in row["progressions"])
    rhythms = tuple(_rhythm(text) for text in row["rhythms"])
    return Style(row["name"], row["desc"], row["v"], row["a"], tuple(modes), rhythms, tempi, progressions)


def _rhythm(text: str) -> tuple[str, str | None]:
    """`waltz-slow` is a waltz (its tempo is told apart), `6/8 march` insists on its meter, a planxty is an air."""
    meter, _, name = text.rpartition(" ") if text[0].isdigit() else ("", "", text)
    name = name.removesuffix("-slow")
    return {"planxty": "air"}.get(name, name), meter or None
