"""How the adversarial network is taught: discriminator and generator in turn, both losses kept."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from generator import checkpoints
from generator.composers.gan import MENDED, Discriminator, GANConfig, generator_of, scaled, unscaled
from generator.keyboard_corpus import Work, quarters_of, read_works, split
from generator.keyboard_sheets import cache_of
from generator.measures.lines import turns
from generator.notes_and_chords import Windows, read_windows
from generator.rounds import Figures, Rounds, device, halved

if TYPE_CHECKING:
    from generator.courses import Configuration


@dataclass(frozen=True)
class GANTraining:
    minutes: float = 25.0  # of computing
    every: float = 3.0  # minutes between checkpoints
    batch: int = 32
    learning_rate: float = 2e-4
    beta1: float = 0.5
    pretraining: int = 0  # rounds in which the discriminator alone learns, from noise of random symbols
    tested: int = 64  # windows of the works kept for measuring
    seed: int = 1


MODEL, TRAINING = GANConfig, GANTraining


def train(configuration: Configuration, data: list[str], valid: list[str] | None, out: Path) -> dict[str, Any]:
    works = read_works(data, cache=cache_of(out))
    lessons, tests = split(works, read_works(valid, cache=cache_of(out)) if valid else None)
    history = Match(configuration, lessons, tests, out).rounds.run()
    return {"works": len(lessons), "valid": len(tests), **history[-1]}


class Match:
    """The two networks and their turns."""

    def __init__(self, configuration: Configuration, lessons: list[Work], tests: list[Work], out: Path) -> None:
        self.name, self.training, self.out = configuration.composer, configuration.training, out
        self.config: GANConfig = replace(configuration.model, recurrent=self.name == MENDED)
        self.lessons = lessons
        self.windows: Windows = read_windows(lessons, tests, window=self.config.window)
        torch.manual_seed(self.training.seed)
        self.discriminator = Discriminator(self.config).to(device())
        self.generator = generator_of(self.config).to(device())
        self.judging, self.making = map(self._adam, (self.discriminator, self.generator))
        parts = {"discriminator": self.discriminator, "generator": self.generator,
                 "judging": self.judging, "making": self.making}  # fmt: skip
        self.rounds = Rounds(
            out, parts, self.one_round, figures=self.figures, keep=self._keep,
            minutes=self.training.minutes, every=self.training.every, seed=self.training.seed,
        )  # fmt: skip

    def _adam(self, model: torch.nn.Module) -> torch.optim.Optimizer:
        return torch.optim.Adam(model.parameters(), lr=self.training.learning_rate, betas=(self.training.beta1, 0.999))

    def one_round(self, rng: np.random.Generator) -> Figures:
        self.discriminator.train()
        self.generator.train()
        real = self._scaled(self.windows.batch(rng, self.training.batch)[0])
        if self.rounds.round < self.training.pretraining:
            noise = rng.integers(0, len(self.windows.names), real.shape)
            return {"discriminator": self._judged(real, self._scaled(noise)), "generator": 0.0}
        with torch.no_grad():
            made = self.generator(self._noise(len(real)))
        return {"discriminator": self._judged(real, made), "generator": self._made(len(real))}

    def _judged(self, real: Tensor, made: Tensor) -> float:
        """One turn of the discriminator; its loss is the mean of both halves."""
        with halved():
            on_real, on_made = self.discriminator(torch.cat([real, made])).split(len(real))
            loss = (_sureness(on_real, 1.0) + _sureness(on_made, 0.0)) / 2
        _step(self.judging, loss)
        return loss.item()

    def _made(self, count: int) -> float:
        """One turn of the generator: to be taken for real."""
        with halved():
            loss = _sureness(self.discriminator(self.generator(self._noise(count))), 1.0)
        _step(self.making, loss)
        return loss.item()

    @torch.inference_mode()
    def figures(self) -> Figures:
        """How often the discriminator is right, on works kept for measuring and on what is made; how the lines turn."""
        self.discriminator.eval()
        self.generator.eval()
        torch.manual_seed(self.training.seed)
        real, _ = next(self.windows.tested(self.training.tested, self.training.tested))
        made = self.generator(self._noise(len(real)))
        numbers = unscaled(made.cpu().numpy(), len(self.windows.names))
        right = [(self.discriminator(self._scaled(real)) > 0).float(), (self.discriminator(made) <= 0).float()]
        return {
            "right_on_real": round(right[0].mean().item(), 4), "right_on_made": round(right[1].mean().item(), 4),
            "turns_made": round(float(np.mean([turns(one) for one in numbers])), 4),
            "turns_real": round(float(np.mean([turns(one) for one in real])), 4),
        }  # fmt: skip

    def _scaled(self, numbers: np.ndarray) -> Tensor:
        return torch.from_numpy(scaled(numbers, len(self.windows.names)).astype(np.float32)).to(device())

    def _noise(self, count: int) -> Tensor:
        return torch.randn(count, self.config.noise).to(device())

    def _keep(self, history: list[Figures]) -> None:
        """The generator alone composes; the discriminator stays in the state of the training."""
        record = {"training": asdict(self.training), "device": device().type, "history": history,
                  "works": len(self.lessons), "quarters": quarters_of(self.lessons),
                  "symbols": list(self.windows.names)}  # fmt: skip
        checkpoints.save(self.out / "model.safetensors", self.generator, composer=self.name, record=record)


def _sureness(logits: Tensor, wanted: float) -> Tensor:
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, wanted))


def _step(optimizer: torch.optim.Optimizer, loss: Tensor) -> None:
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
