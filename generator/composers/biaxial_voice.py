"""The biaxial network asked step by step and note by note, in numpy. Knows no corpora and loads no torch."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from safetensors import safe_open

from generator.composers.biaxial_rolls import PLAYED, STEPS_A_BAR, inputs_of

BEARABLE = STEPS_A_BAR  # steps of near silence after which the chance of playing is raised
_FEW = 2  # notes below which it counts as near silence
_RISE, _FALL = 0.02, 0.3  # of the exponent, a step: the figures of the account's program
_LEAST = 0.5


class Layer(NamedTuple):
    """One LSTM layer with torch's order of gates: in, kept, new, out."""

    inward: np.ndarray  # (in, 4 * width)
    back: np.ndarray  # (width, 4 * width)
    bias: np.ndarray  # (4 * width,)

    @classmethod
    def of(cls, weights: Mapping[str, np.ndarray], name: str, number: int) -> Layer:
        inward, back, one, other = (
            weights[f"{name}.{part}_l{number}"].astype(np.float32)
            for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        )
        return cls(np.ascontiguousarray(inward.T), np.ascontiguousarray(back.T), one + other)

    @property
    def width(self) -> int:
        return len(self.back)

    def nothing(self, *rows: int) -> tuple[np.ndarray, np.ndarray]:
        return np.zeros((*rows, self.width), np.float32), np.zeros((*rows, self.width), np.float32)

    def moved(self, x: np.ndarray, state: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        return self.gated(x @ self.inward + self.bias, state)

    def gated(self, x: np.ndarray, state: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """The next (hidden, cell), from an input that has been through its matrix."""
        hidden, cell = state
        gates = x + hidden @ self.back
        width = self.width
        # One tanh for all: a sigmoid is half of one. The overhead of calls is what a note costs.
        gates[..., : 2 * width] *= 0.5
        gates[..., 3 * width :] *= 0.5
        np.tanh(gates, out=gates)
        into, kept = gates[..., :width], gates[..., width : 2 * width]
        new, out = gates[..., 2 * width : 3 * width], gates[..., 3 * width :]
        cell = 0.5 * ((1 + kept) * cell + (1 + into) * new)
        return 0.5 * (1 + out) * np.tanh(cell), cell


class Player:
    """One checkpoint."""

    def __init__(self, weights: Mapping[str, np.ndarray], config: Mapping[str, Any]) -> None:
        self.low, self.relative = config["low"], config["relative"]
        self.notes = config["high"] - config["low"] + 1
        self.along = [Layer.of(weights, "time", number) for number in (0, 1)]
        self.note, self.upper = Layer.of(weights, "note", 0), Layer.of(weights, "upper", 0)
        self.dense = np.ascontiguousarray(weights["dense.weight"].T, np.float32)  # (50, 2)
        self.bias = weights["dense.bias"].astype(np.float32)

    @classmethod
    def read(cls, path: Path) -> Player:
        with safe_open(str(path), framework="numpy") as file:
            weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no mapping)
            return cls(weights, json.loads(file.metadata()["config"]))

    def played(self, steps: int, rng: np.random.Generator, *, temperature: float = 1.0) -> np.ndarray:
        """A roll of so many sixteenths, from silence.  # (steps, notes, 2) uint8"""
        return np.stack(list(self._steps(steps, rng, max(temperature, 0.05))))

    def _steps(self, steps: int, rng: np.random.Generator, temperature: float) -> Iterator[np.ndarray]:
        roll = np.zeros((self.notes, 2), np.uint8)
        states = [layer.nothing(self.notes) for layer in self.along]
        exponent, quiet = 1.0, 0
        for step in range(steps):
            shown = inputs_of(roll[None], step % STEPS_A_BAR, self.low, relative=self.relative)[0]
            for number, layer in enumerate(self.along):
                states[number] = layer.moved(shown, states[number])
                shown = states[number][0]
            roll = self._chord(shown, rng.random((self.notes, 2)), temperature, exponent)
            yield roll
            quiet = quiet + 1 if roll[:, PLAYED].sum() < _FEW else 0
            exponent = max(_LEAST, exponent - _RISE) if quiet > BEARABLE else exponent + (1 - exponent) * _FALL

    def _chord(self, hidden: np.ndarray, draws: np.ndarray, temperature: float, exponent: float) -> np.ndarray:
        """One step's notes, low to high, each knowing what was chosen below.  # (notes, 2)"""
        width = hidden.shape[1]
        seen = hidden @ self.note.inward[:width] + self.note.bias  # (notes, 400)
        told = self.note.inward[width:]  # (2, 400): what the choice below adds
        note, upper = self.note.nothing(), self.upper.nothing()
        roll = np.zeros((self.notes, 2), np.uint8)
        for index in range(self.notes):
            x = seen[index]
            if index and roll[index - 1, PLAYED]:
                x = x + told[0] + roll[index - 1, 1] * told[1]
            note = self.note.gated(x, note)
            upper = self.upper.moved(note[0], upper)
            play, strike = 1 / (1 + np.exp(-(upper[0] @ self.dense + self.bias) / temperature))
            if draws[index, 0] < play**exponent:
                roll[index] = 1, draws[index, 1] < strike
        return roll


@cache
def player_of(path: Path) -> Player:
    return Player.read(path)
