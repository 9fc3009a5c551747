"""The melody of a tune in ABC as steps, which are the same in any key and any rhythm. Knows no models."""

from __future__ import annotations

from generator import novelty
from generator.given.reading import read_tune


def melody_steps(abc: str) -> list[int]:
    """Signed diatonic steps between successive notes: ties merged, rests skipped, repeats not unfolded.

    Raises BriefError for what is no tune.
    """
    return novelty.melody_steps(read_tune(abc).score)
