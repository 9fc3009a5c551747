"""Prints how many labelled prompts land in the right quadrant: `python -m generator.prompts.measure FILE.json`.

The file is a list of {"text", "valence", "arousal", "kind"}; a label of 0 counts as either sign.
`--without lexicon` and `--without model` leave one voice out; `--list` names the prompts that went wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path
from unittest.mock import patch

from generator.prompts import feeling


def right_quadrant(said: float, label: float) -> bool:
    return label == 0 or said * label > 0


def measure(prompts: list[dict]) -> dict[str, list[dict]]:
    """By kind: each prompt with its reading and whether both signs are right."""
    by_kind: dict[str, list[dict]] = defaultdict(list)
    for prompt in prompts:
        reading = feeling.read_feeling(prompt["text"])
        right = right_quadrant(reading.valence, prompt["valence"]) and right_quadrant(
            reading.arousal, prompt["arousal"]
        )
        by_kind[prompt["kind"]].append(prompt | {"said": (reading.valence, reading.arousal), "right": right})
    return by_kind


def _without(voice: str | None) -> patch.multiple:
    """The mixer with one voice silent."""
    if voice == "model":
        return patch.multiple(feeling, WHOLE_PROMPT=0.0, WHOLE_PICTURE=0.0, UNKNOWN_WORD=0.0)
    if voice == "lexicon":
        return patch.multiple(feeling, _spoken=lambda hit: feeling.Voice(0.0, 0.0, 0.0, 0.0))
    return patch.multiple(feeling, WHOLE_PROMPT=feeling.WHOLE_PROMPT)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--without", choices=["lexicon", "model"])
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    with _without(options.without):
        by_kind = measure(json.loads(options.file.read_text(encoding="utf-8")))
    for kind, rows in sorted(by_kind.items()):
        _say(kind, rows, wrong_ones=options.list)
    _say("all", [row for rows in by_kind.values() for row in rows], wrong_ones=False)


def _say(kind: str, rows: list[dict], *, wrong_ones: bool) -> None:
    right = sum(row["right"] for row in rows)
    sys.stdout.write(f"{kind:6} {right:3} of {len(rows):3}  {right / len(rows):.3f}\n")
    for row in rows if wrong_ones else ():
        if not row["right"]:
            label = (row["valence"], row["arousal"])
            sys.stdout.write(f"       {row['text']}: said {row['said']}, labelled {label}\n")


if __name__ == "__main__":
    main()
