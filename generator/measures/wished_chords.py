"""Whether chords obey a wish: valence and arousal asked for against what was written, and against shuffled wishes.

`python -m generator.measures.wished_chords` asks the composer rbm-mended; `--checkpoint FILE` another machine.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from pathlib import Path

import numpy as np
import torch

from generator import checkpoints
from generator.composers.rbm import CHAINS, RBM, RBMConfig, machine_of
from generator.composers.rbm_roll import Chord
from generator.composers.rbm_writing import mode_of, part_for
from generator.prompts.attributes import HAPPINESS

MEASURES = ("minor", "brightness", "strikes", "changes", "kinds")
_AGAINST = {"valence": ("minor", "brightness"), "arousal": ("strikes", "changes")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--n", type=int, default=200, help="wishes, drawn evenly from -1 to 1")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--chains", type=int, default=CHAINS, help="1: without choosing the nearest of ten")
    args = parser.parse_args()
    machine = _read(args.checkpoint) if args.checkpoint else machine_of("rbm-mended")
    json.dump(obedience(machine, args.n, args.seed, args.chains), sys.stdout, indent=1)
    print()


def _read(path: Path) -> RBM:
    machine = RBM(RBMConfig(**checkpoints.read_metadata(path)["config"]))
    checkpoints.load_weights(path, machine)
    return machine.eval()


def obedience(machine: RBM, count: int, seed: int, chains: int) -> dict:
    rng = np.random.default_rng(seed)
    wishes = rng.uniform(-1, 1, (count, 2))
    chance = torch.Generator().manual_seed(seed)
    found = [measured(part_for(machine, (float(v), float(a)), chance, chains=chains)) for v, a in wishes]
    columns = {name: np.array([one[name] for one in found], float) for name in MEASURES}
    out: dict = {"wishes": count, "mean": {name: round(float(column.mean()), 3) for name, column in columns.items()}}
    for side, name in ((0, "valence"), (1, "arousal")):
        out[name] = {of: _against(wishes[:, side], columns[of], rng) for of in _AGAINST[name]}
    return out


def measured(halves: list[tuple[Chord, bool]]) -> dict[str, float]:
    """minor: share of halves on minor chords. brightness: of the mode, 0 to 1. strikes and changes: a bar."""
    chords, bars = [chord for chord, _ in halves], len(halves) / 2
    return {
        "minor": sum(chord.is_minor for chord in chords) / len(chords),
        "brightness": HAPPINESS[mode_of(iter(chords))],
        "strikes": sum(struck for _, struck in halves) / bars,
        "changes": sum(a != b for a, b in itertools.pairwise(chords)) / bars,
        "kinds": len(set(chords)),
    }


def _against(asked: np.ndarray, got: np.ndarray, rng: np.random.Generator) -> dict[str, float]:
    """Pearson's r; of shuffled wishes the one that 95 of 100 shuffles stay under; means where little and much was
    asked for."""
    shuffled = [abs(_r(rng.permutation(asked), got)) for _ in range(1000)]
    return {
        "r": round(_r(asked, got), 3),
        "shuffled_95": round(float(np.percentile(shuffled, 95)), 3),
        "asked_below_-0.5": round(float(got[asked < -0.5].mean()), 3),
        "asked_above_0.5": round(float(got[asked > 0.5].mean()), 3),
    }


def _r(x: np.ndarray, y: np.ndarray) -> float:
    return float(np.corrcoef(x, y)[0, 1]) if y.std() else 0.0


if __name__ == "__main__":
    main()
