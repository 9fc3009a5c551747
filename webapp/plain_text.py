"""What people write, as it is kept: plain text that looks the same to everybody who reads it."""

from __future__ import annotations

import re
import unicodedata

_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_MANY_BREAKS = re.compile(r"\n{3,}")
_UNSEEN = ("Cc", "Cf", "Cs")  # controls; fillers and what turns the order of letters round; halves of pairs
_JOINERS = "\u200c\u200d"  # Persian spelling and families of emoji need them
_FLAG_LETTERS = range(0xE0020, 0xE0080)  # the flags of Scotland and Wales are spelt with them


def plain_lines(text: str) -> str:
    """Paragraphs are kept, and never more than one empty line."""
    text = _BREAKS.sub("\n", unicodedata.normalize("NFC", text))
    text = "".join(sign if _is_kept(sign) else _instead(sign) for sign in text)
    return _MANY_BREAKS.sub("\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()


def plain_line(text: str) -> str:
    """Empty where nothing can be read in it."""
    line = " ".join(plain_lines(text).split())
    return line if can_be_read(line) else ""


def can_be_read(text: str) -> bool:
    return any(unicodedata.category(sign)[0] not in "ZCM" for sign in text)


def _is_kept(sign: str) -> bool:
    if sign == "\n" or sign in _JOINERS or ord(sign) in _FLAG_LETTERS:
        return True
    return unicodedata.category(sign) not in _UNSEEN


def _instead(sign: str) -> str:
    return " " if sign.isspace() else ""
