"""What the first lines of an ABC text tell: its title, and what it says of key, meter, rhythm and tempo."""

from __future__ import annotations

import re
from fractions import Fraction

from generator import RHYTHMS, BriefError, Conditions, conditions_from_dict, title_of

UNTITLED = "A tune of your own"
_COMMON = {"C": "4/4", "C|": "2/2"}


def title_in(abc: str) -> str:
    return title_of(_field(abc, "T"))


def retitled(abc: str, title: str) -> str:
    """The same music under another name; a text without a T: line gets one after its X: line."""
    # % begins a remark and \ an escape there; their wide twins look alike and mean nothing.
    line = f"T:{title}".replace("%", "％").replace("\\", "＼")
    if re.search(r"^T:", abc, re.MULTILINE):
        return re.sub(r"^T:[^\n]*", lambda _: line, abc, count=1, flags=re.MULTILINE)
    return re.sub(r"^(X:[^\n]*\n)?", lambda match: f"{match[1] or ''}{line}\n", abc, count=1)


def conditions_in(abc: str) -> Conditions:
    """What can be read off the header; what cannot be read, or contradicts the rest, is left free."""
    meter = _field(abc, "M")
    rhythm = _field(abc, "R").lower().rstrip("s")
    found = Conditions()
    for name, value in (
        ("key", _field(abc, "K").split(" ")[0]),
        ("meter", _COMMON.get(meter, meter)),
        ("rhythm", rhythm if rhythm in RHYTHMS else None),
        ("tempo_qpm", _tempo(_field(abc, "Q"))),
    ):
        found = _with(found, name, value)
    return found


def _with(found: Conditions, name: str, value: object) -> Conditions:
    try:
        return conditions_from_dict(found.as_dict() | {name: value})
    except BriefError:
        return found


def _field(abc: str, letter: str) -> str:
    match = re.search(rf"^{letter}:[ \t]*([^\n%]*)", abc, re.MULTILINE)
    return match[1].strip() if match else ""


def _tempo(text: str) -> int | None:
    """Quarter notes a minute, from Q: in its usual forms: 96, 1/4=96, 3/8=120."""
    match = re.search(r"(?:([0-9]{1,2})/([1-9][0-9]?)\s*=\s*)?([0-9]{1,3})\b", text)
    if match is None:
        return None
    beat = Fraction(int(match[1]), int(match[2])) if match[1] else Fraction(1, 4)
    return round(int(match[3]) * 4 * beat)
