"""What is told of a composer beyond its card: idea, picture, figures, curve, examples. Knows no models and no pages."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "composers"
FIGURES = ("bits_per_character", "parses", "bars_right", "near_duplicates", "seconds")
NOT_MEASURED = "not measured yet"
# What a training writes down of itself, and what that is; a card may tell it otherwise.
_SERIES = {
    "bits_per_character": "bits a character, tunes never seen",
    "loss": "loss in training",
    "valid_loss": "loss on what was never seen",
    "generator_loss": "the generator's loss",
    "discriminator_loss": "the discriminator's loss",
}
_MOMENTS = ("minutes", "computing_minutes")
_LONGEST_HEAD = 2**24  # bytes; a checkpoint's head is some kilobytes


@dataclass(frozen=True)
class Figure:
    """`told` says what it rests on or, where there is none, why."""

    value: float | None
    told: str


@dataclass(frozen=True)
class Part:
    """One box of an architecture's picture."""

    name: str
    detail: str = ""
    kind: str = "layer"  # or "recurrent", which feeds itself; or "data", which goes in or comes out


@dataclass(frozen=True)
class Picture:
    rows: tuple[tuple[Part, ...], ...]  # from what goes in to what comes out; parts of a row stand side by side
    says: str
    back: bool  # whether what comes out goes in again


@dataclass(frozen=True)
class Curve:
    name: str
    points: tuple[tuple[float, float], ...]  # minutes of computing, value


@dataclass(frozen=True)
class Example:
    title: str
    abc: str
    told: str
    sound: str = ""  # of those that play: where the recording lies among the site's files


@dataclass(frozen=True)
class Finding:
    """What only this composer is measured by."""

    name: str
    shown: str
    told: str


@dataclass(frozen=True)
class ComposerStory:
    name: str
    year: int | None
    idea: str
    source: str
    training: str
    minutes: float | None  # of computing, all stretches together
    picture: Picture | None
    curves: tuple[Curve, ...]
    figures: dict[str, Figure]  # each of FIGURES
    findings: tuple[Finding, ...]
    examples: tuple[Example, ...]


@cache
def composer_story(name: str) -> ComposerStory:
    """Also of those that play tunes. Raises KeyError where there is nobody of this name."""
    from generator.composers import composer_cards, player_cards

    if name not in {card.name for card in (*composer_cards(), *player_cards())}:
        raise KeyError(name)
    written = json.loads((_FOLDER / f"{name}.card.json").read_text(encoding="utf-8"))
    history = history_of(_FOLDER / f"{name}.safetensors")
    return ComposerStory(
        name=name,
        year=written.get("year"),
        idea=written.get("idea", ""),
        source=written.get("source", ""),
        training=written.get("training", ""),
        minutes=written.get("minutes", _last_moment(history)),
        picture=_picture(written.get("architecture")),
        curves=curves_of(history, written.get("curve") or _SERIES),
        figures=_figures(written),
        findings=tuple(Finding(**finding) for finding in written.get("findings", ())),
        examples=_examples(_FOLDER / f"{name}.examples.json"),
    )


def history_of(checkpoint: Path) -> list[dict[str, float]]:
    """What a training wrote down of itself; read from the file's head alone, without the weights."""
    with checkpoint.open("rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        head = json.loads(file.read(min(size, _LONGEST_HEAD)))
    return json.loads(head["__metadata__"]["record"]).get("history", [])


def curves_of(history: list[dict[str, float]], series: dict[str, str]) -> tuple[Curve, ...]:
    """One for each of the series that the history holds."""
    found = []
    for key, name in series.items():
        points = [(_moment(entry), float(entry[key])) for entry in history if isinstance(entry.get(key), int | float)]
        points = [(moment, value) for moment, value in points if moment is not None]
        if len(points) > 1:
            found.append(Curve(name, tuple(points)))
    return tuple(found)


def _moment(entry: dict[str, float]) -> float | None:
    return next((float(entry[key]) for key in _MOMENTS if key in entry), None)


def _last_moment(history: list[dict[str, float]]) -> float | None:
    return max(filter(None, map(_moment, history)), default=None)


def _figures(written: dict) -> dict[str, Figure]:
    told = written.get("figures", {})
    bits = told.get("bits_per_character", {}).get("told", NOT_MEASURED)
    figures = {"bits_per_character": Figure(written["bits_per_character"], bits)}
    for name in FIGURES[1:]:
        figure = told.get(name, {})
        figures[name] = Figure(figure.get("value"), figure.get("told", NOT_MEASURED))
    return figures


def _picture(written: dict | None) -> Picture | None:
    if written is None:
        return None
    rows = tuple(tuple(Part(**part) for part in row) for row in written["rows"])
    return Picture(rows, written.get("says", ""), written.get("back", False))


def _examples(path: Path) -> tuple[Example, ...]:
    if not path.exists():
        return ()
    return tuple(Example(**example) for example in json.loads(path.read_text(encoding="utf-8")))
