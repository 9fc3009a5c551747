"""The first bars of an ABC text, for a card."""

from __future__ import annotations

import re

_VOICE_LINE = re.compile(r"^(?:V:|\[V:)[ \t]*(\w{1,8})\b[^\]\n]*\]?(.*)$")
_HEADER_LINE = re.compile(r"^[A-Za-z]:|^%")
# A chord symbol may hold anything but its own quote, so it is stepped over whole.
_BAR_END = re.compile(r'"[^"]*"|(:?\|[\]:|]?)')


def opening_of(abc: str, bars: int = 2) -> str:
    """Header and first bars, whole; a pickup does not count as a bar."""
    lines = abc.splitlines()
    if len({match[1] for line in lines if (match := _VOICE_LINE.match(line))}) > 1:
        return _opening_of_voices(lines, bars)
    header = [line for line in lines if _HEADER_LINE.match(line)]
    body = " ".join(line for line in lines if not _HEADER_LINE.match(line))
    return "\n".join([*header, _first_bars(body, bars)]) if body.strip() else ""


def _opening_of_voices(lines: list[str], bars: int) -> str:
    """Header, clefs, and each voice's first bars; voices that begin together have the same bars."""
    key = next((at for at, line in enumerate(lines) if line.startswith("K:")), len(lines))
    clefs = [line for line in lines[key + 1 :] if line.startswith("V:") and "clef=" in line]
    music: dict[str, str] = {}
    voice = ""
    for line in lines[key + 1 :]:
        if match := _VOICE_LINE.match(line):
            voice, line = match[1], match[2]
        if not _HEADER_LINE.match(line):
            music[voice] = f"{music.get(voice, '')} {line}"
    openings = [f"V:{name}\n{_whole_bars(body, bars)}" for name, body in music.items() if body.strip()]
    return "\n".join([*lines[: key + 1], *clefs, *openings]) if openings else ""


def _whole_bars(body: str, bars: int) -> str:
    ends = [m for m in _BAR_END.finditer(body) if m.group(1)]
    return body[: ends[min(bars, len(ends)) - 1].start()].strip() + " |" if ends else body.strip()


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
