"""The shape of a tune before its notes: parts, repeats, pickup and the chord of each bar. Knows no models."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np

from generator.attributes import CAREFUL, condition_ids
from generator.brief import Conditions
from generator.chord_ids import chord_id
from generator.harmony import parse_chord, part_lengths, written_parts
from generator.notation import KEY_SUFFIX, measure_length, tonic_pitch_class

PICKUPS_PATH = Path(__file__).parent / "pickups.json"
DOTTED_PATH = Path(__file__).parent / "dotted.json"
ENDINGS_PATH = Path(__file__).parent / "endings.json"
INNER, LAST = "inner", "last"  # whether another part follows a repeated one
LEAST_WITH_ENDINGS = 4  # bars of a part that may have a first and a second ending


@dataclass(frozen=True)
class Part:
    bars: int
    repeated: bool
    copies: int | None = None  # the earlier part with the same letter
    endings: bool | None = None  # whether it closes in two ways; None leaves it to the composer


@dataclass(frozen=True)
class Plan:
    meter: str
    key: str  # as in a K: field
    parts: tuple[Part, ...]
    pickup: Fraction  # in eighths; 0 for none
    chords: tuple[tuple[int, int], ...]  # ids of each bar's halves; empty when chords are free
    conditions: tuple[int, ...]  # ids in the order of attributes.CONDITION_NAMES

    @property
    def bars(self) -> int:
        return sum(part.bars for part in self.parts)

    def chord_ids(self, number: int, *, second_half: bool, in_pickup: bool) -> tuple[int, int]:
        """(the chord of bar `number`, the first chord of the bar after); 0 for none."""
        if not self.chords:
            return 0, 0
        if in_pickup:
            return 0, self._first(number)
        now = self.chords[number][second_half] if number < len(self.chords) else 0
        return now, self._first(number + 1)

    def _first(self, number: int) -> int:
        return self.chords[number][0] if number < len(self.chords) else 0


def plan_of(conditions: Conditions, rng: np.random.Generator) -> Plan:
    """Parts and pickup for settled conditions (key, mode, meter, bars and form are given)."""
    c = conditions
    key = f"{c.key}{KEY_SUFFIX[c.mode or 'major']}"
    pickup = _pickup(c, rng)
    ids = condition_ids(
        key=key, meter=c.meter, rhythm=c.rhythm, tradition=c.tradition, form=c.form, bars=c.bars,
        density=c.density, register=c.register, tempo_qpm=c.tempo_qpm, pickup=pickup, care=CAREFUL,
        dotted=_dotted(c, rng),
    )  # fmt: skip
    return Plan(c.meter, key, _parts(c, rng), pickup, _chord_ids(c, tonic_pitch_class(key)), tuple(ids))


def _parts(c: Conditions, rng: np.random.Generator) -> tuple[Part, ...]:
    written = written_parts(c.form)
    letters = [letter for letter, _ in written]
    parts = []
    for index, (bars, (letter, repeated)) in enumerate(zip(part_lengths(c.form, c.bars), written, strict=True)):
        first = letters.index(letter)
        endings = _endings(c, LAST if index == len(written) - 1 else INNER, rng) if repeated else None
        endings = endings if bars >= LEAST_WITH_ENDINGS else None
        parts.append(Part(bars, repeated, first if first < index else None, endings))
    return tuple(parts)


def _endings(conditions: Conditions, place: str, rng: np.random.Generator) -> bool | None:
    """Whether a repeated part closes in two ways, as often as tunes of the rhythm or meter do."""
    table = _ending_shares()
    shares = table.get(conditions.rhythm or "") or table.get(conditions.meter or "")
    return bool(rng.random() < shares[place]) if shares else None


def _pickup(conditions: Conditions, rng: np.random.Generator) -> Fraction:
    table = _pickup_shares()
    shares = table.get(conditions.rhythm or "") or table.get(conditions.meter or "") or {"0.0": 1.0}
    lengths = sorted(shares)
    chosen = Fraction(lengths[_drawn([shares[length] for length in lengths], rng)])
    # A rhythm's pickups were counted in its usual meter; in a short one they may not fit.
    return chosen if chosen * 2 <= measure_length(conditions.meter) else Fraction(0)


def _dotted(conditions: Conditions, rng: np.random.Generator) -> int:
    """How dotted, as tunes of the rhythm or meter are; 0, free, where none were counted."""
    table = _dotted_shares()
    shares = table.get(conditions.rhythm or "") or table.get(conditions.meter or "")
    return 1 + _drawn(shares, rng) if shares else 0


def _drawn(shares: list[float], rng: np.random.Generator) -> int:
    return int(np.searchsorted(np.cumsum(shares) / sum(shares), rng.random(), side="right"))


def _chord_ids(conditions: Conditions, tonic: int) -> tuple[tuple[int, int], ...]:
    return tuple(_halves(text, tonic) for text in conditions.chords or ())


def _halves(text: str, tonic: int) -> tuple[int, int]:
    first, _, second = text.partition(",")
    return _id(first, tonic), _id(second or first, tonic)


def _id(symbol: str, tonic: int) -> int:
    root, quality, _ = parse_chord(symbol.strip())
    return chord_id(root - tonic, quality)


@cache
def _pickup_shares() -> dict[str, dict[str, float]]:
    """How often tunes of a rhythm or meter begin with a pickup of so many eighths, as count_tunes.py counted them."""
    return json.loads(PICKUPS_PATH.read_text())


@cache
def _ending_shares() -> dict[str, dict[str, float]]:
    """The shares of repeated parts with two endings, by rhythm and meter, as count_endings.py counted them."""
    return json.loads(ENDINGS_PATH.read_text()) if ENDINGS_PATH.exists() else {}


@cache
def _dotted_shares() -> dict[str, list[float]]:
    """The shares of tunes, by rhythm and meter, that are dotted next to never, sometimes and often."""
    return json.loads(DOTTED_PATH.read_text())
