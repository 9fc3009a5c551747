"""How the transformer is taught: its batches, its loss, its figure on validation tunes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from generator.composers.transformer import Transformer, TransformerConfig
from generator.encoding import Example, Tune, corpus_places, examples, named_by_ear
from generator.lessons import Batch, collate, epoch
from generator.training import bits, grouped
from generator.vocabulary import NAMES


class TransformerCourse:
    name = "transformer"
    vocabulary = NAMES

    def __init__(self, config: TransformerConfig, lessons: list[Example], tests: list[Example], seed: int = 1) -> None:
        torch.manual_seed(seed)
        self.model = Transformer(config)
        self.lessons, self.tests = lessons, tests
        self.sources: dict[str, int] = {}

    @classmethod
    def from_tunes(cls, config: TransformerConfig, tunes: list[Tune], tests: list[Tune]) -> TransformerCourse:
        tunes, tests = [named_by_ear(tune) for tune in tunes], [named_by_ear(tune) for tune in tests]
        places = corpus_places(tunes)
        course = cls(config, examples(tunes, places=places), examples(tests, places=places))
        course.sources = dict(Counter(tune.source for tune in tunes))
        return course

    def epoch(self, *, symbols: int, seed: int) -> Iterator[Batch]:
        return epoch(self.lessons, symbols=symbols, seed=seed)

    def passes(self, batch: Batch, before: float) -> float:
        return before + len(batch.tokens) / len(self.lessons)

    def loss(self, forward: Callable[..., Tensor], batch: Batch, device: torch.device) -> Tensor:
        b = _on(batch, device)
        logits = forward(b.tokens, b.inputs, b.conditions)
        return F.cross_entropy(logits.flatten(0, 1).float(), b.targets.flatten(), ignore_index=-100)

    def bits_per_character(self) -> float:
        """Every condition but key, mode and meter free, no chords, no mask."""
        nats = sum(nats_of(self.model, group) for group in by_length(self.tests))
        return bits(nats) / sum(e.characters for e in self.tests)


def by_length(tests: list[Example], symbols: int = 8192) -> Iterator[list[Example]]:
    """Groups of like length, each of about `symbols` ids."""
    return grouped(tests, lambda example: len(example.tokens), symbols=symbols)


@torch.inference_mode()
def nats_of(model: Transformer, group: list[Example]) -> float:
    """Minus the log-likelihood of the tunes' bodies and ends, in nats, summed."""
    device = model.token.weight.device
    b = _on(collate(group, free=True), device)
    logits = model(b.tokens, b.inputs, b.conditions)
    return F.cross_entropy(logits.flatten(0, 1).float(), b.targets.flatten(), ignore_index=-100, reduction="sum").item()


def _on(batch: Any, device: torch.device) -> Batch:
    return Batch(*(getattr(batch, name).to(device) for name in batch.__dataclass_fields__))
