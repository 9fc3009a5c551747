"""Fits the classifier of rhythms and tells how often it is right on tunes it has not seen.

Run as: python -m generator.measures.fit_rhythm --data FOLDER
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from generator.brief import RHYTHMS, BriefError
from generator.encoding import Tune
from generator.measures.corpus import add_data_argument, corpus_tunes
from generator.rhythm_classifier import WEIGHTS_PATH, RhythmClassifier, features

_PULL = 3e-4  # towards nought
_STEPS, _RATE = 400, 0.05


def fitted(rows: np.ndarray, labels: np.ndarray) -> RhythmClassifier:
    """By Adam on all rows at once.  rows (tunes, features), labels (tunes,)"""
    mean, scale = rows.mean(0), rows.std(0) + 1e-2
    x, wanted = (rows - mean) / scale, np.eye(len(RHYTHMS))[labels]
    parameters = [np.zeros((x.shape[1], len(RHYTHMS))), np.zeros(len(RHYTHMS))]
    moments = [(np.zeros_like(p), np.zeros_like(p)) for p in parameters]
    for step in range(1, _STEPS + 1):
        logits = x @ parameters[0] + parameters[1]
        p = np.exp(logits - logits.max(1, keepdims=True))
        error = (p / p.sum(1, keepdims=True) - wanted) / len(x)
        gradients = [x.T @ error + _PULL * parameters[0], error.sum(0)]
        for index, gradient in enumerate(gradients):
            first = 0.9 * moments[index][0] + 0.1 * gradient
            second = 0.99 * moments[index][1] + 0.01 * gradient**2
            moments[index] = first, second
            even = first / (1 - 0.9**step), second / (1 - 0.99**step)
            parameters[index] = parameters[index] - _RATE * (1 - step / _STEPS) * even[0] / (np.sqrt(even[1]) + 1e-9)
    return RhythmClassifier(mean, scale, *parameters)


def labelled(tunes: Sequence[Tune]) -> tuple[np.ndarray, np.ndarray]:
    known = [tune for tune in tunes if tune.rhythm]
    return np.array([features(t.score) for t in known]), np.array([RHYTHMS.index(t.rhythm) for t in known])


def accuracy(classifier: RhythmClassifier, tunes: Sequence[Tune]) -> float:
    known = [tune for tune in tunes if tune.rhythm]
    return sum(classifier.rhythm(tune.score) == tune.rhythm for tune in known) / max(1, len(known))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    add_data_argument(parser)
    try:
        train, valid = corpus_tunes(parser.parse_args(arguments).data)
    except BriefError as wrong:
        print(wrong, file=sys.stderr)
        return 2
    classifier = fitted(*labelled(train))
    parts = {name: getattr(classifier, name).astype(np.float32) for name in ("mean", "scale", "weights", "bias")}
    np.savez_compressed(Path(WEIGHTS_PATH), **parts)
    known = sum(tune.rhythm is not None for tune in train), sum(tune.rhythm is not None for tune in valid)
    print(json.dumps({"fitted_on": known[0], "held_out": known[1],
                      "accuracy": round(accuracy(RhythmClassifier.load(), valid), 4)}))  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
