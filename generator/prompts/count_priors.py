"""Counts what the corpus does by custom and writes priors.json; knows tunes, no prompts.

`python -m generator.prompts.count_priors FILE.jsonl.gz ...`
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from generator.brief import MODES, RHYTHMS, TONICS, TRADITIONS
from generator.harmony import signature
from generator.notation import NotationError, parse, sounding, split_key
from generator.prompts.priors import METERS_OF_RHYTHM, PLACES, SHIPPED

# A Swedish waltz written without more ado is close to a polska, so a waltz looks for its custom elsewhere.
NOT_OFFERED = {("waltz", "swedish"), ("minuet", "swedish")}


def count_priors(tunes: Iterable[dict]) -> dict:
    """Counts and quantiles over corpus lines that carry M, L, K, R, tradition and abc."""
    modes: Counter[str] = Counter()
    tonics: dict[str, Counter[str]] = {mode: Counter() for mode in MODES}
    meters: dict[str, Counter[str]] = {rhythm: Counter() for rhythm in RHYTHMS}
    traditions: dict[str, Counter[str]] = {rhythm: Counter() for rhythm in RHYTHMS}
    measured: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for tune in tunes:
        _count_key(tune["K"], modes, tonics)
        rhythm = tune["R"]
        if rhythm in meters and tune["M"] in METERS_OF_RHYTHM[rhythm]:
            meters[rhythm][tune["M"]] += 1
            _count_tradition(tune, traditions[rhythm])
            measured[rhythm] += _measured(tune)
    return {
        "modes": dict(modes),
        "tonics": {mode: _offered_tonics(mode, counts) for mode, counts in tonics.items()},
        "meters": {rhythm: dict(counts) for rhythm, counts in meters.items()},
        "traditions": {rhythm: dict(counts) for rhythm, counts in traditions.items()},
        "density": {rhythm: _quantiles([pair[0] for pair in measured[rhythm]]) for rhythm in RHYTHMS},
        "register": {rhythm: _quantiles([pair[1] for pair in measured[rhythm]]) for rhythm in RHYTHMS},
    }


def _count_key(key: str, modes: Counter[str], tonics: dict[str, Counter[str]]) -> None:
    try:
        tonic, mode = split_key(key)
    except NotationError:
        return
    modes[mode] += 1
    tonics[mode][tonic] += 1


def _count_tradition(tune: dict, counts: Counter[str]) -> None:
    if tune["tradition"] in TRADITIONS and (tune["R"], tune["tradition"]) not in NOT_OFFERED:
        counts[tune["tradition"]] += 1


def _offered_tonics(mode: str, counts: Counter[str]) -> dict[str, int]:
    """At most three sharps or two flats. One is added to each, so that a rare mode still has a choice."""
    return {tonic: counts[tonic] + 1 for tonic in TONICS if -2 <= signature(tonic, mode) <= 3}


def _measured(tune: dict) -> list[tuple[float, float]]:
    """Notes a quarter and mean pitch; empty where the tune cannot be read."""
    try:
        score = parse(tune["abc"], meter=tune["M"], key=tune["K"], unit=tune["L"])
        events = sounding(score)
    except (NotationError, ValueError):
        return []
    pitches = [pitch for _, _, pitch in events if pitch is not None]
    quarters = float(sum(length for _, length, _ in events)) / 2
    return [(len(pitches) / quarters, float(np.mean(pitches)))] if pitches and quarters else []


def _quantiles(values: list[float]) -> list[float]:
    return [round(float(value), 3) for value in np.quantile(values, PLACES)]


def _lines(paths: Iterable[Path]) -> Iterator[dict]:
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            yield from map(json.loads, file)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    counted = count_priors(_lines(parser.parse_args().files))
    SHIPPED.write_text(json.dumps(counted, separators=(",", ":")) + "\n", encoding="utf-8")
    sys.stderr.write(f"wrote {SHIPPED.name}\n")


if __name__ == "__main__":
    main()
