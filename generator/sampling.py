"""Logits to the next id, inside the bar line. Knows grammar and numbers, no networks' insides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np

from generator import vocabulary as V
from generator.grammar import Grammar
from generator.place import Place
from generator.plan import Plan

MIN_P = 0.02  # ids under this share of the likeliest one's probability are not drawn
LONGEST_UNMASKED = 1200


class SampleError(ValueError):
    """An attempt that can go no further: nothing may follow, or the composer's memory is full."""


class Voice(Protocol):
    """A model that has taken its brief and answers id by id."""

    def step(self, token: int, features: tuple[int, int, int], chords: tuple[int, int]) -> np.ndarray:
        """Logits of the next id.  # (vocab,)"""
        ...


def draw(logits: np.ndarray, allowed: np.ndarray | None, *, temperature: float, rng: np.random.Generator) -> int:
    """One id by its probability. A single allowed id costs no random number and no softmax."""
    if allowed is not None:
        only = np.flatnonzero(allowed)
        if not len(only):
            raise SampleError("The grammar leaves nothing to write here.")
        if len(only) == 1:
            return int(only[0])
        logits = np.where(allowed, logits, -np.inf)
    scaled = (logits - logits.max()) / temperature
    p = np.exp(scaled.astype(np.float64))
    p[p < MIN_P] = 0.0
    total = np.cumsum(p)
    return int(min(np.searchsorted(total, rng.random() * total[-1], side="right"), np.flatnonzero(p)[-1]))


def sample(voice: Voice, plan: Plan, *, temperature: float, rng: np.random.Generator) -> Iterator[int]:
    """Ids of one tune, as they are drawn, its end left out."""
    grammar, token = Grammar(plan), V.START
    while True:
        place = grammar.place
        logits = voice.step(token, _bars_left(place, plan), grammar.chords())
        token = draw(logits, grammar.allowed(), temperature=temperature, rng=rng)
        if token == V.END:
            return
        grammar.feed(token)
        yield token


def sample_unmasked(voice: Voice, plan: Plan, *, temperature: float, rng: np.random.Generator) -> Iterator[int]:
    """Ids as the model alone would write them: for measuring. Chords follow the bars that it makes."""
    place, token = Place(plan.meter), V.START
    never = np.ones(V.SIZE, bool)
    never[[V.PAD, V.START]] = False
    for _ in range(LONGEST_UNMASKED):
        in_pickup = plan.pickup > 0 and place.ordinal == 0
        chords = plan.chord_ids(place.number, second_half=place.second_half, in_pickup=in_pickup)
        token = draw(voice.step(token, _bars_left(place, plan), chords), never, temperature=temperature, rng=rng)
        if token == V.END:
            return
        place.feed(token)
        yield token


def _bars_left(place: Place, plan: Plan) -> tuple[int, int, int]:
    slot, bar, number = place.features()
    return slot, bar, max(0, min(63, plan.bars - number)) + 1
