"""How the notes-and-chords composers are taught: the account's LSTM on windows, the mended one on events."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from generator import checkpoints
from generator.composers.chordnotes import ChordNotes, ChordNotesConfig
from generator.composers.chordnotes_mended import EventLSTM
from generator.keyboard_corpus import Work, quarters_of, read_works, split
from generator.keyboard_sheets import cache_of
from generator.note_events import FIRST, events_of, transposed
from generator.notes_and_chords import RESTS, Windows, read_windows
from generator.rounds import Figures, Rounds, device, halved

if TYPE_CHECKING:
    from generator.courses import Configuration

_MENDED = "chordnotes-mended"
_STARTS = 200  # windows of the corpus kept in the checkpoint, to start from


@dataclass(frozen=True)
class ChordNotesTraining:
    minutes: float = 25.0  # of computing
    every: float = 3.0  # minutes between checkpoints
    batch: int = 64
    learning_rate: float = 1e-3
    cooling: float = 0.0  # the last share of the minutes, in which the rate goes down to nothing
    rests: str = "none"  # as it was alone: "none", "inaudible" (a note out of hearing) or "symbol"
    transpose: int = 0  # mended alone: semitones up and down, drawn anew for each stretch
    tested: int = 256  # windows, or stretches, of the works kept for measuring
    seed: int = 1


MODEL, TRAINING = ChordNotesConfig, ChordNotesTraining


def train(configuration: Configuration, data: list[str], valid: list[str] | None, out: Path) -> dict[str, Any]:
    works = read_works(data, cache=cache_of(out))
    lessons, tests = split(works, read_works(valid, cache=cache_of(out)) if valid else None)
    course = EventCourse if configuration.composer == _MENDED else WindowCourse
    history = course(configuration, lessons, tests, out).rounds.run()
    return {"works": len(lessons), "valid": len(tests), **history[-1]}


class RoundsCourse(ABC):
    """What they have in common; `prepare`, `loss` and `figures` are each one's own."""

    model: torch.nn.Module

    def __init__(self, configuration: Configuration, lessons: list[Work], tests: list[Work], out: Path) -> None:
        self.name, self.config, self.training = configuration.composer, configuration.model, configuration.training
        self.lessons, self.tests, self.out = lessons, tests, out
        torch.manual_seed(self.training.seed)
        self.prepare()
        self.model.to(device())
        self.optimizer = self.optimizer_of(self.model)
        parts = {"model": self.model, "optimizer": self.optimizer}
        self.rounds = Rounds(
            out, parts, self.one_round, figures=self.figures, keep=self._keep,
            minutes=self.training.minutes, every=self.training.every, seed=self.training.seed,
        )  # fmt: skip

    @abstractmethod
    def prepare(self) -> None:
        """Reads the lessons into numbers and builds `model`."""

    def optimizer_of(self, model: torch.nn.Module) -> torch.optim.Optimizer:
        return torch.optim.Adam(model.parameters(), lr=self.training.learning_rate)

    def one_round(self, rng: np.random.Generator) -> Figures:
        self.model.train()
        for group in self.optimizer.param_groups:
            group["lr"] = self.training.learning_rate * self._rate()
        with halved():
            loss = self.loss(rng)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        return {"loss": loss.item()}

    def _rate(self) -> float:
        left = 1 - self.rounds.computed / max(1e-9, self.training.minutes * 60)
        return min(1.0, max(0.02, left / self.training.cooling)) if self.training.cooling else 1.0

    @abstractmethod
    def loss(self, rng: np.random.Generator) -> Tensor:
        """Of a batch drawn at random; nats a symbol."""

    @abstractmethod
    def figures(self) -> Figures:
        """What is told of the held-out works."""

    def record(self) -> dict[str, Any]:
        return {}

    def _keep(self, history: list[Figures]) -> None:
        record = {"training": asdict(self.training), "device": device().type, "history": history,
                  "works": len(self.lessons), "quarters": quarters_of(self.lessons), **self.record()}  # fmt: skip
        checkpoints.save(self.out / "model.safetensors", self.model, composer=self.name, record=record)


class WindowCourse(RoundsCourse):
    """As the account has it: windows of the joined pieces, the symbol that follows each."""

    windows: Windows

    def prepare(self) -> None:
        if self.training.rests not in RESTS:
            from generator.courses import ConfigError

            raise ConfigError(f"The training setting rests must be one of: {', '.join(RESTS)}.")
        self.windows = read_windows(self.lessons, self.tests, window=self.config.window, rests=self.training.rests)
        self.config = ChordNotesConfig(**asdict(self.config) | {"vocabulary": len(self.windows.names)})
        self.model = ChordNotes(self.config)

    def optimizer_of(self, model: torch.nn.Module) -> torch.optim.Optimizer:
        return torch.optim.RMSprop(model.parameters(), lr=self.training.learning_rate, alpha=0.9)

    def loss(self, rng: np.random.Generator) -> Tensor:
        seen, wanted = self.windows.batch(rng, self.training.batch)
        return F.cross_entropy(self.model(_tensor(seen)), _tensor(wanted))

    @torch.inference_mode()
    def figures(self) -> Figures:
        """On the works kept for measuring: nats and bits of the next symbol, and how often the likeliest is right."""
        self.model.eval()
        nats, right, count = 0.0, 0, 0
        for seen, wanted in self.windows.tested(self.training.tested, self.training.batch):
            logits = self.model(_tensor(seen)).float()
            nats += float(F.cross_entropy(logits, _tensor(wanted), reduction="sum"))
            right += int((logits.argmax(-1) == _tensor(wanted)).sum())
            count += len(wanted)
        return {"cross_entropy": round(nats / count, 4), "accuracy": round(right / count, 4)}

    def record(self) -> dict[str, Any]:
        starts = self.windows.starts(_STARTS)
        return {"symbols": list(self.windows.names), "starts": [[int(n) for n in start] for start in starts]}


class EventCourse(RoundsCourse):
    """Stretches of events, every next one to be told."""

    def prepare(self) -> None:
        self.pieces = [np.concatenate([[FIRST], events_of(work.notes)]) for work in self.lessons]
        self.tested = [np.concatenate([[FIRST], events_of(work.notes)]) for work in self.tests]
        self.odds = np.array([len(piece) for piece in self.pieces], float)
        self.odds /= self.odds.sum()
        self.model = EventLSTM(self.config)

    def loss(self, rng: np.random.Generator) -> Tensor:
        length = self.config.window
        most = self.training.transpose
        stretches = []
        for number in rng.choice(len(self.odds), self.training.batch, p=self.odds):
            piece = transposed(self.pieces[number], int(rng.integers(-most, most + 1)))
            start = int(rng.integers(0, max(1, len(piece) - length)))
            stretches.append(_long(piece[start : start + length + 1], length + 1))
        events = _tensor(np.stack(stretches))  # (batch, window + 1, 4)
        return self.model.nats(events[:, :-1], events[:, 1:]).sum(0).mean()

    @torch.inference_mode()
    def figures(self) -> Figures:
        """Nats an event on works kept for measuring, whole and for what is struck alone; how often that is right."""
        self.model.eval()
        totals, count, right = torch.zeros(4), 0, 0
        for events in self._stretches():
            seen, wanted = events[:, :-1], events[:, 1:]
            totals += self.model.nats(seen, wanted).sum((1, 2)).cpu()
            heard, _ = self.model.heard(seen)
            right += int((self.model.logits(0, heard, []).argmax(-1) == wanted[..., 0]).sum())
            count += wanted.shape[0] * wanted.shape[1]
        nats = (totals / count).tolist()
        return {"cross_entropy": round(sum(nats), 4), "bits_an_event": round(sum(nats) / math.log(2), 4),
                "cross_entropy_of_pitch": round(nats[0], 4), "accuracy": round(right / count, 4)}  # fmt: skip

    def _stretches(self) -> Iterator[Tensor]:
        length, left = self.config.window, self.training.tested
        for piece in self.tested:
            for start in range(0, len(piece) - 1, length):
                if left > 0 and len(piece) - start > 1:
                    left -= 1
                    yield _tensor(piece[None, start : start + length + 1])


def _long(stretch: np.ndarray, length: int) -> np.ndarray:
    """A short piece is told again until it is long enough."""
    return np.concatenate([stretch] * -(-length // len(stretch)))[:length]


def _tensor(numbers: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(numbers)).to(device())
