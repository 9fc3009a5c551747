"""How the second instrument's network is taught: the second parts of stretches, event by event, beside their first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from generator.composers.chordnotes_course import RoundsCourse
from generator.composers.chordnotes_parts import PartedPiece, read_parted
from generator.composers.chordnotes_second import SecondPart, SecondPartConfig
from generator.composers.chordnotes_stretches import Batch, Stretch, batch_of, stretches_of
from generator.keyboard_corpus import split
from generator.keyboard_sheets import cache_of
from generator.rounds import Figures, device

if TYPE_CHECKING:
    from generator.courses import Configuration


@dataclass(frozen=True)
class SecondPartTraining:
    minutes: float = 12.0  # of computing
    every: float = 1.0  # minutes between checkpoints
    batch: int = 8  # stretches
    learning_rate: float = 2e-3
    cooling: float = 0.4  # the last share of the minutes, in which the rate goes down to nothing
    transpose: int = 5  # semitones up and down, drawn anew for each stretch
    seed: int = 1


MODEL, TRAINING = SecondPartConfig, SecondPartTraining


def train(configuration: Configuration, data: list[str], valid: list[str] | None, out: Path) -> dict[str, Any]:
    cache = cache_of(out)
    lessons, tests = split(read_parted(data, cache), read_parted(valid, cache) if valid else None)
    history = SecondPartCourse(configuration, lessons, tests, out).rounds.run()
    return {"pieces": len(lessons), "valid": len(tests), **history[-1]}


class SecondPartCourse(RoundsCourse):
    def prepare(self) -> None:
        self.stretches, self.tested = (_stretches(pieces) for pieces in (self.lessons, self.tests))
        self.model = SecondPart(self.config)

    def loss(self, rng: np.random.Generator) -> Tensor:
        most = self.training.transpose
        drawn = rng.integers(0, len(self.stretches), self.training.batch)
        nats, counts = self._nats(
            batch_of([self.stretches[n].moved(int(rng.integers(-most, most + 1))) for n in drawn])
        )
        return nats.sum() / counts.sum()

    def _nats(self, batch: Batch, other: Batch | None = None) -> tuple[Tensor, Tensor]:
        """(4, batch, time), nothing where there is no event, and (batch, time); `other` has the first parts to hear."""
        counts = _tensor(batch.counts).float()
        return self.model.nats(self.heard(batch, other or batch), _tensor(batch.wanted)) * counts, counts

    def heard(self, batch: Batch, other: Batch) -> Tensor:
        """What the network makes of second parts beside another batch's first parts.  # (batch, time, …)"""
        bars = _tensor(batch.bars)
        first = self.model.hear(_tensor(other.first), _tensor(other.first_onsets), bars, _tensor(other.lengths))
        return self.model.read(first, _tensor(batch.before), _tensor(batch.now), bars)[0]

    @torch.inference_mode()
    def figures(self) -> Figures:
        """Nats an event of second parts never seen, beside their own first part and beside another piece's."""
        self.model.eval()
        own, others = (self._measured(turned) for turned in (0, 1))
        return {"cross_entropy": own[0], "bits_an_event": round(own[0] / math.log(2), 4),
                "cross_entropy_of_pitch": own[1], "cross_entropy_beside_another": others[0]}  # fmt: skip

    def _measured(self, turned: int) -> tuple[float, float]:
        totals, count, size = torch.zeros(4), 0.0, self.training.batch
        others = [*self.tested[-turned:], *self.tested[:-turned]] if turned else self.tested
        for start in range(0, len(self.tested), size):
            own, heard = (batch_of(part[start : start + size]) for part in (self.tested, others))
            nats, counts = self._nats(own, heard)
            totals += nats.sum((1, 2)).cpu()
            count += float(counts.sum())
        nats_an_event = (totals / count).tolist()
        return round(sum(nats_an_event), 4), round(nats_an_event[0], 4)

    def record(self) -> dict[str, Any]:
        return {"stretches": len(self.stretches)}


def _stretches(pieces: Sequence[PartedPiece]) -> list[Stretch]:
    return [stretch for piece in pieces for stretch in stretches_of(piece)]


def _tensor(numbers: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(numbers)).to(device())
