"""How the biaxial network is taught: random short segments, the likelihood of each note, its figure on kept pieces."""

from __future__ import annotations

import json
import math
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from generator import checkpoints
from generator.composers.biaxial_network import Biaxial, BiaxialConfig, nats_of
from generator.composers.biaxial_pieces import BarredPiece, read_pieces, segments
from generator.composers.biaxial_rolls import inputs_of
from generator.keyboard_corpus import split
from generator.keyboard_sheets import cache_of
from generator.training import clock

if TYPE_CHECKING:
    from generator.courses import Configuration

TOLD_EVERY = 20  # steps
_LONGEST_GRADIENT = 5.0
_COLD = 0.05  # share of the learning rate that is left at the end


@dataclass(frozen=True)
class BiaxialTraining:
    """`minutes` of computing (CPU seconds on a CPU, wall seconds on a card); the last `decay` share cools down."""

    minutes: float = 60.0
    decay: float = 0.4
    learning_rate: float = 2e-3
    warmup: int = 30  # steps
    segments: int = 10  # a step
    length: int = 128  # sixteenths in a segment
    every: float = 5.0  # minutes of computing between checkpoints
    seed: int = 1


MODEL, TRAINING = BiaxialConfig, BiaxialTraining


def train(configuration: Configuration, data: list[str], valid: list[str] | None, out: Path) -> dict[str, Any]:
    """Trains, or goes on where a run in `out` was cut off. Raises BriefError where there is nothing to learn from."""
    model = configuration.model
    cache = cache_of(out)
    pieces = read_pieces(data, model.low, model.high, cache)
    kept = read_pieces(valid, model.low, model.high, cache) if valid else None
    lessons, tests = split(pieces, kept)
    school = School(configuration.composer, model, configuration.training, lessons, tests, out)
    school.run()
    return {"pieces": len(lessons), "valid": len(tests), **school.history[-1]}


class School:
    """One network and how far it has come."""

    def __init__(
        self, composer: str, config: BiaxialConfig, training: BiaxialTraining,
        lessons: list[BarredPiece], tests: list[BarredPiece], out: Path,
    ) -> None:  # fmt: skip
        torch.manual_seed(training.seed)
        self.composer, self.training, self.lessons, self.tests, self.out = composer, training, lessons, tests, out
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model = Biaxial(config).to(self.device)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=training.learning_rate, betas=(0.9, 0.98))
        self.steps, self.computed, self.heard = 0, 0.0, 0.0
        self.losses: list[float] = []
        self.history: list[dict[str, float]] = []

    def run(self) -> None:
        """Trains until the minutes are used up, resuming a run that was cut off."""
        if (self.out / "state.pt").exists():
            self._resume()
        saved = self.computed
        while self.computed < self.training.minutes * 60:
            self.one_step()
            if self.computed - saved > self.training.every * 60:
                saved = self.computed
                self.save()
        if not self.history or self.losses:
            self.save()

    def one_step(self) -> float:
        """Nats a note-step of one batch. A random stream of its own for each step lets a resumed run go on alike."""
        began = clock(self.device)
        seed = [self.training.seed, self.steps]
        torch.manual_seed(int(np.random.SeedSequence(seed).generate_state(1)[0]))
        batch = segments(self.lessons, self.training.length, self.training.segments, np.random.default_rng(seed))
        self.model.train()
        for group in self.optimizer.param_groups:
            group["lr"] = self.training.learning_rate * self._rate()
        nats = self._nats(batch)
        # The mean over steps of the sum over notes: a chord's notes are one event.
        nats.sum(-1).mean().backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), _LONGEST_GRADIENT)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.steps += 1
        self.computed += clock(self.device) - began
        self.losses.append(float(nats.detach().mean()))
        if self.steps % TOLD_EVERY == 0:
            recent = np.mean(self.losses[-TOLD_EVERY:])
            _tell(f"step {self.steps} minutes {self.computed / 60:.1f} nats a note-step {recent:.5f}")
        return self.losses[-1]

    def _nats(self, rolls: np.ndarray) -> torch.Tensor:
        """rolls (batch, 1 + time, notes, 2), from a bar line on → (batch, time, notes)"""
        config = self.model.config
        shown = torch.from_numpy(inputs_of(rolls[:, :-1], 0, config.low, relative=config.relative)).to(self.device)
        choices = torch.from_numpy(rolls[:, 1:].astype(np.float32)).to(self.device)
        with torch.autocast(self.device.type, dtype=torch.bfloat16):
            logits = self.model(shown, choices)
        return nats_of(logits, choices)

    @torch.inference_mode()
    def held_out(self) -> dict[str, float]:
        """Nats a note-step and a step on the kept pieces, each from its beginning."""
        self.model.eval()
        nats, cells, steps = 0.0, 0, 0
        for piece in self.tests:
            each = self._nats(np.pad(piece.roll, ((1, 0), (0, 0), (0, 0)))[None])
            nats, cells, steps = nats + float(each.sum()), cells + each.numel(), steps + len(piece.roll)
        return {"nats_a_note_step": round(nats / cells, 6), "nats_a_step": round(nats / steps, 4)}

    def _rate(self) -> float:
        left = 1 - self.computed / (self.training.minutes * 60)
        cooling = min(1.0, max(0.0, left) / self.training.decay) if self.training.decay else 1.0
        return min(1.0, (self.steps + 1) / self.training.warmup) * max(_COLD, cooling)

    def save(self) -> None:
        """A checkpoint with its figures, and all that a later run resumes from."""
        loss = float(np.mean(self.losses)) if self.losses else math.nan
        self.losses = []
        self.history.append({"step": self.steps, "minutes": round(self.computed / 60, 2), "loss": round(loss, 6)}
                            | self.held_out())  # fmt: skip
        _tell(json.dumps(self.history[-1]))
        record = {"training": asdict(self.training), "device": self.device.type, "history": self.history,
                  "pieces": len(self.lessons), "valid": len(self.tests)}  # fmt: skip
        checkpoints.save(self.out / "model.safetensors", self.model, composer=self.composer, record=record)
        checkpoints.save_state(
            self.out / "state.pt", model=self.model.state_dict(), optimizer=self.optimizer.state_dict(),
            steps=self.steps, computed=self.computed, history=self.history,
        )  # fmt: skip

    def _resume(self) -> None:
        state = checkpoints.load_state(self.out / "state.pt")
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.steps, self.computed, self.history = state["steps"], state["computed"], state["history"]
        _tell(f"resumed at step {self.steps}, {self.computed / 60:.1f} minutes computed")


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
