"""Figures of a biaxial checkpoint beside what knows nothing, and of what it plays beside its corpus.

`python -m generator.composers.biaxial_figures DIR/model.safetensors --data music21` prints them as one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from generator.composers.biaxial import USUAL_BARS, fault_of, longest_silence
from generator.composers.biaxial_pieces import BarredPiece, read_pieces
from generator.composers.biaxial_rolls import ARTICULATED, OCTAVE, PLAYED, STEPS_A_BAR
from generator.composers.biaxial_voice import Player
from generator.keyboard_corpus import split
from generator.keyboard_sheets import KEPT

CONSONANT = (0, 3, 4, 5, 7, 8, 9)  # semitones within an octave; the fourth counts
_CLASSES = 128


def baselines(lessons: list[BarredPiece], tests: list[BarredPiece]) -> dict[str, float]:
    """Nats a note-step of what knows nothing: each pitch by its own frequency; the last step once more, or a change.

    The second knows three frequencies of the lessons, by whether the note sounded at the step before and by the step's
    place in the bar: how often it plays, and, where it plays, how often it is struck.
    """
    return {
        "by_pitch": _table_nats(lessons, tests, lambda roll: np.broadcast_to(np.arange(roll.shape[1]), roll.shape[:2])),
        "last_step": _table_nats(lessons, tests, _before_and_beat),
    }


def _before_and_beat(roll: np.ndarray) -> np.ndarray:
    before = np.pad(roll[:-1, :, PLAYED], ((1, 0), (0, 0)))
    return before.astype(int) * STEPS_A_BAR + (np.arange(len(roll)) % STEPS_A_BAR)[:, None]


def _table_nats(
    lessons: list[BarredPiece], tests: list[BarredPiece], class_of: Callable[[np.ndarray], np.ndarray]
) -> float:
    """Of a table of two frequencies for each class, add-one smoothed."""
    seen, played, struck = np.zeros((3, _CLASSES))
    for piece in lessons:
        classes, roll = class_of(piece.roll), piece.roll
        seen += np.bincount(classes.ravel(), minlength=_CLASSES)
        played += np.bincount(classes.ravel(), roll[..., 0].ravel(), minlength=_CLASSES)
        struck += np.bincount(classes.ravel(), roll[..., 1].ravel(), minlength=_CLASSES)
    chance = np.stack([(played + 1) / (seen + 2), (struck + 1) / (played + 2)], axis=-1)
    nats = cells = 0.0
    for piece in tests:
        p, roll = chance[class_of(piece.roll)], piece.roll
        each = -np.log(np.where(roll == 1, p, 1 - p))
        nats += float((each[..., 0] + roll[..., 0] * each[..., 1]).sum())
        cells += each[..., 0].size
    return nats / cells


def heard(rolls: Sequence[np.ndarray]) -> dict[str, float]:
    """What can be told of music without ears."""
    sounding = np.concatenate([roll[..., PLAYED].sum(axis=1) for roll in rolls])
    struck = sum(int(roll[..., ARTICULATED].sum()) for roll in rolls)
    return {
        "steps_with_1_to_5_notes": round(float(np.mean((sounding >= 1) & (sounding <= 5))), 4),
        "notes_at_a_time": round(float(sounding.mean()), 3),
        "struck_a_bar": round(struck * STEPS_A_BAR / len(sounding), 2),
        "consonant": round(consonance(rolls), 4),
        "struck_on_a_quarter": round(_on_quarters(rolls), 4),
        "longest_silence_in_steps": max(longest_silence(roll[..., PLAYED].sum(axis=1)) for roll in rolls),
        "pitch_classes_a_bar": round(float(np.mean([_classes_a_bar(roll) for roll in rolls])), 3),
    }


def consonance(rolls: Sequence[np.ndarray]) -> float:
    """The share of pairs of notes that sound together, at every sixteenth, that are consonant."""
    counts = np.zeros(OCTAVE)
    for roll in rolls:
        played = roll[..., PLAYED].astype(np.int64)
        for apart in range(1, played.shape[1]):
            counts[apart % OCTAVE] += (played[:, apart:] * played[:, :-apart]).sum()
    return float(counts[list(CONSONANT)].sum() / max(1, counts.sum()))


def _on_quarters(rolls: Sequence[np.ndarray]) -> float:
    struck = sum(
        roll[: len(roll) // 4 * 4, :, ARTICULATED].reshape(-1, 4, roll.shape[1]).sum(axis=(0, 2)) for roll in rolls
    )
    return float(struck[0] / max(1, struck.sum()))


def _classes_a_bar(roll: np.ndarray) -> float:
    bars = roll[..., PLAYED].reshape(-1, STEPS_A_BAR, roll.shape[1]).any(axis=1)  # (bars, notes)
    return float(np.mean([len(set(np.flatnonzero(bar) % OCTAVE)) for bar in bars]))


def played(checkpoint: Path, count: int, bars: int = USUAL_BARS) -> tuple[list[np.ndarray], dict[str, float]]:
    """So many raw rolls, with how many would be kept and the seconds that each took."""
    player, began = Player.read(checkpoint), time.perf_counter()
    rolls = [player.played(bars * STEPS_A_BAR, np.random.default_rng([seed, 1])) for seed in range(count)]
    seconds = (time.perf_counter() - began) / count
    kept = sum(fault_of(roll) is None for roll in rolls)
    return rolls, {"kept": kept, "of": count, "seconds_a_piece": round(seconds, 2)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--data", nargs="+", default=["music21"])
    parser.add_argument("--n", type=int, default=20)
    args = parser.parse_args()
    player = Player.read(args.checkpoint)
    pieces = read_pieces(args.data, player.low, player.low + player.notes - 1, KEPT)
    lessons, tests = split(pieces, None)
    rolls, made = played(args.checkpoint, args.n)
    kept = [roll for roll in rolls if fault_of(roll) is None] or rolls
    told = {"baselines": baselines(lessons, tests), "corpus": heard([piece.roll for piece in tests])}
    sys.stdout.write(f"{json.dumps(told | {'its_own': made | heard(kept)})}\n")


if __name__ == "__main__":
    main()
