"""How the character LSTM is taught: its batches, its loss, its figure on validation tunes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from generator.composers.charlstm import CHARACTERS, END, CharLSTM, CharLSTMConfig, header, numbers
from generator.encoding import Tune
from generator.notation import Score
from generator.training import bits, grouped

UNSCORED = -100
_LENGTH_STEP = 16
_SORTED_TOGETHER = 64  # batches' worth of tunes sorted by length, so that little of a batch is padding


@dataclass
class Text:
    """One tune as numbered characters: the header that is given, the body, the end."""

    characters: np.ndarray  # (n,) header, body, end
    given: int  # characters of the header


@dataclass
class Batch:
    characters: Tensor  # (batch, time) int64
    targets: Tensor  # (batch, time) int64, UNSCORED for the header and past the end


class CharLSTMCourse:
    name = "charlstm"
    vocabulary = CHARACTERS

    def __init__(self, config: CharLSTMConfig, lessons: list[Text], tests: list[Text], seed: int = 1) -> None:
        torch.manual_seed(seed)
        self.model = CharLSTM(config)
        self.lessons, self.tests = lessons, tests
        self.sources: dict[str, int] = {}

    @classmethod
    def from_tunes(cls, config: CharLSTMConfig, tunes: list[Tune], tests: list[Tune]) -> CharLSTMCourse:
        course = cls(config, [text_of(t.score) for t in tunes], [text_of(t.score) for t in tests])
        course.sources = dict(Counter(tune.source for tune in tunes))
        return course

    def epoch(self, *, symbols: int, seed: int) -> Iterator[Batch]:
        """One pass in random order, each batch of about `symbols` characters in tunes of like length."""
        rng = np.random.default_rng(seed)
        order = rng.permutation(len(self.lessons))
        mean = sum(len(text.characters) for text in self.lessons) / len(self.lessons)
        stretch = max(1, int(_SORTED_TOGETHER * symbols / mean))
        for start in range(0, len(order), stretch):
            near = [self.lessons[i] for i in order[start : start + stretch]]
            groups = list(by_length(near, symbols))
            for index in rng.permutation(len(groups)):
                yield collate(groups[index])

    def passes(self, batch: Batch, before: float) -> float:
        return before + len(batch.characters) / len(self.lessons)

    def loss(self, forward: Callable[..., Tensor], batch: Batch, device: torch.device) -> Tensor:
        logits = forward(batch.characters.to(device))  # (batch, time, vocab)
        return F.cross_entropy(logits.flatten(0, 1).float(), batch.targets.to(device).flatten(), ignore_index=UNSCORED)

    def bits_per_character(self) -> float:
        nats = sum(float(nats_of(self.model, group).sum()) for group in by_length(self.tests))
        # The end symbol is paid for and is no character of the body.
        return bits(nats) / sum(len(text.characters) - text.given - 1 for text in self.tests)


def text_of(score: Score) -> Text:
    plain = score.without_chords()
    given = numbers(header(plain))
    return Text(np.array([*given, *numbers(plain.body), END], np.int16), len(given))


def by_length(texts: list[Text], symbols: int = 8192) -> Iterator[list[Text]]:
    """Groups of like length, each of about `symbols` characters."""
    return grouped(texts, lambda text: len(text.characters), symbols=symbols)


def collate(group: list[Text]) -> Batch:
    # Lengths in whole steps: the kernels are set up, and kept in memory, for each shape that comes along.
    shape = (len(group), -(-max(len(text.characters) for text in group) // _LENGTH_STEP) * _LENGTH_STEP)
    characters, targets = np.zeros(shape, np.int64), np.full(shape, UNSCORED, np.int64)
    for row, text in enumerate(group):
        size = len(text.characters) - 1
        characters[row, :size] = text.characters[:-1]
        targets[row, text.given - 1 : size] = text.characters[text.given :]
    return Batch(torch.from_numpy(characters), torch.from_numpy(targets))


@torch.inference_mode()
def nats_of(model: CharLSTM, group: list[Text]) -> Tensor:
    """Minus the log-likelihood of each tune's body and end, in nats.  # (batch,)"""
    device = model.dense.weight.device
    batch = collate(group)
    logits = model(batch.characters.to(device)).float()  # (batch, time, vocab)
    targets = batch.targets.to(device)
    losses = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=UNSCORED, reduction="none")
    return losses.view(targets.shape).sum(1)
