"""Training in rounds for composers with a loop of their own: budget, history, resuming. Knows no music."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch

from generator import checkpoints
from generator.training import clock

Figures = dict[str, float]


class Stateful(Protocol):
    """A model or an optimizer."""

    def state_dict(self) -> Any: ...
    def load_state_dict(self, state: Any) -> Any: ...


class Rounds:
    """Runs `one_round` until the minutes are used up. The minutes are CPU time on a CPU and wall time on a card.

    Every `every` minutes, and at the end, `figures` measures, `keep` writes a checkpoint from the history so far, and
    what a later run resumes from is written too. Each round draws from its own random stream, so that a run that was
    cut off goes on as it would have gone.
    """

    def __init__(
        self, out: Path, parts: dict[str, Stateful], one_round: Callable[[np.random.Generator], Figures], *,
        figures: Callable[[], Figures], keep: Callable[[list[Figures]], None], minutes: float, every: float, seed: int,
        log: Callable[[str], None] | None = None,
    ) -> None:  # fmt: skip
        self.out, self.parts, self.one_round = out, parts, one_round
        self.figures, self.keep = figures, keep
        self.minutes, self.every, self.seed = minutes, every, seed
        self.log = log or _tell
        self.round, self.computed = 0, 0.0
        self.history: list[Figures] = []
        self.since: list[Figures] = []

    def run(self) -> list[Figures]:
        """The history: at each measure the round, the minutes, the mean losses since the last, and the figures."""
        if (self.out / "state.pt").exists():
            self._resume()
        saved = self.computed
        while self.computed < self.minutes * 60:
            self._round()
            if self.computed - saved > self.every * 60:
                saved = self.computed
                self._save()
        if self.since or not self.history:
            self._save()
        return self.history

    def _round(self) -> None:
        began = clock(device())
        torch.manual_seed(self.seed * 1_000_003 + self.round)
        self.since.append(self.one_round(np.random.default_rng([self.seed, self.round])))
        self.round += 1
        self.computed += clock(device()) - began
        if self.round % 10 == 0:
            self.log(f"round {self.round} minutes {self.computed / 60:.1f} {_mean(self.since[-10:])}")

    def _save(self) -> None:
        entry = {"round": self.round, "minutes": round(self.computed / 60, 2), **_mean(self.since), **self.figures()}
        self.history.append(entry)
        self.since = []
        self.log(json.dumps(entry))
        self.keep(self.history)
        checkpoints.save_state(
            self.out / "state.pt", parts={name: part.state_dict() for name, part in self.parts.items()},
            round=self.round, computed=self.computed, history=self.history,
        )  # fmt: skip

    def _resume(self) -> None:
        state = checkpoints.load_state(self.out / "state.pt")
        for name, part in self.parts.items():
            part.load_state_dict(state["parts"][name])
        self.round, self.computed, self.history = state["round"], state["computed"], state["history"]
        self.log(f"resumed at round {self.round}, {self.computed / 60:.1f} minutes computed")


def device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def halved() -> torch.autocast:
    """Inside it, products are computed in bfloat16; weights and losses stay as they are."""
    return torch.autocast(device().type, dtype=torch.bfloat16)


def _mean(losses: list[Figures]) -> Figures:
    return {name: round(float(np.mean([one[name] for one in losses])), 4) for name in (losses[0] if losses else {})}


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
