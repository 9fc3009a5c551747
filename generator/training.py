"""Trains a composer on tunes: same loop on a CPU or a CUDA card, checkpoints as it goes, resumes. Knows no web."""

from __future__ import annotations

import json
import math
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import torch
from torch import Tensor, nn

from generator import checkpoints

T = TypeVar("T")


@dataclass(frozen=True)
class TrainingConfig:
    """`minutes` of computing (CPU seconds on a CPU, wall seconds on a card); the last `decay` share cools down."""

    minutes: float = 60.0
    decay: float = 0.3
    learning_rate: float = 3e-3  # AdamW: embeddings and norms
    muon_rate: float = 0.02  # Muon (Jordan et al. 2024): the matrices inside; 0 leaves them to AdamW
    weight_decay: float = 0.02
    symbols: int = 6144  # ids a step
    warmup: int = 100  # steps
    every: float = 5.0  # minutes of computing between checkpoints
    seed: int = 1
    compiled: bool = False
    patience: float = 0.0  # passes without a gain on validation after which to stop, keeping the best; 0 never stops


class Course(Protocol):
    """What a composer brings to its own training."""

    name: str
    model: nn.Module

    def epoch(self, *, symbols: int, seed: int) -> Iterator[Any]: ...
    def passes(self, batch: Any, before: float) -> float: ...
    def loss(self, forward: Callable[..., Tensor], batch: Any, device: torch.device) -> Tensor: ...
    def bits_per_character(self) -> float: ...


class Trainer:
    def __init__(
        self, course: Course, config: TrainingConfig, out: Path, *, log: Callable[[str], None] | None = None
    ) -> None:
        self.course, self.config, self.out = course, config, out
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model = course.model.to(self.device)
        self.forward = torch.compile(self.model, dynamic=False) if config.compiled and _has_compiler() else self.model
        self.optimizers = _optimizers(self.model, config)
        self.step, self.passes, self.computed = 0, 0.0, 0.0
        self.record: list[dict[str, float]] = []
        self.log = log or _tell

    @property
    def state_path(self) -> Path:
        return self.out / "state.pt"

    def run(self) -> None:
        """Trains until the minutes are used up, resuming a run that was cut off."""
        if self.state_path.exists():
            self._resume()
        saved, epoch = self.computed, int(self.passes)
        while not self._finished:
            self.model.train()
            for batch in self.course.epoch(symbols=self.config.symbols, seed=self.config.seed + epoch):
                self._one_step(batch)
                if self.computed - saved > self.config.every * 60:
                    saved = self.computed
                    self.save()
                if self._finished:
                    break
            epoch += 1
        if not self._stale:
            self.save()

    @property
    def _finished(self) -> bool:
        return self.computed >= self.config.minutes * 60 or self._stale

    @property
    def _best(self) -> dict[str, float] | None:
        return min(self.record, key=lambda entry: entry["bits_per_character"], default=None)

    @property
    def _stale(self) -> bool:
        """Whether validation has gained nothing for as many passes as patience allows."""
        best = self._best
        return bool(
            self.config.patience and best and self.record[-1]["passes"] - best["passes"] >= self.config.patience
        )

    def _one_step(self, batch: Any) -> None:
        began = clock(self.device)
        rate = self._rate()
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["initial_lr"] * rate
        with torch.autocast(self.device.type, dtype=torch.bfloat16):
            loss = self.course.loss(self.forward, batch, self.device)
        loss.backward()
        self._clip()
        for optimizer in self.optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        self.step += 1
        self.passes = self.course.passes(batch, self.passes)
        self.computed += clock(self.device) - began
        if self.step % 50 == 0:
            self.log(f"step {self.step} pass {self.passes:.2f} minutes {self.computed / 60:.1f} loss {loss.item():.4f}")

    def _clip(self) -> None:
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)

    def _rate(self) -> float:
        done = self.computed / (self.config.minutes * 60)
        cooling = min(1.0, max(0.0, (1 - done) / self.config.decay)) if self.config.decay else 1.0
        return min(1.0, (self.step + 1) / self.config.warmup) * max(0.02, cooling)

    def save(self) -> None:
        """A checkpoint with its figure on the validation tunes, and all that a later run resumes from."""
        self.model.eval()
        bits = self.course.bits_per_character()
        self.model.train()
        self.record.append({"step": self.step, "passes": round(self.passes, 3), "bits_per_character": round(bits, 4),
                            "computing_minutes": round(self.computed / 60, 2)})  # fmt: skip
        self.log(json.dumps(self.record[-1]))
        record = {"training": asdict(self.config), "device": self.device.type, "threads": torch.get_num_threads(),
                  "history": self.record, "data": getattr(self.course, "sources", {}),
                  "vocabulary": list(getattr(self.course, "vocabulary", ())),
                  **getattr(self.course, "told", {})}  # fmt: skip
        # Whoever stops for want of gain wants what was best; all else wants what is newest.
        if not self.config.patience or self._best is self.record[-1]:
            checkpoints.save(self.out / "model.safetensors", self.model, composer=self.course.name, record=record)
        checkpoints.save_state(
            self.state_path, model=self.model.state_dict(), optimizers=[o.state_dict() for o in self.optimizers],
            step=self.step, passes=self.passes, computed=self.computed, record=self.record,
        )  # fmt: skip

    def _resume(self) -> None:
        state = checkpoints.load_state(self.state_path)
        self.model.load_state_dict(state["model"])
        for optimizer, saved in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)
        self.step, self.passes, self.computed = state["step"], state["passes"], state["computed"]
        self.record = state["record"]
        self.log(f"resumed at step {self.step}, {self.computed / 60:.1f} minutes computed")


def clock(device: torch.device) -> float:
    """Seconds of computing: a processor's own, or those that pass while a card is busy."""
    if device.type == "cuda":
        torch.cuda.synchronize()
        return time.perf_counter()
    return time.process_time()


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _has_compiler() -> bool:
    """torch.compile needs a C++ compiler; without one the same training runs, only slower."""
    return any(shutil.which(name) for name in (os.environ.get("CXX") or "g++", "clang++"))


def _optimizers(model: nn.Module, config: TrainingConfig) -> list[torch.optim.Optimizer]:
    named = list(model.named_parameters())
    inner = [p for name, p in named if config.muon_rate and p.ndim == 2 and name.startswith("blocks.")]
    taken = set(map(id, inner))
    rest = [p for _, p in named if id(p) not in taken]
    optimizers: list[torch.optim.Optimizer] = [
        torch.optim.AdamW(rest, lr=config.learning_rate, betas=(0.9, 0.95), weight_decay=0.0, eps=1e-8)
    ]
    if inner:
        optimizers.append(torch.optim.Muon(inner, lr=config.muon_rate, weight_decay=config.weight_decay, momentum=0.95))
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["initial_lr"] = group["lr"]
    return optimizers


def bits(nats: float) -> float:
    return nats / math.log(2)


def grouped(
    examples: Iterable[T], length: Callable[[T], int], *, symbols: int, most: int | None = None
) -> Iterator[list[T]]:
    """Groups of like length, none of more than `most` examples, none padded to much more than `symbols` ids."""
    group: list[T] = []
    for example in sorted(examples, key=length):
        if group and (len(group) == most or (len(group) + 1) * length(example) > symbols):
            yield group
            group = []
        group.append(example)
    if group:
        yield group
