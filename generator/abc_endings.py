"""Tells a tune's first endings from its second, however the passes are numbered; knows no notes."""

from __future__ import annotations

import re

from generator.notation import NotationError


class Endings:
    """The endings of one tune, met in order."""

    def __init__(self) -> None:
        self.first: tuple[int, ...] = ()  # the passes of a first ending that waits for its second

    def number(self, label: str) -> str:
        """1 or 2 for a label such as 1, 1-3, 12 or 6. Raises NotationError for an ending of a third kind.

        Whatever has the first pass is a first ending; the other must have the last, or a listener would hear the
        first again behind it.
        """
        passes = _passes(label)
        if 1 in passes:
            self.first = passes
            return "1"
        behind = bool(self.first) and max(self.first) > max(passes)
        if behind or (label != "2" and not self.first):
            raise NotationError("a third ending")
        self.first = ()
        return "2"


def _passes(label: str) -> tuple[int, ...]:
    """1-3 is 1 to 3; 12 is 1 and 2, as older books write it, and 10 is 10."""
    found: list[int] = []
    for piece in re.split(r"[,.]+", label):
        low, _, high = piece.partition("-")
        if not (low + high).isdecimal() or len(piece) > 9:
            raise NotationError("a third ending")
        if high:
            found += range(int(low), min(int(high), 99) + 1)
        elif len(low) > 1 and list(low) == sorted({*low}):
            found += map(int, low)
        else:
            found.append(int(low))
    if not found:
        raise NotationError("a third ending")
    return tuple(found)
