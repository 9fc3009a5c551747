"""The WaveNet at work: one sample after the other, each layer's past kept in a ring. Knows no training and no notation.

A step takes in one level and costs the same however long the sound is, where the network run over the whole past would
cost its receptive field again for each sample (Le Paine et al. 2016). The steps are compiled; see `step_in_numpy` for
the same without a compiler.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numba import njit
from safetensors.numpy import load_file

from generator import checkpoints
from generator.sounds import LEVELS, RATE, SILENCE

BLOCK = RATE // 10  # samples between two looks at whether anybody still listens
_compiled = njit(nogil=True, cache=True, fastmath=True, error_model="numpy")


class Matrices(NamedTuple):
    """The weights as rows of inputs, so that one step walks each from end to end."""

    dilations: np.ndarray  # (layers,)
    starts: np.ndarray  # (layers,) of each layer's ring among all rows
    enter: np.ndarray  # (LEVELS, residual)
    gates: np.ndarray  # (layers, 2 * residual, 2 * residual): the past's rows, then the present's
    leave: np.ndarray  # (layers, residual, residual + skip)
    leave_bias: np.ndarray  # (layers, residual + skip)
    mix: np.ndarray  # (skip, skip)
    mix_bias: np.ndarray
    levels: np.ndarray  # (skip, LEVELS)
    levels_bias: np.ndarray


class Player:
    """A trained network. Each performance has rings of its own."""

    def __init__(self, weights: dict[str, np.ndarray], dilations: tuple[int, ...]) -> None:
        w = {name: array.astype(np.float32) for name, array in weights.items()}
        layers = range(len(dilations))
        self.tell = [(w[f"tell.{n}.weight"].T.copy(), w[f"tell.{n}.bias"]) for n in (0, 2)]
        self.tell_layers = (w["tell_layers.weight"].T.copy(), w["tell_layers.bias"])
        self.matrices = Matrices(
            np.array(dilations),
            np.cumsum([0, *dilations[:-1]]),
            w["enter.weight"],
            np.stack([w[f"gates.{n}.weight"].T for n in layers]),
            np.stack([w[f"leave.{n}.weight"].T for n in layers]),
            np.stack([w[f"leave.{n}.bias"] for n in layers]),
            w["mix.weight"].T.copy(),
            w["mix.bias"],
            w["levels.weight"].T.copy(),
            w["levels.bias"],
        )

    @classmethod
    def read(cls, path: Path) -> Player:
        config = checkpoints.read_metadata(path)["config"]
        one = [2**layer for layer in range(config["layers"])]
        return cls(cls.weights_of(path), tuple(one * config["stacks"]))

    @staticmethod
    def weights_of(path: Path) -> dict[str, np.ndarray]:
        return load_file(path)

    def rings(self) -> np.ndarray:
        return np.zeros((int(self.matrices.dilations.sum()), self.matrices.enter.shape[1]), np.float32)

    def melody(self, told: np.ndarray) -> np.ndarray:
        """What each layer hears of the melody, (time, layers, 2 * residual), from conditions (time, FEATURES)."""
        for weight, bias in self.tell:
            told = np.tanh(told @ weight + bias)
        weight, bias = self.tell_layers
        return (told @ weight + bias).reshape(len(told), len(self.matrices.dilations), -1)

    def play(self, told: np.ndarray, *, seed: int, temperature: float) -> Iterator[np.ndarray]:
        """Levels, a tenth of a second at a time. The same seed plays the same sound."""
        random = np.random.default_rng(seed)
        rings, before = self.rings(), SILENCE
        for begin in range(0, len(told), BLOCK):
            melody = self.melody(told[begin : begin + BLOCK])
            chances = random.random(len(melody))
            levels = np.empty(len(melody), np.uint8)
            _play(self.matrices, rings, begin, before, melody, chances, temperature, levels)
            before = int(levels[-1])
            yield levels

    def logits(self, levels: np.ndarray, told: np.ndarray) -> np.ndarray:
        """(time, LEVELS), step by step, where the levels are given: what the whole network says at once in training."""
        out = np.empty((len(levels), LEVELS), np.float32)
        _follow(self.matrices, self.rings(), levels, self.melody(told), out)
        return out


@_compiled
def _step(m: Matrices, rings, at, level, melody, logits) -> None:  # noqa: ANN001 (numba reads the values)
    """Takes in one level at sample `at`; `logits` (LEVELS,) of the next is written. `melody` (layers, 2 * residual)."""
    residual, skip = m.enter.shape[1], m.mix.shape[0]
    x, z = m.enter[level].copy(), np.empty(residual, np.float32)
    sums, out = np.empty(2 * residual, np.float32), np.empty(residual + skip, np.float32)
    skips = np.zeros(skip, np.float32)
    for layer in range(len(m.dilations)):
        past = rings[m.starts[layer] + at % m.dilations[layer]]
        sums[:] = melody[layer]
        for i in range(residual):
            for j in range(2 * residual):
                sums[j] += past[i] * m.gates[layer, i, j] + x[i] * m.gates[layer, residual + i, j]
        for i in range(residual):
            past[i] = x[i]
            z[i] = np.tanh(sums[i]) / (np.float32(1) + np.exp(-sums[residual + i]))
        out[:] = m.leave_bias[layer]
        for i in range(residual):
            for j in range(residual + skip):
                out[j] += z[i] * m.leave[layer, i, j]
        for i in range(residual):
            x[i] += out[i]
        for i in range(skip):
            skips[i] += out[residual + i]
    _leave(m, skips, logits)


@_compiled
def _leave(m: Matrices, skips, logits) -> None:  # noqa: ANN001
    mixed = m.mix_bias.copy()
    for i in range(len(skips)):
        for j in range(len(mixed)):
            mixed[j] += max(skips[i], np.float32(0)) * m.mix[i, j]
    logits[:] = m.levels_bias
    for i in range(len(mixed)):
        for j in range(len(logits)):
            logits[j] += max(mixed[i], np.float32(0)) * m.levels[i, j]


@_compiled
def _follow(m: Matrices, rings, levels, melody, out) -> None:  # noqa: ANN001
    before = SILENCE
    for at in range(len(levels)):
        _step(m, rings, at, before, melody[at], out[at])
        before = levels[at]


@_compiled
def _play(m: Matrices, rings, begin, before, melody, chances, temperature, levels) -> None:  # noqa: ANN001
    logits = np.empty(LEVELS, np.float32)
    for at in range(len(levels)):
        _step(m, rings, begin + at, before, melody[at], logits)
        before = _drawn(logits, chances[at], temperature)
        levels[at] = before


@_compiled
def _drawn(logits, chance, temperature):  # noqa: ANN001, ANN202
    """The level at which the running sum of the softmax passes `chance`."""
    highest, whole = logits.max(), 0.0
    for level in range(len(logits)):
        logits[level] = np.exp((logits[level] - highest) / temperature)
        whole += logits[level]
    left = chance * whole
    for level in range(len(logits)):
        left -= logits[level]
        if left < 0:
            return level
    return len(logits) - 1


def step_in_numpy(m: Matrices, rings: np.ndarray, at: int, level: int, melody: np.ndarray) -> np.ndarray:
    """`_step` by numpy's own products: for measuring what the compiler is worth."""
    residual = m.enter.shape[1]
    x, skips = m.enter[level], np.zeros(m.mix.shape[0], np.float32)
    for layer, (start, dilation) in enumerate(zip(m.starts, m.dilations, strict=True)):
        place = start + at % dilation
        sums = np.concatenate((rings[place], x)) @ m.gates[layer] + melody[layer]
        rings[place] = x
        out = (np.tanh(sums[:residual]) / (1 + np.exp(-sums[residual:]))) @ m.leave[layer] + m.leave_bias[layer]
        x = x + out[:residual]
        skips += out[residual:]
    mixed = np.maximum(np.maximum(skips, 0) @ m.mix + m.mix_bias, 0)
    return mixed @ m.levels + m.levels_bias
