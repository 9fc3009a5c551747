"""How well a WaveNet plays: bits a sample against baselines, pitches that come out as asked, loudness, and speed.

    python -m generator.measures.playing CHECKPOINT --data FILES… [--tunes N] [--temperature T]

Prints one line of JSON. Every other tune that is chosen serves the baselines alone, which must count on something.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from generator.composers.wavenet_voice import Player, step_in_numpy
from generator.sounds import LEVELS, RATE, SILENCE, Sounded, conditions, from_mu_law, mu_law, notes_in_time, sampled

SECONDS = 4
_SHORTEST = RATE // 12  # a note must last so long for its pitch to be measured
_WINDOW = 8192
_STEPS = 1000  # of the slower ways of stepping that are timed


def heard_pitch(sound: np.ndarray) -> float:
    """The fundamental as a MIDI pitch with fractions, by autocorrelation: the first lag nearly as good as the best.

    None is heard in silence: 0.
    """
    sound = sound - sound.mean()
    if np.sqrt(np.mean(sound**2)) < 0.005:
        return 0.0
    spectrum = np.fft.rfft(sound * np.hanning(len(sound)), 2 * _WINDOW)
    alike = np.fft.irfft(np.abs(spectrum) ** 2)
    window = np.fft.irfft(np.abs(np.fft.rfft(np.hanning(len(sound)), 2 * _WINDOW)) ** 2)
    alike, lags = alike / np.maximum(window, 1e-3 * window[0]), np.arange(len(alike))
    near = slice(RATE // 1400, min(RATE // 150, len(sound) // 2))
    here = alike[near]
    peaks = np.flatnonzero((here[1:-1] >= here[:-2]) & (here[1:-1] > here[2:])) + 1
    if not len(peaks):
        return 0.0
    first = peaks[here[peaks] > 0.9 * here[peaks].max()][0]
    return 69 + 12 * np.log2(RATE / _summit(here, first, lags[near][first]) / 440)


def _summit(curve: np.ndarray, at: int, lag: int) -> float:
    """Between samples: the top of the parabola through three points."""
    left, top, right = curve[at - 1 : at + 2]
    return lag + 0.5 * (left - right) / (left - 2 * top + right)


def share_of_right_pitches(sound: np.ndarray, notes: Sequence[Sounded]) -> float:
    """Of the notes long enough to be measured, those within a quarter tone of what was asked."""
    right = [
        abs(heard_pitch(sound[note.start + 160 : note.end - 120]) - note.pitch) < 0.5
        for note in notes
        if note.end - note.start >= _SHORTEST and note.end <= len(sound)
    ]
    return float(np.mean(right)) if right else float("nan")


def loudness(sound: np.ndarray) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(sound**2)))


def baselines(levels: Sequence[np.ndarray], learned: Sequence[np.ndarray]) -> dict[str, float]:
    """Bits a sample of guessing by how common each level is, and of guessing that the last sample comes again.

    The latter as a histogram of the steps from one level to the next, both counted on other tunes.
    """
    known, steps = np.ones(LEVELS), np.ones(2 * LEVELS)
    for one in learned:
        np.add.at(known, one, 1)
        np.add.at(steps, np.diff(one.astype(int)) + LEVELS, 1)
    common, again = -np.log2(known / known.sum()), -np.log2(steps / steps.sum())
    order_0 = np.mean(np.concatenate([common[one] for one in levels]))
    last = np.mean(np.concatenate([again[np.diff(one.astype(int)) + LEVELS] for one in levels]))
    return {"order_0": round(float(order_0), 3), "last_again": round(float(last), 3)}


def bits_per_sample(player: Player, levels: np.ndarray, told: np.ndarray) -> float:
    logits = player.logits(levels, told).astype(np.float64)
    logits -= logits.max(axis=1, keepdims=True)
    chosen = logits[np.arange(len(levels)), levels] - np.log(np.exp(logits).sum(axis=1))
    return float(-chosen.mean() / np.log(2))


def speeds(path: Path, told: np.ndarray) -> dict[str, float]:
    """Seconds of computing for a second of sound: the same cached step three ways, and torch without a cache."""
    player = Player.read(path)
    melody, rings = player.melody(told), player.rings()
    plain = _seconds(lambda: [step_in_numpy(player.matrices, rings, n, SILENCE, melody[n]) for n in range(_STEPS)])
    step = _TorchStep(player)
    in_torch = _seconds(lambda: [step(n, SILENCE, melody[n]) for n in range(_STEPS)])
    list(player.play(told[:8], seed=0, temperature=1.0))  # compiles
    compiled = _seconds(lambda: list(player.play(told[:RATE], seed=0, temperature=1.0)))
    cached = {"numpy": plain * RATE / _STEPS, "torch": in_torch * RATE / _STEPS, "compiled": compiled}
    return {name: round(seconds, 2) for name, seconds in (cached | {"torch_uncached": _in_torch(path, told)}).items()}


class _TorchStep:
    """`step_in_numpy` in torch: what its calls cost beside the same products."""

    def __init__(self, player: Player) -> None:
        import torch

        self.torch = torch
        self.m = {name: torch.from_numpy(np.array(array)) for name, array in player.matrices._asdict().items()}
        self.rings = torch.from_numpy(player.rings())
        self.places = list(zip(player.matrices.starts.tolist(), player.matrices.dilations.tolist(), strict=True))

    def __call__(self, at: int, level: int, melody: np.ndarray) -> np.ndarray:
        torch, m = self.torch, self.m
        with torch.inference_mode():
            x, told = m["enter"][level], torch.from_numpy(melody)
            residual, skips = len(x), torch.zeros(len(m["mix"]))
            for layer, (start, dilation) in enumerate(self.places):
                place = start + at % dilation
                sums = torch.cat((self.rings[place], x)) @ m["gates"][layer] + told[layer]
                self.rings[place] = x
                z = torch.tanh(sums[:residual]) * torch.sigmoid(sums[residual:])
                out = torch.addmv(m["leave_bias"][layer], m["leave"][layer].T, z)
                x, skips = x + out[:residual], skips + out[residual:]
            mixed = torch.relu(torch.relu(skips) @ m["mix"] + m["mix_bias"])
            return (mixed @ m["levels"] + m["levels_bias"]).numpy()


def _in_torch(path: Path, told: np.ndarray) -> float:
    """Each sample from the whole receptive field again, as without a cache."""
    import torch

    from generator import checkpoints
    from generator.composers.wavenet import WaveNet, WaveNetConfig

    network = WaveNet(WaveNetConfig(**checkpoints.read_metadata(path)["config"])).eval()
    checkpoints.load_weights(path, network)
    field = network.config.receptive_field
    before = torch.full((1, field), SILENCE)
    window = torch.from_numpy(told[:field])[None]
    with torch.no_grad():
        return _seconds(lambda: [network(before, window) for _ in range(10)]) * RATE / 10


def _seconds(work: Any) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def measured(path: Path, melodies: Sequence[list[Sounded]], *, temperature: float, seed: int = 1) -> dict[str, Any]:
    player = Player.read(path)
    length = SECONDS * RATE
    rows = []
    for notes in melodies:
        told, asked = conditions(notes, 0, length), sampled(notes, 0, length)
        sound = from_mu_law(np.concatenate(list(player.play(told, seed=seed, temperature=temperature))))
        rests = ~told.any(axis=1)
        rows.append({
            "bits": bits_per_sample(player, mu_law(asked), told),
            "right": share_of_right_pitches(sound, notes),
            "right_sampled": share_of_right_pitches(asked, notes),
            "loudness": loudness(sound), "loudness_sampled": loudness(asked),
            "in_rests": loudness(sound[rests]) if rests.any() else 0.0,
        })  # fmt: skip
    means = {name: round(float(np.mean([row[name] for row in rows])), 4) for name in rows[0]}
    return {"tunes": len(rows), "seconds_each": SECONDS, "temperature": temperature, **means}


def main() -> None:
    from generator.corpora import read_corpus

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--data", nargs="+", required=True)
    parser.add_argument("--tunes", type=int, default=12)
    parser.add_argument("--temperature", type=float, default=1.0)
    asked = parser.parse_args()
    corpus = read_corpus(asked.data)
    step = max(1, len(corpus.tunes) // (2 * asked.tunes))
    melodies = [notes_in_time(tune.score, qpm=120)[0] for tune in corpus.tunes[::step]][: 2 * asked.tunes]
    tests, others = melodies[::2], melodies[1::2]
    levels = [[mu_law(sampled(notes, 0, SECONDS * RATE)) for notes in some] for some in (tests, others)]
    told = conditions(tests[0], 0, SECONDS * RATE)
    result = measured(asked.checkpoint, tests, temperature=asked.temperature)
    print(json.dumps(result | baselines(*levels) | {"seconds_of_computing": speeds(asked.checkpoint, told)}))


if __name__ == "__main__":
    main()
