"""One attempt at a brief with given music: as pipeline.Writing, but most of it stands already."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property

from generator.brief import Check
from generator.checks import checked
from generator.composers import voice_of
from generator.engraving import Engraver
from generator.given.choosing import written
from generator.given.frames import Frame, frame_of
from generator.notation import Note, Rest
from generator.novelty import shipped_index
from generator.pipeline import Writing
from generator.titles import named, title_of

_DONE = {"continue": "continued", "vary": "varied", "fill": "bars rewritten"}
_DONE_BEFORE = re.compile(rf"( \((?:{'|'.join(_DONE.values())})\))+$")  # a name does not grow with each work on it
# What the bars to come make right, whatever the opening was.
_COMING = frozenset({"bars_right", "repeats_closed", "bars", "meter", "ends_on_tonic", "chords", "form"})


class GivenWriting(Writing):
    plan: Frame

    def _laid_out(self) -> tuple[Frame, Engraver]:
        frame = frame_of(self.brief, self.conditions, self.rng)
        return frame, GivenEngraver(frame)

    @cached_property
    def title(self) -> str:
        """The tune's own, and what was done with it; one that has none gets a name as a new tune does."""
        own = _DONE_BEFORE.sub("", self.plan.tune.title)
        if not own.strip():
            return named(self.brief.prompt, self.conditions, self.brief.seed)
        done = f" ({_DONE[self.brief.given.task]})"
        short = title_of(own)
        room = 60 - len(done)
        return (short if len(short) <= room else short[: room - 1].rstrip() + "…") + done

    def failed(self, checks: dict[str, Check]) -> str | None:
        binding = self._binding()
        return next((name for name, check in checks.items() if not check.ok and name in binding), None)

    def _binding(self) -> frozenset[str]:
        """A fault that the given music has itself is told and kept; only new bars can be written again."""
        before = checked(self.plan.tune.score, self.conditions, shipped_index())
        sound = {name for name, check in before.items() if check.ok} - {"novelty", "form"}
        if self.brief.given.task == "continue":
            return _COMING | sound | ({"novelty"} if self._is_new() else set())
        return frozenset(sound)

    def _is_new(self) -> bool:
        """Whether a near-duplicate would be of the composer's making: the opening is near to another tune, or none."""
        index = shipped_index()
        own, whole = index.nearest(self.plan.tune.score), index.nearest(self.score)
        return (own.title, own.source) != (whole.title, whole.source)

    def _ids(self) -> Iterator[int]:
        speaker = voice_of(self.brief.composer, self.plan.conditions)
        return written(self.plan, speaker, temperature=self.brief.temperature, rng=self.rng)


class GivenEngraver(Engraver):
    """Sets a frame's bars: each has its own chords, and its own length before its part begins."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame.meter)
        self.bars, self.at = frame.bars, 0
        self.ends = Fraction(0)  # of the note that is set, in its bar
        self.chords_left: list[tuple[Fraction, str]] = []
        self._stand()

    def _stand(self) -> None:
        """At the start of the next bar."""
        bar = self.bars[min(self.at, len(self.bars) - 1)]
        self.in_pickup, self.pickup = bar.is_pickup, bar.length
        self.chords_left = list(bar.chords)

    def _event(self, symbol: Note | Rest, head: str) -> str:
        self.ends = self.onset + symbol.length * (self.ratio if self.tuplet_left else 1)
        return super()._event(symbol, head)

    def _chord(self) -> str:
        # No note may begin where a chord is due: then it stands over the bar's last one, if that is not the first.
        last = self.onset > 0 and self.ends >= self.bars[min(self.at, len(self.bars) - 1)].length
        begun = [text for onset, text in self.chords_left if onset <= self.onset or (last and onset < self.ends)]
        self.chords_left = self.chords_left[len(begun) :]
        return f'"{begun[-1]}"' if begun else ""

    def _bar(self, sign: str) -> str:
        if self.begun and self.onset == 0:  # one bar line more
            self._open(sign)
            return f"{sign} "
        return super()._bar(sign)

    def _close(self) -> None:
        super()._close()
        self.at += 1

    def _open(self, sign: str) -> None:
        super()._open(sign)
        self._stand()
