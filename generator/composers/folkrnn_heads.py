"""Which of the peer's symbols stand for which of our ids, in each key. Knows no models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from generator import vocabulary as V
from generator.attributes import CONDITION_NAMES, MODE_NAMES, TONIC_NAMES
from generator.brief import METERS
from generator.composers.folkrnn_symbols import END, is_note, pitch_in
from generator.notation import KEY_SUFFIX, length_text, tonic_step

_REST = "z"


def key_told(conditions: Sequence[int]) -> str:
    """As in a K: field; C where no key is told."""
    tonic, mode = (conditions[CONDITION_NAMES.index(name)] for name in ("key", "mode"))
    return (TONIC_NAMES[tonic - 1] if tonic else "C") + KEY_SUFFIX[MODE_NAMES[mode - 1] if mode else "major"]


def meter_told(conditions: Sequence[int]) -> str:
    meter = conditions[CONDITION_NAMES.index("meter")]
    return METERS[meter - 1] if 0 < meter <= len(METERS) else "4/4"


@dataclass(frozen=True)
class Plain:
    """Symbols that mean the same in every key: bar lines, tuplets, ties, meters, the end, and lengths."""

    ids: np.ndarray  # ours
    symbols: np.ndarray  # the peer's
    length_ids: np.ndarray  # ours, but for an eighth, which has no mark in either
    length_symbols: np.ndarray

    def symbol(self, token: int) -> list[int]:
        return self.symbols[self.ids == token].tolist()

    def length_symbol(self, token: int | None) -> list[int]:
        return self.length_symbols[self.length_ids == token].tolist()

    def column(self, token: int | None) -> int:
        """Where a length stands in what `lengths` gives; a length without a symbol counts as an eighth."""
        found = np.flatnonzero(self.length_ids == token)
        return 1 + int(found[0]) if len(found) else 0

    def lengths(self, chances: np.ndarray) -> np.ndarray:
        """Shares of an eighth and of each other length, of what follows a pitch.  # (..., 1 + lengths)"""
        marked = chances[..., self.length_symbols]
        return np.concatenate([1 - marked.sum(-1, keepdims=True), marked], axis=-1)


@cache
def plain(symbols: tuple[str, ...]) -> Plain:
    names = {"-": V.TIE, END: V.END} | V.BAR_IDS | {f"({p}": V.IDS[f"tuplet {p}"] for p in range(2, 10)}
    names |= {f"M:{V.value(token)}": token for token in range(V.SIZE) if V.kind(token) == "meter"}
    lengths = {length_text(length): token for length, token in V.LENGTH_IDS.items() if length != 1}
    at = {symbol: index for index, symbol in enumerate(symbols)}
    pairs = [(token, at[name]) for name, token in names.items() if name in at]
    timed = [(token, at[name]) for name, token in lengths.items() if name in at]
    return Plain(*np.array(pairs).T, *np.array(timed).T)


@dataclass(frozen=True)
class Heads:
    """Symbols that begin an event, a rest and the pitches, as they are in one key."""

    symbols: np.ndarray  # (heads,)
    ids: np.ndarray  # (heads,) of the pitch or the rest
    marks: np.ndarray  # (heads,) ids of accidentals; 0 for none

    def symbol(self, token: int, mark: int) -> list[int]:
        """The symbol for an id under an accidental, or else for the id alone; none where the peer never saw either."""
        for wanted in (mark, 0):
            if len(found := self.symbols[(self.ids == token) & (self.marks == wanted)]):
                return [int(found[0])]
        return []

    def begin(self, shares: np.ndarray, of_heads: np.ndarray) -> None:
        """Adds each head's share to the id that it begins with: its accidental, or itself."""
        np.add.at(shares, np.where(self.marks, self.marks, self.ids), of_heads)

    def follow(self, shares: np.ndarray, of_heads: np.ndarray, mark: int) -> None:
        """The same after an accidental."""
        under = self.marks == mark
        np.add.at(shares, self.ids[under], of_heads[under])


@cache
def heads_of(symbols: tuple[str, ...], key: str) -> Heads:
    rows = [(symbols.index(_REST), V.REST, 0)] if _REST in symbols else []
    for index, symbol in enumerate(symbols):
        if is_note(symbol):
            mark, step = pitch_in(symbol, key)
            if V.LOWEST <= step - tonic_step(key) <= V.HIGHEST:
                rows.append((index, V.PITCH_ZERO + step - tonic_step(key), V.IDS[f"accidental {mark}"] if mark else 0))
    return Heads(*np.array(rows).T)
