"""A checkpoint's weights as the engine reads them: int8 with a scale a row. Knows no torch, no requests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from safetensors import safe_open

from generator.attributes import CONDITION_NAMES
from generator.inputs import INPUT_NAMES, INPUT_SIZES

LANES = 64  # the kernel takes so many products at once
_LARGEST = 127


class Matrices(NamedTuple):
    """What the step reads, stacked by layer. Of every matrix int8 rows, the scale of each, and its bias: what it adds
    up to too much, since activations are written as 128 and more or less.  # F: the feed's width"""

    qkv: np.ndarray  # (layers, 3 * width, width)
    qkv_scale: np.ndarray  # (layers, 3 * width)
    qkv_bias: np.ndarray
    out: np.ndarray  # (layers, width, width)
    out_scale: np.ndarray
    out_bias: np.ndarray
    up: np.ndarray  # (layers, F, width)
    up_scale: np.ndarray
    up_bias: np.ndarray
    down: np.ndarray  # (layers, width, F)
    down_scale: np.ndarray
    down_bias: np.ndarray
    norms: np.ndarray  # (layers, 2, width) float32: before the attention, before the feed
    words: np.ndarray  # (vocab, width)
    words_scale: np.ndarray  # (vocab,)
    words_bias: np.ndarray
    final: np.ndarray  # (width,) float32
    cos: np.ndarray  # (context, size / 2) float32
    sin: np.ndarray
    tables: np.ndarray  # (rows, width) float32: token and inputs, one table after the other
    offsets: np.ndarray  # (1 + inputs,) int64: where each table begins


@dataclass(frozen=True)
class Weights:
    matrices: Matrices
    conditions: tuple[np.ndarray, ...]  # a table for each of CONDITION_NAMES
    fits: np.ndarray  # (rooms, vocab) float32: added to the logits
    heads: int
    vocabulary: int
    context: int

    @property
    def width(self) -> int:
        return self.matrices.final.shape[0]

    @property
    def layers(self) -> int:
        return self.matrices.qkv.shape[0]


def read_weights(path: Path) -> Weights:
    with safe_open(str(path), framework="numpy") as file:
        tensors = {name: file.get_tensor(name).astype(np.float32) for name in file.keys()}  # noqa: SIM118 (no mapping)
        config = json.loads(file.metadata()["config"])
    return weights_of(tensors, config)


def weights_of(tensors: dict[str, np.ndarray], config: dict[str, Any]) -> Weights:
    """From a transformer's tensors by name and its configuration."""
    if config["width"] % (32 * config["heads"]):
        raise ValueError("The engine takes heads whose size is a multiple of 32.")
    tables = [tensors["token.weight"], *(_table(tensors, f"{name}.weight") for name in INPUT_NAMES)]
    return Weights(
        _matrices(tensors, config, tables),
        tuple(_table(tensors, f"condition.{name}.weight") for name in CONDITION_NAMES),
        tensors.get("fits.weight", np.zeros((INPUT_SIZES["room"], len(tables[0])), np.float32)),
        config["heads"],
        len(tables[0]),
        config["context"],
    )


def _table(tensors: dict[str, np.ndarray], name: str) -> np.ndarray:
    """An older checkpoint knows nothing of newer inputs and conditions: every id of theirs says nothing."""
    width = tensors["final.weight"].shape[0]
    return tensors.get(name, np.zeros((512, width), np.float32))


def _matrices(tensors: dict[str, np.ndarray], config: dict[str, Any], tables: list[np.ndarray]) -> Matrices:
    layers = range(config["layers"])
    stacked = {}
    for name, inside in (("qkv", "attention.qkv"), ("out", "attention.out"), ("up", "up"), ("down", "down")):
        whole = np.stack([tensors[f"blocks.{layer}.{inside}.weight"] for layer in layers])
        stacked |= _named(name, whole)
    norms = [[tensors[f"blocks.{i}.before_{what}.weight"] for what in ("attention", "feed")] for i in layers]
    stacked |= _named("words", _even(tensors["token.weight"]))
    angles = _angles(config["context"], config["width"] // config["heads"])
    return Matrices(
        **stacked, norms=np.array(norms), final=tensors["final.weight"],
        cos=np.cos(angles), sin=np.sin(angles), tables=np.concatenate(tables),
        offsets=np.cumsum([0, *(len(table) for table in tables[:-1])]).astype(np.int64),
    )  # fmt: skip


def _named(name: str, whole: np.ndarray) -> dict[str, np.ndarray]:
    rounded, scale = quantised(whole)
    return {name: rounded, f"{name}_scale": scale, f"{name}_bias": 128 * rounded.sum(-1, dtype=np.int32)}


def quantised(whole: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each row as int8 times one float32: (int8 like `whole`, scales without its last axis)."""
    if whole.shape[-1] % LANES:
        raise ValueError(f"The engine takes widths that are multiples of {LANES}, not {whole.shape[-1]}.")
    scale = np.maximum(np.abs(whole).max(-1), np.float32(1e-12)) / np.float32(_LARGEST)
    return np.rint(whole / scale[..., None]).astype(np.int8), scale.astype(np.float32)


def _even(words: np.ndarray) -> np.ndarray:
    """The kernel takes two rows at once."""
    return np.pad(words, [(0, len(words) % 2), (0, 0)])


def _angles(context: int, size: int) -> np.ndarray:
    """The same sums as the composer's own, in float32."""
    speeds = 1.0 / (np.float32(10_000) ** (np.arange(0, size, 2, dtype=np.float32) / np.float32(size)))
    return np.outer(np.arange(context, dtype=np.float32), speeds.astype(np.float32))
