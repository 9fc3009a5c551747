"""Music of one's own that a tune starts from: as sent, as the generator takes it, as the row keeps it."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict

from generator import GIVEN_TASKS, BriefError, Given

LONGEST_ABC = 12_000  # characters; a tune of 64 bars has about 3,000, and reading this many takes under a second
HIGHEST_BAR = 999  # whether a tune has that bar is for the generator to say
USUAL_STRENGTH = 0.5
_RANGE = re.compile(r"([0-9]{1,3})(?:\s*[-–—]\s*([0-9]{1,3}))?")  # people type dashes of every length
_BARS = "Write bars as 5-8, or as 5, 7."


def given_from(sent: object) -> Given:
    """From an object {"abc", "task", "bars", "strength"}. Raises BriefError with everything that is wrong."""
    if not isinstance(sent, Mapping):
        raise BriefError({"given": "Given music is an object with abc and task."})
    faults: dict[str, str] = {}
    unknown = set(sent) - {"abc", "task", "bars", "strength"}
    faults |= {str(name): "Given music has nothing of this name." for name in unknown}
    given = Given(
        abc=_abc(sent.get("abc"), faults),
        task=_task(sent.get("task"), faults),
        bars=_bars(sent.get("bars"), faults),
        strength=_strength(sent.get("strength"), faults),
    )
    if faults:
        raise BriefError(faults)
    return given


def abc_from(sent: object) -> str:
    """A text that may be looked at as music. Raises BriefError."""
    faults: dict[str, str] = {}
    abc = _abc(sent, faults)
    if faults:
        raise BriefError(faults)
    return abc


def given_columns(given: Given | None) -> dict:
    return asdict(given) | {"bars": list(given.bars)} if given else {}


def given_of(given: Mapping) -> Given | None:
    """Back from the row. Chords are found without composing, so a row that only got new ones gives none."""
    if given.get("task") not in GIVEN_TASKS:
        return None
    return Given(given["abc"], given["task"], tuple(given["bars"]), given["strength"])


def bars_in(text: str) -> tuple[int, ...]:
    """ "5-8, 11" as numbers, each once, in order. Raises ValueError."""
    numbers: set[int] = set()
    for piece in re.split(r"[,;]", text):
        match = _RANGE.fullmatch(piece.strip())
        if match is None:
            raise ValueError(text)
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first:
            raise ValueError(text)
        numbers |= set(range(first, last + 1))
    return tuple(sorted(numbers))


def _abc(sent: object, faults: dict[str, str]) -> str:
    if not isinstance(sent, str) or not sent.strip():
        faults["abc"] = "Paste a tune in ABC: a line M: with its meter, a line K: with its key, then its bars."
    elif len(sent) > LONGEST_ABC:
        faults["abc"] = f"This is too long for one tune: it has {len(sent)} characters, and {LONGEST_ABC} is the most."
    elif any(unicodedata.category(character) in ("Cc", "Cs") for character in sent if character not in "\r\n\t"):
        faults["abc"] = "There are characters in it that cannot be read; please paste it again."
    else:
        return sent.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return ""


def _task(sent: object, faults: dict[str, str]) -> str:
    if isinstance(sent, str) and sent in GIVEN_TASKS:
        return sent
    faults["task"] = f"Say what to do with it: {', '.join(GIVEN_TASKS[:-1])} or {GIVEN_TASKS[-1]}."
    return ""


def _bars(sent: object, faults: dict[str, str]) -> tuple[int, ...]:
    if sent is None or sent in ("", []):
        return ()
    try:
        bars = bars_in(sent) if isinstance(sent, str) else _numbers(sent)
    except ValueError:
        faults["bars"] = _BARS
        return ()
    if bars and not (bars[0] >= 1 and bars[-1] <= HIGHEST_BAR):
        faults["bars"] = f"Bars are counted from 1, and {HIGHEST_BAR} is the last that can be named."
    return bars


def _numbers(sent: object) -> tuple[int, ...]:
    if not isinstance(sent, list | tuple) or len(sent) > HIGHEST_BAR:
        raise ValueError(sent)
    if not all(isinstance(bar, int) and not isinstance(bar, bool) for bar in sent):
        raise ValueError(sent)
    return tuple(sorted(set(sent)))


def _strength(sent: object, faults: dict[str, str]) -> float:
    if sent in (None, ""):
        return USUAL_STRENGTH
    if isinstance(sent, int | float) and not isinstance(sent, bool) and math.isfinite(sent) and 0 <= sent <= 1:
        return float(sent)
    faults["strength"] = "The strength is a number from 0 to 1: the share of bars written anew."
    return USUAL_STRENGTH
