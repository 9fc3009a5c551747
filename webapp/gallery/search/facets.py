"""What a tune can be filtered by as terms of the inverted index: each by itself, and each two together.

Two filters that many tunes pass may be passed together by few: as one term these are found at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

NAMED = ("style", "key", "mode", "meter", "rhythm", "composer")


def facet_terms(named: Mapping[str, str], chords: bool | None) -> list[str]:
    """Each filter stands in one term at least. No word of a text begins with =."""
    names = [name for name in NAMED if name in named]
    pairs = [names[at : at + 2] for at in range(0, len(names), 2)]
    if len(names) > 1 and len(pairs[-1]) == 1:
        pairs[-1] = [names[-2], names[-1]]
    terms = ["".join(f"={name}:{named[name]}" for name in pair) for pair in pairs]
    return terms if chords is None else [*terms, f"=chords:{str(chords).lower()}"]


def facets_in_sql() -> str:
    """The array of a row's terms, as an expression of its columns."""
    single = {name: f"'={name}:' || {name}" for name in NAMED}
    pairs = [f"{single[one]} || {single[other]}" for one, other in combinations(NAMED, 2)]
    return f"ARRAY[{', '.join([*single.values(), *pairs])}, '=chords:' || chords::text]"
