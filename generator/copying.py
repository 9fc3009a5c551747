"""Remembers a tune's bars as they are written, and dictates those of a part that comes again. Knows no models."""

from __future__ import annotations

from generator import vocabulary as V
from generator.plan import Plan

PICKUP = -1  # the number, within its part, of the bar before the first full one


class Copyist:
    """The A that returns in AABA is the A that was heard: a second draw would be another tune."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.bars: dict[tuple[int, int], list[int]] = {}  # ids by (part, bar in part), bar lines left out
        self.first_ending: list[int] = []  # of the part whose second ending is written

    def heard(self, part: int, bar: int, token: int) -> None:
        self.bars.setdefault((part, bar), []).append(token)

    def forget(self, part: int, bar: int) -> None:
        """A second ending takes the first one's place: it is how the part was left."""
        self.first_ending = self.bars.pop((part, bar), [])

    def the_same_again(self, part: int, bar: int) -> int | None:
        """The pitch that would make a second ending what the first one was, once no more than two are left to write."""
        written = self.bars.get((part, bar), [])
        left = self.first_ending[len(written) :]
        told_again = self.first_ending[: len(written)] == written
        pitches = [token for token in left if V.kind(token) == "pitch"]
        return left[0] if told_again and pitches and pitches[0] == left[0] and len(pitches) <= 2 else None

    def dictated(self, part: int, bar: int) -> int | None:
        """The id that must come here; None where the composer is free, and at the bar's end."""
        source = self.plan.parts[part].copies
        if source is None:
            return None
        original, written = self.bars.get((source, bar), []), self.bars.get((part, bar), [])
        return original[len(written)] if len(written) < len(original) else None
