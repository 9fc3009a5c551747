"""A character network asked letter by letter, in numpy, one product a layer. Knows no music, loads no torch."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open


class BrokenCheckpoint(OSError):
    """A file that holds none of these networks; the message is a sentence."""


@dataclass
class State:
    hidden: list[np.ndarray]  # a layer each: (texts, width)
    cell: list[np.ndarray]


class LetterNetwork:
    """One checkpoint: its weights, its characters, and what its training told of itself."""

    def __init__(
        self, weights: Mapping[str, np.ndarray], characters: str, *, composer: str = "", told: dict | None = None
    ) -> None:
        self.composer, self.characters, self.told = composer, characters, told or {}
        self.numbers = {character: number for number, character in enumerate(characters)}
        depth = sum(name.startswith("lstm.weight_ih") for name in weights)
        inward = [_turned(weights[f"lstm.weight_ih_l{n}"]) for n in range(depth)]  # (in, 4 * width)
        self.back = [_turned(weights[f"lstm.weight_hh_l{n}"]) for n in range(depth)]  # (width, 4 * width)
        bias = [_single(weights[f"lstm.bias_ih_l{n}"]) + _single(weights[f"lstm.bias_hh_l{n}"]) for n in range(depth)]
        # A letter's embedding times the first matrix is always the same row: kept instead of computed.
        self.rows = _single(weights["embedding.weight"]) @ inward[0] + bias[0]  # (characters, 4 * width)
        self.inward, self.bias = inward[1:], bias[1:]
        self.dense, self.dense_bias = _turned(weights["dense.weight"]), _single(weights["dense.bias"])
        if self.dense.shape[1] != len(characters) or len(self.rows) != len(characters):
            raise ValueError("The characters are not those of the weights.")

    @classmethod
    def read(cls, path: Path) -> LetterNetwork:
        """Raises BrokenCheckpoint."""
        try:
            with safe_open(str(path), framework="numpy") as file:
                weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no mapping)
                metadata = file.metadata()
            told = json.loads(metadata["record"])
            return cls(weights, "".join(told["vocabulary"]), composer=metadata["composer"], told=told)
        except (OSError, SafetensorError, KeyError, IndexError, TypeError, ValueError) as wrong:
            raise BrokenCheckpoint(f"The checkpoint {path.name} is broken; get the project's files again.") from wrong

    def start(self, texts: int = 1) -> State:
        hidden, cell = ([np.zeros((texts, len(self.dense)), np.float32) for _ in self.back] for _ in range(2))
        return State(hidden, cell)

    def step(self, letters: np.ndarray, state: State) -> np.ndarray:
        """Logits of the next letter of each text; the state moves on.  # (texts, characters)"""
        gates = self.rows[letters]  # (texts, 4 * width)
        for n, back in enumerate(self.back):
            if n:
                gates = state.hidden[n - 1] @ self.inward[n - 1] + self.bias[n - 1]
            into, kept, new, out = np.split(gates + state.hidden[n] @ back, 4, axis=1)
            state.cell[n] = _sigmoid(kept) * state.cell[n] + _sigmoid(into) * np.tanh(new)
            state.hidden[n] = _sigmoid(out) * np.tanh(state.cell[n])
        return state.hidden[-1] @ self.dense + self.dense_bias

    def letters(
        self, begun: str, *, rng: np.random.Generator, temperature: float = 1.0, least: float = 0.0
    ) -> Iterator[str]:
        """Letter after letter behind what is begun, without an end."""
        state = self.start()
        for character in begun:
            logits = self.step(np.array([self.numbers[character]]), state)
        while True:
            number = drawn(logits[0], rng, temperature, least)
            yield self.characters[number]
            logits = self.step(np.array([number]), state)

    def together(
        self, begun: list[str], rngs: list[np.random.Generator], length: int, *, until: str = "", least: float = 0.0
    ) -> list[str]:
        """So many letters behind each beginning, or up to the one that ends it: for measuring, a step for all texts."""
        state, texts = self.start(len(begun)), list(begun)
        for at in range(max(map(len, begun)) + length - 1):
            logits = self.step(np.array([self.numbers[text[at]] for text in texts]), state)
            for row, rng in enumerate(rngs):
                if at + 1 >= len(begun[row]):
                    texts[row] += self.characters[drawn(logits[row], rng, 1.0, least)]
            if until and all(until in text[len(start) :] for text, start in zip(texts, begun, strict=True)):
                break
        return [text[len(start) : len(start) + length] for text, start in zip(texts, begun, strict=True)]


def drawn(logits: np.ndarray, rng: np.random.Generator, temperature: float, least: float = 0.0) -> int:
    """A letter's number; of letters under so small a share of the likeliest one's none is drawn."""
    scaled = logits.astype(np.float64) / temperature
    shares = np.exp(scaled - scaled.max())
    mounting = np.cumsum(np.where(shares < least, 0.0, shares))
    return min(int(np.searchsorted(mounting, rng.random() * mounting[-1], side="right")), len(logits) - 1)


@cache
def network_at(path: Path) -> LetterNetwork:
    """Read once."""
    return LetterNetwork.read(path)


def _single(weights: np.ndarray) -> np.ndarray:
    return weights.astype(np.float32)


def _turned(weights: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(weights.T, np.float32)


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))
