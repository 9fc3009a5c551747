"""WaveNet (van den Oord et al. 2016): the next of 256 levels of sound from those before and the melody to be played.

It writes no tunes; it plays one. Knows no notation: it is told at each sample what sounds (generator/sounds.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from generator.sounds import FEATURES, LEVELS


@dataclass(frozen=True)
class WaveNetConfig:
    """`layers` dilations of 1, 2, 4… in each of `stacks`; the rest are numbers of channels."""

    stacks: int = 2
    layers: int = 9
    residual: int = 32
    skip: int = 64
    told: int = 32  # of what the melody tells, after its own small network

    @property
    def dilations(self) -> tuple[int, ...]:
        return tuple(2**layer for _ in range(self.stacks) for layer in range(self.layers))

    @property
    def receptive_field(self) -> int:
        """Samples that the next one hangs on."""
        return sum(self.dilations) + 1


class WaveNet(nn.Module):
    def __init__(self, config: WaveNetConfig) -> None:
        super().__init__()
        self.config = config
        residual, layers = config.residual, len(config.dilations)
        self.enter = nn.Embedding(LEVELS, residual)
        self.tell = nn.Sequential(nn.Linear(FEATURES, 48), nn.Tanh(), nn.Linear(48, config.told), nn.Tanh())
        self.tell_layers = nn.Linear(config.told, layers * 2 * residual)
        self.gates = nn.ModuleList(nn.Linear(2 * residual, 2 * residual, bias=False) for _ in range(layers))
        self.leave = nn.ModuleList(nn.Linear(residual, residual + config.skip) for _ in range(layers))
        self.mix = nn.Linear(config.skip, config.skip)
        self.levels = nn.Linear(config.skip, LEVELS)
        self._begin_smooth()

    def forward(self, before: Tensor, told: Tensor) -> Tensor:
        """Logits (batch, time, LEVELS) of the samples that follow `before` (batch, time), told (batch, time, FEATURES).

        Position t has seen samples up to `before[t]` and the melody up to `told[t]`, never what comes later.
        """
        residual = self.config.residual
        x = self.enter(before)  # (batch, time, residual)
        melody = self.tell_layers(self.tell(told)).chunk(len(self.gates), dim=-1)  # each (batch, time, 2 * residual)
        skips: Tensor | float = 0.0
        for dilation, gates, leave, tell in zip(self.config.dilations, self.gates, self.leave, melody, strict=True):
            past = functional.pad(x, (0, 0, dilation, 0))[:, : x.shape[1]]
            signal, gate = (gates(torch.cat((past, x), -1)) + tell).chunk(2, dim=-1)
            out, skip = leave(torch.tanh(signal) * torch.sigmoid(gate)).split((residual, self.config.skip), -1)
            x, skips = x + out, skips + skip
        return self.levels(functional.relu(self.mix(functional.relu(skips))))

    @torch.no_grad()
    def _begin_smooth(self) -> None:
        """Neighbouring levels begin alike, coming in and going out: that they are an order need not be learned."""
        at = (torch.arange(LEVELS) + 0.5) / LEVELS  # 0 to 1
        waves = torch.cos(math.pi * torch.arange(1, self.config.skip + 1) * at[:, None])  # (LEVELS, skip)
        self.levels.weight.copy_(0.1 * waves)
        own = torch.cat((2 * at[:, None] - 1, waves[:, :15]), 1)
        own[:, 0] *= 2
        self.enter.weight.copy_(own @ torch.randn(16, self.config.residual) / 4)
