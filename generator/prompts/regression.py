"""From a MiniLM vector to valence and arousal: kernel ridge on 1,500 landmarks, fitted by fit.py."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

SHIPPED = Path(__file__).with_name("feeling.safetensors")


@dataclass(frozen=True)
class FeelingModel:
    landmarks: np.ndarray  # (landmark, width), unit rows
    weights: np.ndarray  # (landmark, 2)
    offset: np.ndarray  # (2,)
    gamma: float
    styles: np.ndarray  # (style, width): the styles' descriptions, in the order of styles.json

    def read(self, vectors: np.ndarray) -> np.ndarray:
        """(text, width) unit vectors to (text, 2): valence and arousal."""
        return kernel(vectors, self.landmarks, self.gamma) @ self.weights + self.offset


def kernel(left: np.ndarray, right: np.ndarray, gamma: float) -> np.ndarray:
    """exp(−γ·‖x − y‖²) between unit rows."""
    return np.exp(2 * gamma * (left @ right.T - 1))


@lru_cache(maxsize=1)
def feeling_model() -> FeelingModel:
    stored = load_file(SHIPPED)
    wide = {name: tensor.astype(np.float32) for name, tensor in stored.items()}
    return FeelingModel(wide["landmarks"], wide["weights"], wide["offset"], float(wide["gamma"][0]), wide["styles"])
