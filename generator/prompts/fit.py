"""Fits the feeling model on published ratings and the shipped lexicon, and writes feeling.safetensors.

`python -m generator.prompts.fit --data FOLDER` (the folder that holds glasgow/, emobank/ and goemotions/).
Some minutes on one core, nearly all of it reading 16,000 texts; the same files give the same weights.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from generator.prompts.corpora_of_feeling import Rated, read_all
from generator.prompts.minilm import encoder
from generator.prompts.regression import SHIPPED, FeelingModel, kernel
from generator.prompts.styles import styles

GAMMA, RIDGE, LANDMARKS, FOLDS = 1.0, 1.0, 1500, 5


def fit(
    vectors: np.ndarray, targets: np.ndarray, weights: np.ndarray, *, gamma: float, ridge: float, landmarks: int
) -> FeelingModel:
    """Weighted kernel ridge in the span of landmarks (Nyström); vectors (text, width), targets (text, 2)."""
    chosen = _spread_out(vectors, weights, landmarks)
    base = vectors[chosen]
    offset = np.average(targets, axis=0, weights=weights)
    features = kernel(vectors, base, gamma).astype(np.float64)  # (text, landmark)
    gram = (features * weights[:, None]).T @ features + ridge * kernel(base, base, gamma)
    solution = np.linalg.solve(gram + 1e-6 * np.eye(len(base)), (features * weights[:, None]).T @ (targets - offset))
    return FeelingModel(base, solution.astype(np.float32), offset, gamma, np.zeros((0, vectors.shape[1]), np.float32))


def _spread_out(vectors: np.ndarray, weights: np.ndarray, count: int) -> np.ndarray:
    """Rows drawn by weight without replacement: heavy kinds of text get more landmarks."""
    chance = np.random.default_rng(0)
    return np.sort(chance.choice(len(vectors), min(count, len(vectors)), replace=False, p=weights / weights.sum()))


def cross_validated(rated: Sequence[Rated], vectors: np.ndarray, **settings: float) -> dict[str, tuple[float, ...]]:
    """For each source: correlation of valence and of arousal, and share of right quadrants, out of fold by group."""
    targets, weights = _targets(rated)
    folds = np.array([_fold(rating.group) for rating in rated])
    guesses = np.zeros_like(targets)
    for fold in range(FOLDS):
        held = folds == fold
        model = fit(vectors[~held], targets[~held], weights[~held], **settings)
        guesses[held] = model.read(vectors[held])
    sources = np.array([rating.source for rating in rated])
    return {source: _figures(guesses[sources == source], targets[sources == source]) for source in sorted(set(sources))}


def _fold(group: str) -> int:
    """A stable fold for a group: Python's own hash changes from run to run."""
    return sum(group.encode()) % FOLDS


def _figures(guesses: np.ndarray, targets: np.ndarray) -> tuple[float, float, float]:
    valence, arousal = (float(np.corrcoef(guesses[:, axis], targets[:, axis])[0, 1]) for axis in (0, 1))
    right = (np.sign(guesses) == np.sign(targets)) | (targets == 0)
    return round(valence, 3), round(arousal, 3), round(float(right.all(axis=1).mean()), 3)


def _targets(rated: Sequence[Rated]) -> tuple[np.ndarray, np.ndarray]:
    targets = np.array([(rating.valence, rating.arousal) for rating in rated])
    return np.clip(targets, -1, 1), np.array([rating.weight for rating in rated])


def read_vectors(texts: Sequence[str], batch: int = 16) -> np.ndarray:
    rows = [encoder().encode(texts[start : start + batch]) for start in range(0, len(texts), batch)]
    return np.concatenate(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    options = parser.parse_args()
    rated = read_all(options.data)
    vectors = read_vectors([rating.text for rating in rated])
    settings = {"gamma": GAMMA, "ridge": RIDGE, "landmarks": LANDMARKS}
    for source, figures in cross_validated(rated, vectors, **settings).items():
        sys.stdout.write(f"{source}: valence r {figures[0]}, arousal r {figures[1]}, right quadrant {figures[2]}\n")
    save(fit(vectors, *_targets(rated), **settings), options.out)


def save(model: FeelingModel, path: Path) -> None:
    """Half precision for the vectors; the weights are large and of both signs, so they keep single precision."""
    descriptions = encoder().encode([style.description for style in styles().values()])
    tensors = {
        "landmarks": model.landmarks.astype(np.float16),
        "weights": model.weights.astype(np.float32),
        "offset": model.offset.astype(np.float32),
        "gamma": np.array([model.gamma], np.float32),
        "styles": descriptions.astype(np.float16),
    }
    save_file(tensors, path)


if __name__ == "__main__":
    main()
