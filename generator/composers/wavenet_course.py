"""Teaches the WaveNet on corpus tunes played by the sampled flute. Knows no pages."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from generator import checkpoints
from generator.composers.wavenet import WaveNet, WaveNetConfig
from generator.notation import Score, timed
from generator.sounds import (
    HIGHEST,
    LEVELS,
    LOWEST,
    RATE,
    SILENCE,
    Sounded,
    conditions,
    mu_law,
    notes_in_time,
    sampled,
)
from generator.training import bits, clock

if TYPE_CHECKING:
    from generator.courses import Configuration

TEMPI = (60, 180)  # quarter notes a minute
HELD_OUT_TUNES, HELD_OUT_SECONDS = 16, 1.5


@dataclass(frozen=True)
class WaveNetTraining:
    """`minutes` of computing (CPU seconds on a CPU, wall seconds on a card)."""

    minutes: float = 35.0
    learning_rate: float = 3e-3
    segment: int = 4096  # samples; those within the receptive field of the beginning are not scored
    batch: int = 1
    jitter: float = 6.0  # levels by which what is fed back may be off, so that a player can live with its own errors
    warmup: int = 100  # steps
    every: float = 1.0  # minutes of computing between checkpoints
    seed: int = 1


MODEL, TRAINING = WaveNetConfig, WaveNetTraining


@dataclass(frozen=True)
class Segment:
    levels: np.ndarray  # (time,) as played by the sampled flute
    told: np.ndarray  # (time, FEATURES)


def train(configuration: Configuration, data: list[str], valid: list[str] | None, out: Path) -> dict[str, Any]:
    """See generator/courses.py."""
    from generator.courses import tunes_of

    tunes, tests = tunes_of(data, valid)
    course = Course(configuration.model, configuration.training, [tune.score for tune in tunes], out)
    course.hold_out([tune.score for tune in tests])
    course.run()
    return {"tunes": len(tunes), "valid": len(tests), **course.history[-1]}


class Course:
    def __init__(self, model: WaveNetConfig, training: WaveNetTraining, scores: list[Score], out: Path) -> None:
        torch.manual_seed(training.seed)
        self.training, self.scores, self.out = training, scores, out
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model = WaveNet(model).to(self.device)
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=training.learning_rate, weight_decay=0.01)
        self.held_out: list[Segment] = []
        self.step, self.computed, self.loss = 0, 0.0, 0.0
        self.history: list[dict[str, float]] = []

    def hold_out(self, scores: list[Score]) -> None:
        """The beginnings of tunes that are only measured on."""
        chosen = scores[:: max(1, len(scores) // HELD_OUT_TUNES)][:HELD_OUT_TUNES]
        length = round(HELD_OUT_SECONDS * RATE)
        self.held_out = [played(notes_in_time(score, qpm=120)[0], 0, length) for score in chosen]

    def run(self) -> None:
        """Until the minutes are used up, from where an earlier run in the same folder was cut off."""
        if (self.out / "state.pt").exists():
            self._resume()
        saved = self.computed
        while self.computed < self.training.minutes * 60:
            self._one_step()
            if self.computed - saved > self.training.every * 60:
                saved = self.computed
                self.save()
        self.save()

    def _one_step(self) -> None:
        began = clock(self.device)
        for group in self.optimizer.param_groups:
            group["lr"] = self.training.learning_rate * self._rate()
        # A step's segments hang on its number alone, so a run that was cut off goes on with what would have come.
        random = np.random.default_rng([self.training.seed, self.step])
        loss = self._loss([self._segment(random) for _ in range(self.training.batch)], random)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.loss += 0.02 * (loss.item() - self.loss) if self.loss else loss.item()
        self.step += 1
        self.computed += clock(self.device) - began
        if self.step % 50 == 0:
            _tell(f"step {self.step} minutes {self.computed / 60:.1f} loss {bits(self.loss):.3f} bits a sample")

    def _loss(self, segments: list[Segment], random: np.random.Generator) -> Tensor:
        levels, told = self._tensors(segments)
        before = shifted(levels)
        if self.training.jitter:
            off = random.normal(size=before.shape) * random.uniform(0, self.training.jitter, (len(segments), 1))
            before = (before + torch.as_tensor(off.round(), device=self.device).long()).clamp(0, LEVELS - 1)
        skipped = min(self.model.config.receptive_field, levels.shape[1] // 2)
        with torch.autocast(self.device.type, dtype=torch.bfloat16):
            logits = self.model(before, told)[:, skipped:]
        return functional.cross_entropy(logits.float().flatten(0, 1), levels[:, skipped:].flatten())

    def _segment(self, random: np.random.Generator) -> Segment:
        """Somewhere in some tune, in some key and tempo."""
        score = self.scores[random.integers(len(self.scores))]
        notes, length = notes_in_time(score, qpm=random.uniform(*TEMPI), shift=_some_shift(score, random))
        begin = int(random.integers(max(1, length - self.training.segment)))
        return played(notes, begin, begin + self.training.segment)

    def _tensors(self, segments: list[Segment]) -> tuple[Tensor, Tensor]:
        levels = torch.from_numpy(np.stack([segment.levels for segment in segments])).long()  # (batch, time)
        told = torch.from_numpy(np.stack([segment.told for segment in segments]))  # (batch, time, FEATURES)
        return levels.to(self.device), told.to(self.device)

    def _rate(self) -> float:
        left = max(0.0, 1 - self.computed / (self.training.minutes * 60))
        return min(1.0, (self.step + 1) / max(1, self.training.warmup)) * max(0.01, left)

    @torch.no_grad()
    def bits_per_sample(self) -> float:
        """On the held-out beginnings, each sample guessed from the true ones before it."""
        nats = samples = 0.0
        for segment in self.held_out:
            levels, told = self._tensors([segment])
            logits = self.model(shifted(levels), told)
            nats += functional.cross_entropy(logits[0], levels[0], reduction="sum").item()
            samples += levels.shape[1]
        return bits(nats / samples)

    def save(self) -> None:
        held_out = round(self.bits_per_sample(), 4)
        now = {"step": self.step, "minutes": round(self.computed / 60, 2), "loss": round(bits(self.loss), 4)}
        self.history.append(now | {"bits_per_sample": held_out})
        _tell(json.dumps(self.history[-1]))
        record = {"training": asdict(self.training), "device": self.device.type, "history": self.history}
        checkpoints.save(self.out / "model.safetensors", self.model, composer="wavenet", record=record)
        checkpoints.save_state(
            self.out / "state.pt", model=self.model.state_dict(), optimizer=self.optimizer.state_dict(),
            step=self.step, computed=self.computed, loss=self.loss, history=self.history,
        )  # fmt: skip

    def _resume(self) -> None:
        state = checkpoints.load_state(self.out / "state.pt")
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.computed = state["step"], state["computed"]
        self.loss, self.history = state["loss"], state["history"]
        _tell(f"resumed at step {self.step}, {self.computed / 60:.1f} minutes computed")


def played(notes: list[Sounded], begin: int, end: int) -> Segment:
    return Segment(mu_law(sampled(notes, begin, end)), conditions(notes, begin, end))


def shifted(levels: Tensor) -> Tensor:
    """What was heard before each sample: silence before the first."""
    return functional.pad(levels, (1, 0), value=SILENCE)[:, :-1]


def _some_shift(score: Score, random: np.random.Generator) -> int:
    """Semitones by which the tune stays in the flute's range; none where it has no room."""
    pitches = [pitch for *_, pitch in timed(score) if pitch is not None] or [LOWEST]
    down, up = LOWEST - min(pitches), HIGHEST - max(pitches)
    return int(random.integers(down, up + 1)) if down <= up else 0


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
