"""Moves a tune to another key of the same mode, as it would be written there. Knows no models."""

from __future__ import annotations

from dataclasses import replace

from generator.notation import (
    KEY_SUFFIX,
    LETTERS,
    KeyChange,
    NotationError,
    Note,
    Score,
    Symbol,
    signature,
    split_key,
    tonic_step,
)

_BENT = {"^^": 2, "^": 1, "=": 0, "_": -1, "__": -2}
_SIGNS = {bend: sign for sign, bend in _BENT.items()}


def moved(score: Score, tonic: str) -> Score:
    """The same music with `tonic` for its own, up or down by the shorter way.

    Raises NotationError where it cannot be written: a triple sharp, a change to a key of eight signs.
    """
    key = tonic + KEY_SUFFIX[split_key(score.key)[1]]
    steps = (tonic_step(key) - tonic_step(score.key)) % 7
    shift = _Shift(steps - 7 if steps > 3 else steps, _fifths(key) - _fifths(score.key))
    signature(key)
    symbols, now = [], score.key
    for symbol in score.symbols:
        now = symbol.key if isinstance(symbol, KeyChange) else now
        symbols.append(shift.symbol(symbol, now))
    return Score(score.meter, key, tuple(symbols))


def _fifths(key: str) -> int:
    """Sharps of a key's signature, flats below zero."""
    return sum(signature(key).values())


class _Shift:
    def __init__(self, steps: int, fifths: int) -> None:
        self.steps, self.fifths = steps, fifths

    def symbol(self, symbol: Symbol, key: str) -> Symbol:
        if isinstance(symbol, KeyChange):
            return KeyChange(self.key(symbol.key))
        if not isinstance(symbol, Note):
            return symbol
        return replace(symbol, step=symbol.step + self.steps, accidental=self._accidental(symbol, key))

    def key(self, key: str) -> str:
        letter = LETTERS[(tonic_step(key) + self.steps) % 7]
        suffix = KEY_SUFFIX[split_key(key)[1]]
        for sign in ("", "#", "b"):
            try:
                if _fifths(letter + sign + suffix) == _fifths(key) + self.fifths:
                    return letter + sign + suffix
            except NotationError:
                continue
        raise NotationError("key")

    def _accidental(self, note: Note, key: str) -> str:
        """A sign bends its note against the key as far as it did."""
        if not note.accidental:
            return ""
        bend = _BENT[note.accidental] - signature(key).get(note.step % 7, 0)
        bent = bend + signature(self.key(key)).get((note.step + self.steps) % 7, 0)
        if bent not in _SIGNS:
            raise NotationError("accidental")
        return _SIGNS[bent]
