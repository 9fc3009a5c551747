"""Counts how often the training tunes close a repeated part in two ways, and writes endings.json. Knows no models.

`python -m generator.count_endings FILE.jsonl.gz ...`; the same files give the same figures.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from generator.abc_files import read_rows
from generator.brief import METERS, RHYTHMS
from generator.corpora import scored
from generator.encoding import Tune
from generator.notation import NotationError
from generator.plan import ENDINGS_PATH, INNER, LAST, LEAST_WITH_ENDINGS
from generator.structure import parts

_RARE = 20  # repeated parts; fewer tell nothing of their rhythm


def ending_shares(tunes: Iterable[Tune]) -> dict[str, dict[str, float]]:
    """By meter and by rhythm, the share of repeated parts with two endings: of inner ones, and of last ones."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    twofold: dict[str, Counter[str]] = defaultdict(Counter)
    for tune in tunes:
        written = parts(tune.score)
        for index, spans in enumerate(written):
            if not _is_repeated(spans):
                continue
            place = LAST if index == len(written) - 1 else INNER
            for group in {tune.rhythm, tune.score.meter} & {*METERS, *RHYTHMS}:
                seen[group][place] += 1
                twofold[group][place] += any(span.ending == 2 for span in spans)
    return {
        group: {place: round(twofold[group][place] / count, 3) for place, count in sorted(seen[group].items())}
        for group in sorted(seen)
        if min(seen[group][place] for place in (INNER, LAST)) >= _RARE
    }


def _is_repeated(spans: list) -> bool:
    bars = sum(span.number is not None for span in spans)
    return bars >= LEAST_WITH_ENDINGS and any(span.closed_by.startswith(":") for span in spans)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    tunes = []
    for path in parser.parse_args().files:
        for row in read_rows(path):
            try:
                tunes.append(scored(row))
            except NotationError:
                continue  # `corpora` counts and lists these
    ENDINGS_PATH.write_text(json.dumps(ending_shares(tunes), indent=1) + "\n")
    sys.stderr.write(f"wrote {ENDINGS_PATH.name} from {len(tunes)} tunes\n")


if __name__ == "__main__":
    main()
