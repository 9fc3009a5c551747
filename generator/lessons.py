"""Batches for the transformer: buckets of like length, with conditions hidden at random. Knows no optimiser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from generator.attributes import CONDITION_NAMES
from generator.encoding import Example
from generator.inputs import BARS_LEFT, CHORDS, HIDDEN, INPUT_NAMES, PLANNED

BUCKETS = (128, 192, 256, 384, 640, 1024)
# Key, mode and meter are always told; the rest is hidden so that a composer can be asked for any part of it.
_HIDEABLE = slice(CONDITION_NAMES.index("rhythm"), None)
_ALL_FREE, _ONE_FREE, _CHORDS_FREE = 0.25, 0.08, 0.35
# The corpus is 77 % major, a quarter reels: rare modes and rare rhythms are shown more often.
_MODE_WEIGHT = {"major": 1.0, "minor": 1.0, "dorian": 1.5, "mixolydian": 2.0, "lydian": 4.0, "phrygian": 4.0}
_MOST_OFTEN = 4.0  # as often as the commonest rhythm's tunes, at most
_DRAWN = 0.35  # of a pass is drawn by these weights, the rest is every tune once


@dataclass
class Batch:
    tokens: Tensor  # (batch, time) int64
    targets: Tensor  # (batch, time) int64, -100 where there is nothing to guess
    inputs: Tensor  # (batch, time, inputs)
    conditions: Tensor  # (batch, conditions)


def epoch(examples: list[Example], *, symbols: int, seed: int) -> Iterator[Batch]:
    """One pass in random order; every batch holds about `symbols` ids of tunes of like length."""
    rng = np.random.default_rng(seed)
    weights = _weights(examples)
    chosen = rng.choice(len(examples), len(examples), replace=True, p=weights / weights.sum())
    keep = rng.random(len(examples)) >= _DRAWN
    order = np.concatenate([np.flatnonzero(keep), chosen[: len(examples) - keep.sum()]])
    batches = _grouped(rng.permutation(order), examples, symbols)
    for index in rng.permutation(len(batches)):
        length, members = batches[index]
        yield collate([examples[i] for i in members], length=length, rng=rng)


def _weights(examples: list[Example]) -> np.ndarray:
    """By mode, and by one over the root of how many tunes share the rhythm.  # (examples,)"""
    rhythms = np.array([e.conditions[CONDITION_NAMES.index("rhythm")] for e in examples])
    counts = np.bincount(rhythms)
    counts[0] = counts.max()  # no rhythm known: nothing rare
    often = np.minimum(_MOST_OFTEN, np.sqrt(counts.max() / counts[rhythms]))
    return often * np.array([_MODE_WEIGHT[e.mode] for e in examples])


def _grouped(order: np.ndarray, examples: list[Example], symbols: int) -> list[tuple[int, list[int]]]:
    waiting: dict[int, list[int]] = {length: [] for length in BUCKETS}
    batches: list[tuple[int, list[int]]] = []
    for index in order:
        size = len(examples[index].tokens) - 1
        length = next((b for b in BUCKETS if size <= b), BUCKETS[-1])
        waiting[length].append(int(index))
        if len(waiting[length]) == symbols // length:
            batches.append((length, waiting[length]))
            waiting[length] = []
    # Left-over groups wait for another pass: every batch keeps its compiled shape.
    return batches


def collate(
    members: list[Example], *, length: int | None = None, rng: np.random.Generator | None = None, free: bool = False
) -> Batch:
    """Arrays side by side, padded at the right. With `rng` conditions are hidden at random; `free` hides them all."""
    length = length or max(len(e.tokens) for e in members) - 1
    shape = (len(members), length)
    tokens, targets = np.zeros(shape, np.int64), np.full(shape, -100, np.int64)
    inputs = np.zeros((*shape, len(INPUT_NAMES)), np.int64)
    conditions = np.zeros((len(members), len(CONDITION_NAMES)), np.int64)
    for row, example in enumerate(members):
        size = min(length, len(example.tokens) - 1)
        tokens[row, :size], targets[row, :size] = example.tokens[:size], example.tokens[1 : size + 1]
        conditions[row] = _shown(example.conditions, rng, free)
        inputs[row, :size] = example.inputs[:size]
        _hide(inputs[row], conditions[row], rng, free)
    return Batch(*map(torch.from_numpy, (tokens, targets, inputs, conditions)))


def _shown(conditions: np.ndarray, rng: np.random.Generator | None, free: bool) -> np.ndarray:
    shown = conditions.astype(np.int64)
    if free or (rng is not None and rng.random() < _ALL_FREE):
        shown[_HIDEABLE] = 0
    elif rng is not None:
        part = shown[_HIDEABLE]
        part[rng.random(len(part)) < _ONE_FREE] = 0
    return shown


def _hide(inputs: np.ndarray, conditions: np.ndarray, rng: np.random.Generator | None, free: bool) -> None:
    """What lies ahead is hidden where it is free: bars left with the number of bars, the plan with the pickup."""
    if not conditions[CONDITION_NAMES.index("bars")]:
        inputs[:, BARS_LEFT] = HIDDEN
    if not conditions[CONDITION_NAMES.index("pickup")]:
        inputs[:, PLANNED] = HIDDEN
    if free or (rng is not None and rng.random() < _CHORDS_FREE):
        inputs[:, CHORDS] = HIDDEN
