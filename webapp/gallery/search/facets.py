"""What a tune can be filtered by as words, so that one index knows rare combinations of anything."""

from __future__ import annotations

from collections.abc import Mapping


def facet_words(named: Mapping[str, str], chords: bool | None) -> list[str]:
    """`=key:D` and the like: no word of a text begins with =."""
    words = [f"={name}:{value.replace(' ', '_')}" for name, value in named.items() if value]
    return words if chords is None else [*words, f"=chords:{'yes' if chords else 'no'}"]
