"""Measures composers that write letters: how many of their samples can be read, have right bars, are anybody's.

Run as: python -m generator.measures.letters CHECKPOINT... [--n N] [--seed S]
Samples are taken as they come, before any is refused; a good one can be read and has right bars. One line of JSON each.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from itertools import groupby
from pathlib import Path

import numpy as np

from generator.brief import Brief, ComposeFailed
from generator.checks import bars_right, novel, repeats_closed
from generator.composers import letters_mended, letters_writing
from generator.composers.letters_alone import MENDED
from generator.composers.letters_voice import BrokenCheckpoint, LetterNetwork
from generator.midi import MidiError, midi_bytes
from generator.notation import KEY_SUFFIX, NotationError, Score, parse
from generator.novelty import shipped_index

_TOGETHER = 40  # texts a step
_TIMED = 8  # pieces composed one by one, as for listeners
Read = tuple[Score | None, str]  # a score, or why there is none


def main(arguments: list[str] | None = None) -> int:
    args = _arguments(arguments)
    try:
        for path in args.checkpoints:
            print(json.dumps(measured(LetterNetwork.read(path), count=args.n, seed=args.seed)), flush=True)
    except BrokenCheckpoint as wrong:
        print(wrong, file=sys.stderr)
        return 2
    return 0


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m generator.measures.letters", description=__doc__)
    parser.add_argument("checkpoints", nargs="+", type=Path, metavar="CHECKPOINT")
    parser.add_argument("--n", type=int, default=200, help="samples of each")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(arguments)


def measured(network: LetterNetwork, *, count: int, seed: int) -> dict:
    """Shares of all samples; `held_out_bits` is a raw character's for a faithful composer."""
    work = canonical_samples if network.composer.endswith(MENDED) else raw_samples
    seeds = list(range(seed, seed + count))
    read = [one for at in range(0, count, _TOGETHER) for one in work(network, seeds[at : at + _TOGETHER])]
    return {
        "composer": network.composer,
        "samples": count,
        **shares([score for score, _ in read]),
        "reasons": dict(Counter(reason for _, reason in read if reason)),
        "abc2midi_of_read": _midi_share([score for score, _ in read if score]),
        "seconds_a_piece": seconds_a_piece(network, seed),
        "held_out_bits": network.told["history"][-1]["bits_per_character"],
    }


def raw_samples(network: LetterNetwork, seeds: list[int]) -> list[Read]:
    """The first tune of each that can be read, as the page would take it."""
    rngs = [np.random.default_rng([seed, 1]) for seed in seeds]
    first = [network.characters[int(rng.integers(len(network.characters)))] for rng in rngs]
    texts = network.together(first, rngs, letters_writing.CHARACTERS)
    return [first_tune(start + text) for start, text in zip(first, texts, strict=True)]


def first_tune(text: str) -> Read:
    reason = "no X:"
    for tune in letters_writing.cut(text):
        if isinstance(tune, str):
            try:
                return letters_writing.read(tune), ""
            except NotationError as wrong:
                reason = str(wrong)
    return None, reason


def canonical_samples(network: LetterNetwork, seeds: list[int]) -> list[Read]:
    """One attempt each, under a header as the collection has them."""
    headers = network.told["headers"]
    asked = [letters_mended.settled(Brief("", seed=seed), headers) for seed in seeds]
    begun = [f"M:{c.meter}\nK:{c.key}{KEY_SUFFIX[c.mode]}\n" for c in asked]
    rngs = [np.random.default_rng([seed, 1]) for seed in seeds]
    texts = network.together(begun, rngs, letters_mended.LONGEST, until="\n", least=letters_mended.LEAST)
    return [_canonical(start, text) for start, text in zip(begun, texts, strict=True)]


def _canonical(begun: str, text: str) -> Read:
    meter, key = (line[2:] for line in begun.split())
    body, end, _ = text.partition("\n")
    if not end:
        return None, "too long"
    try:
        return parse(body, meter=meter, key=key, unit="1/8"), ""
    except NotationError as wrong:
        return None, str(wrong)


def shares(scores: list[Score | None]) -> dict:
    """Of all samples, unreadable ones counted among them; tries until a good one, the longest wait at the last."""
    found = [score for score in scores if score]
    good = [bool(score) and bars_right(score).ok for score in scores]
    index = shipped_index()
    waits = [len(list(group)) for is_good, group in groupby(good) if not is_good]
    return {
        "read": round(len(found) / len(scores), 3),
        "bars": round(sum(bars_right(score).value for score in found) / max(1, len(found)), 3),
        "good": round(sum(good) / len(scores), 3),
        "repeats_closed": round(sum(repeats_closed(score).ok for score in found) / len(scores), 3),
        "near_duplicates": round(sum(not novel(score, index).ok for score in found) / len(scores), 3),
        "tries_for_a_good_one": round(len(scores) / sum(good), 1) if any(good) else None,
        "most_tries": max(waits, default=0) + 1,
    }


def _midi_share(scores: list[Score]) -> float:
    def plays(score: Score) -> bool:
        try:
            return bool(midi_bytes(f"X:1\n{score.text}"))
        except MidiError:
            return False

    return round(sum(map(plays, scores)) / max(1, len(scores)), 3)


def seconds_a_piece(network: LetterNetwork, seed: int) -> float:
    """By the road that listeners take, one after the other, refused attempts and failures included."""
    road = letters_mended if network.composer.endswith(MENDED) else letters_writing
    began = time.perf_counter()
    for number in range(seed, seed + _TIMED):
        try:
            list(road.compose(Brief("a tune", seed=number, composer=network.composer), network, ""))
        except ComposeFailed:
            continue
    return round((time.perf_counter() - began) / _TIMED, 2)


if __name__ == "__main__":
    sys.exit(main())
