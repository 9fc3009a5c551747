"""The melody of a tune in ABC as steps, which are the same in any key and any rhythm. Knows no models."""

from __future__ import annotations

import re

from generator import novelty
from generator.given.reading import read_tune

_VOICE = re.compile(r"^(?:V:|\[V:)[ \t]*(\w+)[^\]\n]*\]?(.*)$")


def melody_steps(abc: str) -> list[int]:
    """Signed diatonic steps between successive notes: ties merged, rests skipped, repeats not unfolded.

    Of several voices it is the first one's melody, of a chord the top note's. Raises BriefError for what is no tune.
    """
    return novelty.melody_steps(read_tune(first_voice(abc)).score)


def first_voice(abc: str) -> str:
    """The same text without the music of any voice but the first; as it is where it names none."""
    kept: list[str] = []
    first = voice = ""
    for line in abc.split("\n"):
        if match := _VOICE.match(line.rstrip()):
            voice, line = match[1], match[2]
            first = first or voice
            if not line.strip():
                continue
        if voice == first or re.match(r"[XTMLQRK]:", line):
            kept.append(line)
    return "\n".join(kept)
