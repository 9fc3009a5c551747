"""Counts the training tunes and writes what composing knows of them. Knows no models.

Written are tunes_index.npz, pickups.json and dotted.json.

`python -m generator.count_tunes FILE.jsonl.gz ...`; the same files give the same figures.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from generator.abc_files import read_rows
from generator.attributes import dotted_of
from generator.brief import METERS, RHYTHMS
from generator.corpora import scored
from generator.encoding import Tune, named_by_ear
from generator.notation import NotationError
from generator.novelty import INDEX_PATH, KnownTune, TuneIndex
from generator.plan import DOTTED_PATH, PICKUPS_PATH
from generator.structure import bar_spans

_RARE = 0.03  # a pickup that fewer tunes of a rhythm begin with is left out
_UNUSUAL = 0.1  # a share of dottedness under this is no way that the rhythm goes


def pickup_shares(tunes: Iterable[Tune]) -> dict[str, dict[str, float]]:
    """By meter and by rhythm, the share of tunes that begin with a pickup of so many eighths; 0.0 is none."""
    counts: dict[str, Counter[float]] = defaultdict(Counter)
    for tune in tunes:
        for group in {tune.rhythm, tune.score.meter} & {*METERS, *RHYTHMS}:
            counts[group][_pickup(tune)] += 1
    return {group: _common_shares(counts[group]) for group in sorted(counts)}


def _pickup(tune: Tune) -> float:
    first = bar_spans(tune.score)[0]
    return float(first.length) if first.length < first.measure else 0.0


def dotted_shares(tunes: Iterable[Tune]) -> dict[str, list[float]]:
    """By meter and by rhythm, the shares of tunes that are dotted next to never, sometimes and often."""
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for tune in tunes:
        for group in {tune.rhythm, tune.score.meter} & {*METERS, *RHYTHMS}:
            counts[group][dotted_of(tune.score)] += 1
    return {group: _usual_shares(counts[group]) for group in sorted(counts)}


def _usual_shares(counts: Counter[int]) -> list[float]:
    usual = [counts[step] if counts[step] >= _UNUSUAL * counts.total() else 0 for step in (1, 2, 3)]
    return [round(count / sum(usual), 3) for count in usual]


def _common_shares(counts: Counter[float]) -> dict[str, float]:
    common = {length: count for length, count in counts.items() if count >= _RARE * counts.total()}
    return {str(length): round(common[length] / sum(common.values()), 3) for length in sorted(common)}


def located_tunes(files: Iterable[Path]) -> list[tuple[Tune, str]]:
    """Every readable tune, with the file and line that it stands in."""
    found = []
    for path in files:
        for row in read_rows(path):
            try:
                found.append((scored(row), row.where))
            except NotationError:
                continue  # `corpora` counts and lists these
    return found


def index_of(located: Iterable[tuple[Tune, str]]) -> TuneIndex:
    return TuneIndex.built((t.score, KnownTune(" ".join(t.title.split()), t.source, where)) for t, where in located)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    located = located_tunes(parser.parse_args().files)
    tunes = [named_by_ear(tune) for tune, _ in located]
    index_of(located).save(INDEX_PATH)
    PICKUPS_PATH.write_text(json.dumps(pickup_shares(tunes), indent=1) + "\n")
    DOTTED_PATH.write_text(json.dumps(dotted_shares(tunes), indent=1) + "\n")
    sys.stderr.write(f"wrote {INDEX_PATH.name}, {PICKUPS_PATH.name}, {DOTTED_PATH.name} from {len(tunes)} tunes\n")


if __name__ == "__main__":
    main()
