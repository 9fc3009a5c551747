"""What the corpus does by custom: tonics of a mode, meters, traditions, density and register of a rhythm.

priors.json is counted from a corpus by `python -m generator.prompts.count_priors FILE.jsonl.gz` and shipped.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import numpy as np

SHIPPED = Path(__file__).with_name("priors.json")
# A tune in another meter counts its quarter notes otherwise, so these alone are measured and offered.
METERS_OF_RHYTHM = {
    "reel": ("4/4", "2/2"), "jig": ("6/8",), "slip jig": ("9/8",), "hornpipe": ("4/4", "2/2"), "polka": ("2/4",),
    "march": ("4/4", "2/4", "2/2", "6/8"), "waltz": ("3/4",), "air": ("3/4", "4/4", "6/8"), "slide": ("12/8",),
    "strathspey": ("4/4",), "schottische": ("4/4",), "mazurka": ("3/4",), "polska": ("3/4",),
    "song": ("4/4", "3/4", "2/2", "6/8"), "hymn": ("4/4", "3/4"), "minuet": ("3/4",),
}  # fmt: skip
PLACES = np.linspace(0, 1, 21)


@lru_cache(maxsize=1)
def priors() -> dict:
    """The shipped counts and quantiles."""
    return json.loads(SHIPPED.read_text(encoding="utf-8"))


def place_of(value: float, rhythm: str, measure: str) -> float:
    """The place, 0 to 1, of a density (notes a quarter) or register (mean MIDI pitch) among tunes of that rhythm."""
    return float(np.interp(value, priors()[measure][rhythm], PLACES))
