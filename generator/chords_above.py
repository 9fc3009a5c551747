"""Chord symbols over a staff that is written already. Knows neither notes by name nor chords."""

from __future__ import annotations

import re
from collections.abc import Iterator

_STAFF = "[V:1] "  # the staff that they stand over, as two_staves writes it
_EVENT = re.compile(r"(?:\[[^\]]*\]|[=_^]*[A-Ga-g][,']*|z)(\d*)-?")


def with_chords(lines: Iterator[str], chords: tuple[str, ...], middle: int) -> Iterator[str]:
    """The texts of two_staves.written with a symbol over each bar, two where a comma joins them.

    The second stands over the first note at or after `middle`, counted in the staff's units.
    """
    at = 0
    for line in lines:
        if line.startswith(_STAFF):
            bars = re.split(r" (?=\|)", line.removeprefix(_STAFF))
            music = [bar.removeprefix("| ") for bar in bars[:-1]]
            marked = [_marked(bar, chords[at + place], middle) for place, bar in enumerate(music)]
            at += len(music)
            line = f"{_STAFF}{' | '.join(marked)} {bars[-1]}"
        yield line


def _marked(bar: str, chord: str, middle: int) -> str:
    first, _, second = chord.partition(",")
    text, onset = f'"{first}"', 0
    end = 0
    for event in _EVENT.finditer(bar):
        if second and onset >= middle:
            return f'{text}{bar[end : event.start()]}"{second}"{bar[event.start() :]}'
        text += bar[end : event.end()]
        end, onset = event.end(), onset + int(event[1] or 1)
    return text + bar[end:]
