"""A generative adversarial network for notes and chords: the fourth account's as it was, and one that is mended.

As it was: a hundred symbols as numbers from -1 to 1. The discriminator: LSTM 512, bidirectional LSTM 512, dense 512 and
256 with leaky ReLU .2, sigmoid. The generator: 1,000 normal values, dense 256, 512 and 1,024, each with leaky ReLU .2
and batch normalisation of momentum .8, tanh of 100 numbers. Mended: the recurrent generator that the account proposes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from generator import checkpoints
from generator.brief import Brief, NotesAdded, Piece
from generator.composers import checkpoint_path
from generator.keyboard_pieces import keyboard_piece
from generator.notes_and_chords import struck_of

MENDED = "gan-mended"
_LEAK = 0.2
# What Keras calls a momentum of .8 is the share of the old mean that stays; torch names the share of the new.
_MOMENTUM = 1 - 0.8


@dataclass(frozen=True)
class GANConfig:
    window: int = 100  # symbols of a piece
    noise: int = 1000  # normal values
    width: int = 512  # of the discriminator
    first: int = 256  # width of the generator's first layer, doubled twice; of the mended one's LSTM
    recurrent: bool = False  # mended: the generator is an LSTM


class Discriminator(nn.Module):
    """How sure it is that a piece is real, before the sigmoid."""

    def __init__(self, config: GANConfig) -> None:
        super().__init__()
        width = config.width
        self.first = nn.LSTM(1, width, batch_first=True)
        self.second = nn.LSTM(width, width, batch_first=True, bidirectional=True)
        self.dense = nn.Sequential(
            nn.Linear(2 * width, width), nn.LeakyReLU(_LEAK), nn.Linear(width, width // 2), nn.LeakyReLU(_LEAK),
            nn.Linear(width // 2, 1),
        )  # fmt: skip

    def forward(self, pieces: Tensor) -> Tensor:
        """pieces (batch, window) from -1 to 1 → (batch,)"""
        heard, _ = self.first(pieces.unsqueeze(-1))  # (batch, window, width)
        _, (last, _) = self.second(heard)  # (2, batch, width)
        return self.dense(last.transpose(0, 1).flatten(1)).squeeze(1)


class Generator(nn.Module):
    """Noise to a piece."""

    def __init__(self, config: GANConfig) -> None:
        super().__init__()
        self.config = config
        sizes = [config.noise, config.first, 2 * config.first, 4 * config.first]
        layers: list[nn.Module] = []
        for before, after in pairwise(sizes):
            layers += [nn.Linear(before, after), nn.LeakyReLU(_LEAK), nn.BatchNorm1d(after, momentum=_MOMENTUM)]
        self.layers = nn.Sequential(*layers, nn.Linear(sizes[-1], config.window))

    def forward(self, noise: Tensor) -> Tensor:
        """noise (batch, noise) → (batch, window) from -1 to 1"""
        return torch.tanh(self.layers(noise))


class RecurrentGenerator(nn.Module):
    """The same noise, a share of it for each symbol, through an LSTM that remembers what it has written."""

    def __init__(self, config: GANConfig) -> None:
        super().__init__()
        self.config = config
        self.lstm = nn.LSTM(config.noise // config.window, config.first, num_layers=2, batch_first=True)
        self.dense = nn.Linear(config.first, 1)

    def forward(self, noise: Tensor) -> Tensor:
        """noise (batch, noise) → (batch, window) from -1 to 1"""
        shares = noise[:, : self.lstm.input_size * self.config.window].unflatten(1, (self.config.window, -1))
        heard, _ = self.lstm(shares)  # (batch, window, first)
        return torch.tanh(self.dense(heard).squeeze(-1))


def generator_of(config: GANConfig) -> Generator | RecurrentGenerator:
    return RecurrentGenerator(config) if config.recurrent else Generator(config)


def scaled(numbers: np.ndarray, symbols: int) -> np.ndarray:
    """Numbers of symbols to -1 … 1."""
    return (numbers - symbols / 2) / (symbols / 2)


def unscaled(values: np.ndarray, symbols: int) -> np.ndarray:
    return np.clip(np.round(values * (symbols / 2) + symbols / 2), 0, symbols - 1).astype(int)


@torch.inference_mode()
def imagined(model: nn.Module, symbols: Sequence[str], *, seed: int) -> list[str]:
    """A piece of as many symbols as the generator has."""
    noise = torch.randn(1, model.config.noise, generator=torch.Generator().manual_seed(seed))
    return [symbols[number] for number in unscaled(model(noise)[0].numpy(), len(symbols))]


def compose(brief: Brief) -> Iterator[NotesAdded | Piece]:
    """A hundred symbols for half a beat each; noise has no temperature."""
    model, record = _model(brief.composer)
    return keyboard_piece(brief, struck_of(imagined(model, record["symbols"], seed=brief.seed)))


def read(path: Path) -> tuple[nn.Module, dict[str, Any]]:
    metadata = checkpoints.read_metadata(path)
    model = generator_of(GANConfig(**metadata["config"])).eval()
    checkpoints.load_weights(path, model)
    return model, metadata["record"]


@cache
def _model(name: str) -> tuple[nn.Module, dict[str, Any]]:
    return read(checkpoint_path(name))
