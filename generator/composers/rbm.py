"""A restricted Boltzmann machine over piano rolls of chords, by contrastive divergence (Hinton 2002).

With two feelings, valence and arousal, its biases move with them: a conditional machine (Taylor, Hinton & Roweis 2007).
Knows no chord by name and no notation; rbm_writing.py writes the pieces.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from generator.brief import BriefError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.brief import AttemptRejected, Brief, NotesAdded, Piece

CHAINS = 10


@dataclass(frozen=True)
class RBMConfig:
    """Rolls of `steps` time steps by two rows of the MIDI notes from `low` up to, and without, `high`."""

    steps: int = 15
    low: int = 24
    high: int = 102
    hidden: int = 50
    feelings: int = 0  # 2: valence and arousal move the biases
    spread: float = 0.01  # of the weights at first

    @property
    def notes(self) -> int:
        return self.high - self.low

    @property
    def visible(self) -> int:
        return self.steps * 2 * self.notes


@dataclass(frozen=True)
class Statistics:
    """What contrastive divergence adds to each parameter, before the learning rate, and the dreams it came to."""

    dreams: Tensor  # (batch, visible)
    by_name: dict[str, Tensor]


class RBM(nn.Module):
    def __init__(self, config: RBMConfig) -> None:
        super().__init__()
        self.config = config
        visible, hidden, feelings = config.visible, config.hidden, config.feelings
        self.weight = nn.Parameter(config.spread * torch.randn(visible, hidden))
        self.visible = nn.Parameter(torch.zeros(visible))
        self.hidden = nn.Parameter(torch.zeros(hidden))
        self.visible_moved = nn.Parameter(torch.zeros(feelings, visible))
        self.hidden_moved = nn.Parameter(torch.zeros(feelings, hidden))

    def hidden_logits(self, rolls: Tensor, feelings: Tensor) -> Tensor:
        return rolls @ self.weight + self.hidden + feelings @ self.hidden_moved  # (batch, hidden)

    def visible_logits(self, hidden: Tensor, feelings: Tensor) -> Tensor:
        return hidden @ self.weight.T + self.visible + feelings @ self.visible_moved  # (batch, visible)

    def free_energy(self, rolls: Tensor, feelings: Tensor) -> Tensor:
        """−log of the unnormalised chance of a roll, its hidden units summed out.  # (batch,)"""
        bias = self.visible + feelings @ self.visible_moved  # (batch, visible)
        return -(rolls * bias).sum(1) - F.softplus(self.hidden_logits(rolls, feelings)).sum(1)

    def step(
        self, rolls: Tensor, feelings: Tensor, generator: torch.Generator, temperature: float = 1.0
    ) -> tuple[Tensor, Tensor]:
        """One Gibbs step: the rolls drawn anew, and the chances that they were drawn by."""
        hidden = drawn(torch.sigmoid(self.hidden_logits(rolls, feelings) / temperature), generator)
        chances = torch.sigmoid(self.visible_logits(hidden, feelings) / temperature)  # (batch, visible)
        return drawn(chances, generator), chances

    @torch.no_grad()
    def divergence(
        self, rolls: Tensor, feelings: Tensor, generator: torch.Generator, *, steps: int = 1, means: bool = False,
        dreams: tuple[Tensor, Tensor] | None = None,
    ) -> Statistics:  # fmt: skip
        """Contrastive divergence: what the rolls make the machine think, less what it dreams some Gibbs steps later.

        The hidden states are drawn, as in the account; with `means` their chances stand in, for less noise. Dreams
        begin from the rolls, or go on from `dreams`, rolls and their feelings (Tieleman 2008).
        """
        dreamt, felt = dreams or (rolls, feelings)
        for _ in range(steps):
            dreamt, _ = self.step(dreamt, felt, generator)
        awake, asleep = (torch.sigmoid(self.hidden_logits(*seen)) for seen in ((rolls, feelings), (dreamt, felt)))
        if not means:
            awake, asleep = drawn(awake, generator), drawn(asleep, generator)
        size, many = len(rolls), len(dreamt)
        return Statistics(dreamt, {
            "weight": rolls.T @ awake / size - dreamt.T @ asleep / many,
            "visible": rolls.mean(0) - dreamt.mean(0),
            "hidden": awake.mean(0) - asleep.mean(0),
            "visible_moved": feelings.T @ rolls / size - felt.T @ dreamt / many,
            "hidden_moved": feelings.T @ awake / size - felt.T @ asleep / many,
        })  # fmt: skip

    @torch.no_grad()
    def chains(
        self, feelings: Tensor, generator: torch.Generator, *, steps: int = 1, temperature: float = 1.0
    ) -> tuple[Tensor, Tensor]:
        """Rolls that began as silence, a chain for each row of feelings, and the chances of their notes."""
        rolls = chances = torch.zeros(len(feelings), self.config.visible)
        for _ in range(steps):
            rolls, chances = self.step(rolls, feelings, generator, temperature)
        return rolls, chances

    @torch.no_grad()
    def pseudo_likelihood(self, rolls: Tensor, feelings: Tensor) -> Tensor:
        """Nats of each roll: the log chance of every cell given all others (Besag 1975), summed.  # (batch,)"""
        return torch.stack([self._cells(roll, feeling).sum() for roll, feeling in zip(rolls, feelings, strict=True)])

    def _cells(self, roll: Tensor, feeling: Tensor) -> Tensor:
        turn = 1 - 2 * roll  # (visible,): what turning a cell over adds to it
        logits = self.hidden_logits(roll[None], feeling[None])  # (1, hidden)
        turned = F.softplus(logits + turn[:, None] * self.weight).sum(1)  # (visible,)
        bias = self.visible + feeling @ self.visible_moved
        return F.logsigmoid(F.softplus(logits).sum() - turned - turn * bias)


def drawn(chances: Tensor, generator: torch.Generator) -> Tensor:
    """Ones and zeros by their chances."""
    # Twice as fast as torch.bernoulli on a CPU.
    dice = torch.rand(chances.shape, generator=generator, device=chances.device)
    return (dice < chances).float()


def wish(valence: float, arousal: float) -> tuple[float, float]:
    """A feeling as the machine takes it. Raises BriefError outside of -1 to 1."""
    if not all(-1 <= number <= 1 for number in (valence, arousal)):
        raise BriefError({"feeling": "The feeling lies between -1 and 1 in both directions."})
    return float(valence), float(arousal)


def compose(
    brief: Brief, *, feeling: tuple[float, float] | None = None
) -> Iterator[NotesAdded | AttemptRejected | Piece]:
    """Chords for a brief. The mended composer hears its feeling, or that of its prompt; the faithful one nothing."""
    from generator.composers import rbm_writing  # which builds on this module

    return rbm_writing.written(brief, wish(*feeling) if feeling is not None else None)


_loading = threading.Lock()


def machine_of(name: str) -> RBM:
    """The trained machine of a composer's name."""
    with _loading:  # of requests that come together, one reads the weights
        return _read(name)


@cache
def _read(name: str) -> RBM:
    from generator import checkpoints
    from generator.composers import checkpoint_path

    path = checkpoint_path(name)
    machine = RBM(RBMConfig(**checkpoints.read_metadata(path)["config"]))
    checkpoints.load_weights(path, machine)
    return machine.eval()
