"""What people write about themselves, made fit to be shown: no signs that nobody sees, no tricks with direction."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError

JOINER = "\u200d"  # holds a family of emoji together


def one_line(text: str) -> str:
    return " ".join(_shown(text).split())


def some_lines(text: str) -> str:
    lines = (" ".join(line.split()) for line in _shown(text, keep="\n").split("\n"))
    return "\n".join(lines).strip()


def must_be_seen(text: str) -> None:
    """A name of spaces and fillers is no name."""
    if not any(unicodedata.category(sign)[0] in "LNSP" for sign in text):
        raise ValidationError("Write a name that others can see.")


def _shown(text: str, keep: str = "") -> str:
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    return "".join(sign if _is_shown(sign, keep) else _instead(sign) for sign in text)


def _is_shown(sign: str, keep: str) -> bool:
    return sign in keep or sign == JOINER or unicodedata.category(sign)[0] != "C"


def _instead(sign: str) -> str:
    return " " if sign.isspace() else ""
