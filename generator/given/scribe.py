"""Tells a voice what is given and lets it write what is free, bar by bar, inside the bar line. Knows no tasks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import replace
from fractions import Fraction

import numpy as np

from generator import vocabulary as V
from generator.given.bars import Ids, WrittenBar
from generator.given.frames import Frame
from generator.grammar import Grammar
from generator.inputs import inputs_at
from generator.leaning import Lean
from generator.place import Place
from generator.plan import Part, Plan
from generator.sampling import SampleError, Voice, draw

_DOUBLED = {V.IDS["accidental ^^"], V.IDS["accidental __"]}  # the grammar writes none, so it is told of none
_LONGEST_BAR = 64  # ids


class Scribe:
    """One way through a frame: what has been said so far, and how likely the voice held it."""

    def __init__(self, frame: Frame, voice: Voice) -> None:
        self.frame, self.voice, self.lean = frame, voice, Lean(frame)
        self.place = Place(frame.meter)
        self.bars = list(frame.bars)
        self.at = 0  # the bar that is being written
        self.said, self.likelihood = 0, 0.0  # ids, and the sum of their log-probabilities
        self.logits = self._told(V.START)

    def copy(self) -> Scribe:
        twin = copy(self)
        twin.voice, twin.place, twin.bars = self.voice.copy(), self.place.copy(), list(self.bars)
        return twin

    def say(self, ids: Iterable[int]) -> None:
        """Feeds ids, and remembers how likely the voice held them."""
        for token in ids:
            self.likelihood += _log_share(self.logits, token)
            self.said += 1
            self.place.feed(token)
            self.logits = self._told(token)

    def _told(self, token: int) -> np.ndarray:
        return self.voice.step(token, self._inputs())

    def _inputs(self) -> tuple[int, ...]:
        at, bars = self.place.ordinal, self.bars
        planned = (bars[at].length - self.place.elapsed, bars[at].part_left) if at < len(bars) else None
        return inputs_at(self.place, bars=self.frame.full_bars, planned=planned, chords=self._chords(at))

    def _chords(self, at: int) -> tuple[int, int]:
        chords = self.frame.chord_ids
        now = chords[at][self.place.second_half] if at < len(chords) else 0
        return now, chords[at + 1][0] if at + 1 < len(chords) else 0

    # --- bars -----------------------------------------------------------------------------------------------------

    def keep(self) -> Ids:
        """Says the next bar as it stands, and its bar lines."""
        bar = self.bars[self.at]
        self.say((*bar.ids, *bar.signs))
        self.at += 1
        return (*bar.ids, *bar.signs)

    def write(self, *, temperature: float, rng: np.random.Generator) -> Iterator[int]:
        """Draws the next bar and says it, id by id, its bar lines too."""
        bar, ids = self.bars[self.at], []
        for token in self._drawn(bar, temperature, rng):
            ids.append(token)
            yield token
        self.bars[self.at] = replace(bar, ids=tuple(ids), free=False)
        self.say(bar.signs)
        self.at += 1
        yield from bar.signs

    def _drawn(self, bar: WrittenBar, temperature: float, rng: np.random.Generator) -> Iterator[int]:
        if bar.like is not None:
            yield from self._said(self.bars[bar.like].ids)
            return
        grammar = bar_grammar(self.frame, self.bars, self.at, self.frame.chord_ids[self.at])
        for token in bar.ids[: bar.begun]:
            grammar.feed(token)
        yield from self._said(bar.ids[: bar.begun])
        for _ in range(_LONGEST_BAR):
            if grammar.room == 0 and not grammar.place.tuplet_left:
                break
            token = draw(self.lean.leaned(self.logits, grammar), grammar.allowed(), temperature=temperature, rng=rng)
            grammar.feed(token)
            self.say((token,))
            yield token
        if self._may_tie(bar, grammar) and self._ties(temperature, rng):
            self.say((V.TIE,))
            yield V.TIE

    def _said(self, ids: Ids) -> Iterator[int]:
        self.say(ids)
        yield from ids

    def _may_tie(self, bar: WrittenBar, grammar: Grammar) -> bool:
        """Into a bar that is drawn next, and out of one that no other bar takes over."""
        follower = self.bars[self.at + 1] if self.at + 1 < len(self.bars) else None
        drawn_next = follower is not None and follower.free and follower.like is None
        copied = any(other.like == self.at for other in self.bars)
        return drawn_next and not copied and not bar.at_seam and bool(grammar.allowed()[V.TIE])

    def _ties(self, temperature: float, rng: np.random.Generator) -> bool:
        only = np.zeros(V.SIZE, bool)
        only[[V.TIE, *self.bars[self.at].signs]] = True
        return draw(self.logits, only, temperature=temperature, rng=rng) == V.TIE


def bar_grammar(frame: Frame, bars: list[WrittenBar], at: int, chords: tuple[int, int]) -> Grammar:
    """A grammar that stands at the start of one free bar and has heard the bar before it."""
    bar, before = bars[at], bars[at - 1] if at else None
    short = bar.measure - bar.length if bar.length < bar.measure else Fraction(0)
    if bar.is_pickup:
        grammar = Grammar(_plan(frame, (1, 1), bar.length, chords))
        return grammar
    heard = before is not None and not short
    lead = 1 if heard else 0
    if bar.ends_tune:
        lengths: tuple[int, ...] = (lead + 1,)
    else:
        lengths = (lead + 1, 1) if short or bar.at_seam else (lead + 2,)
    grammar = Grammar(_plan(frame, lengths, short, chords))
    if before is not None:
        _hear(grammar, before)
    elif short:
        raise SampleError("A tune's first bar is a pickup or full.")
    return grammar


def _hear(grammar: Grammar, before: WrittenBar) -> None:
    """The bar before: how far its last note is, and whether it is tied."""
    for token in before.ids:
        if token not in _DOUBLED:
            grammar.feed(token)
    grammar.feed(V.BAR_IDS["|"])


def _plan(frame: Frame, lengths: tuple[int, ...], pickup: Fraction, chords: tuple[int, int]) -> Plan:
    parts = tuple(Part(bars, repeated=False) for bars in lengths)
    return Plan(frame.meter, frame.key, parts, pickup, (chords,) * (sum(lengths) + 1), ())


def _log_share(logits: np.ndarray, token: int) -> float:
    top = float(logits.max())
    return float(logits[token]) - top - float(np.log(np.exp(logits.astype(np.float64) - top).sum()))
