"""A sampler built as folkrnn.org's is, to time ours against: plain numpy, one-hot, gate by gate, one symbol a step.

After folk-rnn's own sample-rnn-fast.py: each gate of each layer has two matrices of its own, the symbol before comes in
as a one-hot vector, and a tune that has not ended after a thousand symbols is cut there. Loads no torch.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from safetensors import safe_open

from generator.composers.folkrnn_symbols import END, OTHER, START, is_note, text_of
from generator.notation import KEY_SUFFIX, split_key

LONGEST = 1000
_GATES = ("input", "forget", "cell", "output")  # the order in which torch stacks them


class Gate(NamedTuple):
    inward: np.ndarray  # (in, width)
    back: np.ndarray  # (width, width)
    bias: np.ndarray  # (width,)

    def pushed(self, x: np.ndarray, hidden: np.ndarray) -> np.ndarray:
        return np.dot(x, self.inward) + np.dot(hidden, self.back) + self.bias


Layer = dict[str, Gate]


@dataclass
class Sampled:
    symbols: list[str]
    abc: str  # canonical: M:, L:, K: and the body

    @property
    def notes(self) -> int:
        return sum(map(is_note, self.symbols))


class NumpySampler:
    def __init__(self, weights: Mapping[str, np.ndarray], vocabulary: tuple[str, ...]) -> None:
        self.vocabulary = vocabulary
        self.ids = {symbol: index for index, symbol in enumerate(vocabulary)}
        depth = sum(name.startswith("lstm.weight_ih") for name in weights)
        self.layers = [_layer(weights, number) for number in range(depth)]
        self.dense = np.ascontiguousarray(weights["dense.weight"].T, np.float32)  # (width, vocab)
        self.bias = weights["dense.bias"].astype(np.float32)

    @classmethod
    def from_checkpoint(cls, path: Path) -> NumpySampler:
        return cls(*read_weights(path))

    @classmethod
    def random(cls, vocabulary: tuple[str, ...], *, width: int = 512, layers: int = 3, seed: int = 0) -> NumpySampler:
        """Weights of noise: as much work as trained ones."""
        rng, size = np.random.default_rng(seed), len(vocabulary)
        weights = {"dense.weight": rng.normal(0, 0.05, (size, width)), "dense.bias": np.zeros(size)}
        for number in range(layers):
            inward = size if number == 0 else width
            for part, shape in (("ih", (4 * width, inward)), ("hh", (4 * width, width))):
                weights[f"lstm.weight_{part}_l{number}"] = rng.normal(0, 0.05, shape)
                weights[f"lstm.bias_{part}_l{number}"] = np.zeros(4 * width)
        return cls(weights, vocabulary)

    def sample(self, *, meter: str, key: str, rng: np.random.Generator, temperature: float = 1.0) -> Sampled:
        """One tune. Raises ValueError for a meter or a mode that no tune it learnt from has."""
        tonic, mode = split_key(key)
        symbols = [START, f"M:{meter}", f"K:C{KEY_SUFFIX[mode]}"]
        if unknown := [symbol for symbol in symbols if symbol not in self.ids]:
            raise ValueError(f"The sampler has never seen {unknown[0]}.")
        state = [(np.zeros_like(gates["input"].bias),) * 2 for gates in self.layers]
        for symbol in symbols:
            p = self._step(self.ids[symbol], state, temperature)
        while symbols[-1] != END and len(symbols) < LONGEST:
            drawn = int(rng.choice(len(p), p=p))
            symbols.append(self.vocabulary[drawn])
            p = self._step(drawn, state, temperature)
        symbols = symbols if symbols[-1] == END else [*symbols, END]
        head = f"M:{meter}\nL:1/8\nK:{tonic}{KEY_SUFFIX[mode]}\n"
        return Sampled(symbols, f"{head}{text_of(symbols, tonic)}\n")

    def _step(self, token: int, state: list[tuple[np.ndarray, np.ndarray]], temperature: float) -> np.ndarray:
        """Probabilities of the next symbol; the state moves on.  # (vocab,)"""
        x = np.zeros(len(self.vocabulary), np.float32)
        x[token] = 1
        for number, gates in enumerate(self.layers):
            hidden, cell = state[number]
            kept = _sigmoid(gates["forget"].pushed(x, hidden)) * cell
            cell = kept + _sigmoid(gates["input"].pushed(x, hidden)) * np.tanh(gates["cell"].pushed(x, hidden))
            x = _sigmoid(gates["output"].pushed(x, hidden)) * np.tanh(cell)
            state[number] = x, cell
        logits = ((np.dot(x, self.dense) + self.bias) / temperature).astype(np.float64)
        logits[self.ids[OTHER]] = -np.inf  # a symbol that has no text cannot be written
        p = np.exp(logits - logits.max())
        return p / p.sum()


def read_weights(path: Path) -> tuple[dict[str, np.ndarray], tuple[str, ...]]:
    """A checkpoint's tensors by name, and its vocabulary."""
    with safe_open(str(path), framework="numpy") as file:
        weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no mapping)
        return weights, tuple(json.loads(file.metadata()["config"])["vocabulary"])


def _layer(weights: Mapping[str, np.ndarray], number: int) -> Layer:
    inward, back = (
        np.split(weights[f"lstm.weight_{part}_l{number}"].astype(np.float32), len(_GATES)) for part in ("ih", "hh")
    )
    biases = np.split(
        (weights[f"lstm.bias_ih_l{number}"].astype(np.float32) + weights[f"lstm.bias_hh_l{number}"]), len(_GATES)
    )
    return {
        name: Gate(np.ascontiguousarray(into.T), np.ascontiguousarray(again.T), bias.astype(np.float32))
        for name, into, again, bias in zip(_GATES, inward, back, biases, strict=True)
    }


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))
