"""How the peer is taught: batches of 64 whole tunes, its loss, its figure on validation tunes."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from generator.composers.folkrnn import FolkRNN, FolkRNNConfig
from generator.composers.folkrnn_symbols import GIVEN, OTHER, OTHERS, symbols_of, vocabulary_of
from generator.encoding import Tune
from generator.notation import Score
from generator.training import bits, grouped

UNSCORED = -100
TUNES_A_STEP = 64  # as published
_LENGTH_STEP = 16
_SORTED_TOGETHER = 32  # batches' worth of tunes sorted by length, so that little of a batch is padding


@dataclass
class Row:
    """One tune as ids: start, meter and mode that are given, the body, the end."""

    ids: np.ndarray  # (n,)
    characters: int  # of the canonical body without chord symbols


@dataclass
class Batch:
    symbols: Tensor  # (batch, time) int64
    targets: Tensor  # (batch, time) int64, UNSCORED for what is given and past the end


class FolkRNNCourse:
    name = "folkrnn"

    def __init__(self, config: FolkRNNConfig, lessons: list[Row], tests: list[Row], seed: int = 1) -> None:
        torch.manual_seed(seed)
        self.model = FolkRNN(config)
        self.lessons, self.tests = lessons, tests
        self.vocabulary = config.vocabulary
        self.sources: dict[str, int] = {}

    @classmethod
    def from_tunes(cls, config: FolkRNNConfig, tunes: list[Tune], tests: list[Tune]) -> FolkRNNCourse:
        """The symbols are those of the tunes to learn from."""
        config = replace(config, vocabulary=vocabulary_of(symbols_of(tune.score) for tune in tunes))
        course = cls(config, *(rows_of([t.score for t in part], config.vocabulary) for part in (tunes, tests)))
        course.sources = dict(Counter(tune.source for tune in tunes))
        return course

    def epoch(self, *, symbols: int, seed: int) -> Iterator[Batch]:
        """One pass in random order: 64 tunes of like length a step, fewer where they would exceed `symbols` ids."""
        rng = np.random.default_rng(seed)
        order = rng.permutation(len(self.lessons))
        stretch = _SORTED_TOGETHER * TUNES_A_STEP
        for start in range(0, len(order), stretch):
            groups = list(by_length([self.lessons[i] for i in order[start : start + stretch]], symbols))
            for index in rng.permutation(len(groups)):
                yield collate(groups[index])

    def passes(self, batch: Batch, before: float) -> float:
        return before + len(batch.symbols) / len(self.lessons)

    def loss(self, forward: Callable[..., Tensor], batch: Batch, device: torch.device) -> Tensor:
        logits = forward(batch.symbols.to(device))  # (batch, time, vocab)
        return F.cross_entropy(logits.flatten(0, 1).float(), batch.targets.to(device).flatten(), ignore_index=UNSCORED)

    def bits_per_character(self) -> float:
        nats = sum(float(nats_of(self.model, group).sum()) for group in by_length(self.tests))
        return bits(nats) / sum(row.characters for row in self.tests)


def rows_of(scores: list[Score], vocabulary: tuple[str, ...]) -> list[Row]:
    ids = {symbol: index for index, symbol in enumerate(vocabulary)}
    other = ids[OTHER]
    return [
        Row(np.array([ids.get(symbol, other) for symbol in symbols_of(score)], np.int16),
            len(score.without_chords().body))
        for score in scores
    ]  # fmt: skip


def by_length(rows: list[Row], symbols: int = 16384) -> Iterator[list[Row]]:
    """Groups of like length, none of more than 64 tunes, none of much more than `symbols` ids."""
    return grouped(rows, lambda row: len(row.ids), symbols=symbols, most=TUNES_A_STEP)


def collate(group: list[Row]) -> Batch:
    # Lengths in whole steps: the kernels are set up, and kept in memory, for each shape that comes along.
    shape = (len(group), -(-max(len(row.ids) for row in group) // _LENGTH_STEP) * _LENGTH_STEP)
    symbols, targets = np.zeros(shape, np.int64), np.full(shape, UNSCORED, np.int64)
    for place, row in enumerate(group):
        size = len(row.ids) - 1
        symbols[place, :size] = row.ids[:-1]
        targets[place, GIVEN - 1 : size] = row.ids[GIVEN:]
    return Batch(torch.from_numpy(symbols), torch.from_numpy(targets))


@torch.inference_mode()
def nats_of(model: FolkRNN, group: list[Row]) -> Tensor:
    """Minus the log-likelihood of each tune's body and end, in nats.  # (batch,)"""
    device = model.dense.weight.device
    batch = collate(group)
    logits = model(batch.symbols.to(device)).float()  # (batch, time, vocab)
    targets = batch.targets.to(device)
    losses = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=UNSCORED, reduction="none")
    # A rare symbol is told as OTHER; which of them it is was not told, and is charged evenly.
    rare = (targets == model.config.vocabulary.index(OTHER)).sum(1) * math.log(OTHERS)
    return losses.view(targets.shape).sum(1) + rare
