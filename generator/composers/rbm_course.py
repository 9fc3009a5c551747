"""Teaches the machine of chords: rolls from tunes and progressions, contrastive divergence, a figure on held-out rolls.

On a CPU or a CUDA card alike; cut off, it resumes.
"""

from __future__ import annotations

import hashlib
import math
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from generator import checkpoints
from generator.brief import BriefError
from generator.composers.rbm import RBM, RBMConfig
from generator.composers.rbm_corpus import (
    Loop,
    feeling_of,
    is_chorded,
    loop_part,
    loops_of,
    mended_roll,
    parts_of,
    published_rolls,
    style_loops,
)
from generator.corpora import BUNDLED_NAME
from generator.courses import Configuration, tunes_of
from generator.encoding import Tune

MODEL = RBMConfig
_HELD_OUT_OF_100 = 10  # progressions
_MEASURED = 256  # held-out rolls whose every cell is guessed; the other figures are of all
_BAR = 40  # characters of the progress bar


@dataclass(frozen=True)
class RBMTraining:
    """`minutes` of computing at most. The account's settings; the mended composer's are in its configuration."""

    minutes: float = 60.0
    passes: int = 200
    batch: int = 100
    learning_rate: float = 0.005
    gibbs: int = 1  # steps of contrastive divergence
    momentum: float = 0.0
    weight_decay: float = 0.0
    means: bool = False  # hidden chances in the place of drawn hidden states
    persistent_after: int = 0  # passes after which dreams go on from batch to batch; 0: they begin from the rolls
    copies: int = 1  # how often each progression is shown a pass beside the tunes
    every: int = 10  # passes between figures and checkpoints
    seed: int = 1


TRAINING = RBMTraining


@dataclass
class Rolls:
    """Rolls with their feelings; a machine without feelings has none of the latter's columns."""

    rolls: Tensor  # (rolls, visible) of ones and zeros, uint8
    feelings: Tensor  # (rolls, feelings)

    def __len__(self) -> int:
        return len(self.rolls)

    def at(self, index: Tensor | slice, device: torch.device) -> tuple[Tensor, Tensor]:
        return self.rolls[index].float().to(device), self.feelings[index].to(device)


@dataclass
class School:
    """One training under way."""

    composer: str
    model: RBM
    config: RBMTraining
    lessons: Rolls
    tests: Rolls
    out: Path
    sources: dict[str, int]
    device: torch.device = field(default_factory=lambda: torch.device("cuda" if torch.cuda.is_available() else "cpu"))
    done: int = 0  # passes
    computed: float = 0.0  # seconds
    history: list[dict[str, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.model.to(self.device)
        self.speed = {name: torch.zeros_like(p) for name, p in self.model.named_parameters()}
        self.dreams: tuple[Tensor, Tensor] | None = None

    def run(self) -> None:
        """Passes until there are enough, or the minutes are used up."""
        if (self.out / "state.pt").exists():
            self._resume()
        elif self.config.momentum:
            self._begin_from_shares()
        while self.done < self.config.passes and self.computed < self.config.minutes * 60:
            began = time.perf_counter()
            self._pass()
            self.done += 1
            self.computed += time.perf_counter() - began
            show_progress(self.done, self.config.passes, self.computed)
            if self.done % self.config.every == 0:
                self._save()
        if not self.history or self.history[-1]["passes"] < self.done:
            self._save()

    def _begin_from_shares(self) -> None:
        """Each note's bias from how often it sounds: the weights then learn what goes together."""
        share = self.lessons.rolls.float().mean(0).clamp(1e-3, 1 - 1e-3).to(self.device)
        self.model.visible.data.copy_(torch.log(share / (1 - share)))

    def _pass(self) -> None:
        chance = torch.Generator(self.device).manual_seed(self.config.seed * 1_000_003 + self.done)
        order = torch.randperm(len(self.lessons), generator=torch.Generator().manual_seed(self.done))
        self.dreams = self._silence(order) if self._dreams_go_on else None
        for at in range(0, len(order), self.config.batch):
            self._batch(order[at : at + self.config.batch], chance)

    @property
    def _dreams_go_on(self) -> bool:
        return bool(self.config.persistent_after) and self.done >= self.config.persistent_after

    @property
    def _rate(self) -> float:
        """Half of it at most, and falling to nought, where dreams go on: they must keep up with what is learned."""
        if not self._dreams_go_on:
            return self.config.learning_rate
        left = self.config.passes - self.done
        return self.config.learning_rate / 2 * left / (self.config.passes - self.config.persistent_after)

    def _silence(self, order: Tensor) -> tuple[Tensor, Tensor]:
        """Dreams of a pass begin as they will when it composes, under feelings that are felt in the lessons."""
        feelings = self.lessons.feelings[order[: self.config.batch]].to(self.device)
        return torch.zeros(len(feelings), self.model.config.visible, device=self.device), feelings

    def _batch(self, index: Tensor, chance: torch.Generator) -> None:
        rolls, feelings = self.lessons.at(index, self.device)
        told = self.model.divergence(
            rolls, feelings, chance, steps=self.config.gibbs, means=self.config.means, dreams=self.dreams
        )
        self.dreams = (told.dreams, self.dreams[1]) if self.dreams else None
        for name, parameter in self.model.named_parameters():
            change = told.by_name[name]
            if name == "weight" and self.config.weight_decay:
                change = change - self.config.weight_decay * parameter.data
            self.speed[name].mul_(self.config.momentum).add_(change)
            parameter.data.add_(self._rate * self.speed[name])

    # Figures

    def _save(self) -> None:
        """A checkpoint with its figures, and all that a later run resumes from."""
        figures = figures_of(self.model, self.lessons, self.tests, self.device)
        self.history.append({"passes": self.done, "minutes": round(self.computed / 60, 3), **figures})
        record = {"training": asdict(self.config), "device": self.device.type, "threads": torch.get_num_threads(),
                  "history": self.history, "data": self.sources}  # fmt: skip
        checkpoints.save(self.out / "model.safetensors", self.model, composer=self.composer, record=record)
        checkpoints.save_state(
            self.out / "state.pt", model=self.model.state_dict(), speed=self.speed, done=self.done,
            computed=self.computed, history=self.history,
        )  # fmt: skip

    def _resume(self) -> None:
        state = checkpoints.load_state(self.out / "state.pt")
        self.model.load_state_dict(state["model"])
        self.speed = {name: speed.to(self.device) for name, speed in state["speed"].items()}
        self.done, self.computed, self.history = state["done"], state["computed"], state["history"]
        tell(f"resumed after pass {self.done}\n")


@torch.no_grad()
def figures_of(model: RBM, lessons: Rolls, tests: Rolls, device: torch.device) -> dict[str, float]:
    """loss: what one Gibbs step gets wrong of the lessons, in shares of a cell; the rest is of held-out rolls.

    bits_per_cell: of the log chance of each cell given the others. free_energy_gap: how much stranger than the
    lessons the held-out rolls are to the machine, in nats a roll.
    """
    chance = torch.Generator(device).manual_seed(1)
    known = torch.randperm(len(lessons), generator=torch.Generator().manual_seed(1))[: len(tests)]
    seen, unseen = lessons.at(known, device), tests.at(slice(None), device)
    few = tests.at(torch.randperm(len(tests), generator=torch.Generator().manual_seed(2))[:_MEASURED], device)
    cells = -float(model.pseudo_likelihood(*few).mean()) / math.log(2) / model.config.visible
    gap = float(model.free_energy(*unseen).mean() - model.free_energy(*seen).mean())
    return {"loss": _error(model, *seen, chance), "held_out": _error(model, *unseen, chance),
            "bits_per_cell": round(cells, 6), "free_energy_gap": round(gap, 3)}  # fmt: skip


def _error(model: RBM, rolls: Tensor, feelings: Tensor, chance: torch.Generator) -> float:
    """Mean difference between a cell and the chance that it sounds after one Gibbs step."""
    _, chances = model.step(rolls, feelings, chance)
    return round(float((rolls - chances).abs().mean()), 6)


def bits_by_share(lessons: Rolls, tests: Rolls) -> float:
    """Bits a cell of the held-out rolls for one who knows only how often each note sounds: what to beat."""
    share = lessons.rolls.float().mean(0).clamp(1e-4, 1 - 1e-4)
    rolls = tests.rolls.float()
    return float(-(rolls * share.log2() + (1 - rolls) * (1 - share).log2()).mean())


# Lessons


def train(configuration: Configuration, data: list[str], valid: list[str] | None, out: Path) -> dict[str, Any]:
    """Raises BriefError where the files hold too little."""
    lessons, tests, sources = lessons_of(configuration, data, valid)
    torch.manual_seed(configuration.training.seed)
    school = School(
        configuration.composer, RBM(configuration.model), configuration.training, lessons, tests, out, sources
    )
    school.run()
    found = {"rolls": len(lessons), "held_out_rolls": len(tests), "by_share": round(bits_by_share(lessons, tests), 6)}
    return {**found, **school.history[-1]}


def lessons_of(configuration: Configuration, data: list[str], valid: list[str] | None) -> tuple[Rolls, Rolls, dict]:
    """Rolls to learn from and to measure on; a tenth of the progressions are for measuring. Raises BriefError."""
    loops = [loop for name in data if name.endswith(".json") for loop in loops_of(Path(name))]
    names = [name for name in data if not name.endswith(".json")]
    tunes, tests = tunes_of(names, valid)
    tunes, tests = ([tune for tune in some if is_chorded(tune.score)] for some in (tunes, tests))
    if not (tunes and tests) and names != [BUNDLED_NAME]:
        raise BriefError({"data": "These files hold too few tunes with chords to learn from and to measure on."})
    kept = [loop for loop in (*loops, *style_loops()) if not is_held_out(loop)]
    left = [loop for loop in (*loops, *style_loops()) if is_held_out(loop)]
    if not tunes:  # music21's collections have no chord symbols
        tell(f"none of these tunes has chords: learning from the {len(kept)} progressions of our chord styles alone\n")
    rolls = mended if configuration.model.feelings else published
    sources = {"tunes": len(tunes), "progressions": len(kept),
               "held-out tunes": len(tests), "held-out progressions": len(left)}  # fmt: skip
    copies = configuration.training.copies
    return rolls(tunes, kept, configuration.model, copies), rolls(tests, left, configuration.model, 1), sources


def is_held_out(loop: Loop) -> bool:
    """By its chords alone, so that the same progression under two names is on one side."""
    text = repr([(chord.root, chord.quality) for chord in loop.chords])
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) % 100 < _HELD_OUT_OF_100


def published(tunes: list[Tune], loops: list[Loop], model: RBMConfig, copies: int) -> Rolls:
    rolls = published_rolls(tunes, loops * copies, steps=model.steps, low=model.low, high=model.high)
    return Rolls(torch.from_numpy(rolls), torch.zeros(len(rolls), 0))


def mended(tunes: list[Tune], loops: list[Loop], model: RBMConfig, copies: int) -> Rolls:
    """Parts of eight bars with their feelings. Each copy of a progression has a rhythm of its own."""
    rng = np.random.default_rng(1)
    parts = [(part, feeling_of(tune)) for tune in tunes for part in parts_of(tune.score)]
    parts += [(loop_part(loop, rng), loop.feeling) for loop in loops for _ in range(copies)]
    rolls = np.array([mended_roll(part, low=model.low, high=model.high) for part, _ in parts])
    return Rolls(torch.from_numpy(rolls), torch.tensor([feeling for _, feeling in parts]))


# Progress


def show_progress(done: int, passes: int, seconds: float) -> None:
    filled = _BAR * done // passes
    left = seconds / done * (passes - done)
    tell(f"\r[{'#' * filled}{'.' * (_BAR - filled)}] pass {done} of {passes}, {left / 60:.1f} minutes left ")
    if done == passes:
        tell("\n")


def tell(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
