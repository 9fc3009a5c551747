"""The first bars of an ABC text, for a card."""

from __future__ import annotations

import re

_HEADER_LINE = re.compile(r"^[A-Za-z]:|^%")
# A chord symbol may hold anything but its own quote, so it is stepped over whole.
_BAR_END = re.compile(r'"[^"]*"|(:?\|[\]:|]?)')


def opening_of(abc: str, bars: int = 2) -> str:
    """Header and first bars, whole; a pickup does not count as a bar."""
    lines = abc.splitlines()
    header = [line for line in lines if _HEADER_LINE.match(line)]
    body = " ".join(line for line in lines if not _HEADER_LINE.match(line))
    return "\n".join([*header, _first_bars(body, bars)]) if body.strip() else ""


def _first_bars(body: str, bars: int) -> str:
    ends = [m for m in _BAR_END.finditer(body) if m.group(1)]
    if not ends:
        return body
    # Before the first line there may be nothing, or a pickup shorter than the bar that follows it.
    first_is_short = _notes(body[: ends[0].start()]) * 2 <= _notes(body[ends[0].end() : _start(ends, 1, body)])
    last = min(bars - 1 + first_is_short, len(ends) - 1)
    return body[: ends[last].start()].rstrip() + " |"


def _start(ends: list[re.Match], index: int, body: str) -> int:
    return ends[index].start() if len(ends) > index else len(body)


def _notes(text: str) -> int:
    return len(re.findall(r"[A-Ga-gz]", re.sub(r'"[^"]*"', "", text)))
