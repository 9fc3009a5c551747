"""Logits to the next id, inside the bar line. Knows grammar and numbers, no networks' insides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np

from generator import vocabulary as V
from generator.grammar import Grammar
from generator.inputs import inputs_at
from generator.leaning import Lean
from generator.plan import Plan

MIN_P = 0.005  # ids under this share of the likeliest one's probability are not drawn
LONGEST_UNMASKED = 1200
_ANY = np.ones(V.SIZE, bool)


class SampleError(ValueError):
    """An attempt that can go no further: nothing may follow, or the composer's memory is full."""


class Voice(Protocol):
    """A model that has taken its brief and answers id by id."""

    def step(self, token: int, inputs: Sequence[int]) -> np.ndarray:
        """Logits of the next id; `inputs` in the order of inputs.INPUT_NAMES.  # (vocab,)"""
        ...

    def copy(self) -> Voice:
        """An independent voice that has heard the same ids."""
        ...


def draw(logits: np.ndarray, allowed: np.ndarray | None, *, temperature: float, rng: np.random.Generator) -> int:
    """One id by its probability. A single allowed id costs no random number and no softmax."""
    from generator.engine.drawing import drawn  # numba is for composing: pages that only check a brief load none

    if allowed is None:
        allowed = _ANY
    choices = np.count_nonzero(allowed)
    if not choices:
        raise SampleError("The grammar leaves nothing to write here.")
    if choices == 1:
        return int(allowed.argmax())
    return drawn(logits, allowed, temperature, MIN_P, rng.random())


def sample(voice: Voice, plan: Plan, *, temperature: float, rng: np.random.Generator) -> Iterator[int]:
    """Ids of one tune, as they are drawn, its end left out."""
    grammar, lean, token = Grammar(plan), Lean(plan), V.START
    while True:
        logits = lean.leaned(voice.step(token, inputs_of(grammar)), grammar)
        token = draw(logits, grammar.allowed(), temperature=temperature, rng=rng)
        if token == V.END:
            return
        grammar.feed(token)
        yield token


def sample_unmasked(voice: Voice, plan: Plan, *, temperature: float, rng: np.random.Generator) -> Iterator[int]:
    """Ids as the model alone would write them: for measuring. The grammar follows, and forbids nothing."""
    grammar, token = Grammar(plan), V.START
    never = np.ones(V.SIZE, bool)
    never[[V.PAD, V.START]] = False
    for _ in range(LONGEST_UNMASKED):
        token = draw(voice.step(token, inputs_of(grammar)), never, temperature=temperature, rng=rng)
        if token == V.END:
            return
        grammar.feed(token)
        yield token


def inputs_of(grammar: Grammar) -> tuple[int, ...]:
    """What the voice is told where the grammar stands: place, plan and chords."""
    plan = grammar.plan
    planned = None if grammar.finished else (grammar.room, plan.parts[grammar.part].bars - grammar.bar)
    return inputs_at(grammar.place, bars=plan.bars, planned=planned, chords=grammar.chords())
