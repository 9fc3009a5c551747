"""What may stand in a comment: plain text that looks the same to everybody who reads it."""

from __future__ import annotations

import re
import unicodedata

# They turn the order of the letters round, also of what stands after them.
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_MANY_BREAKS = re.compile(r"\n{3,}")


class WordsError(ValueError):
    """A sentence says what is wrong with the text."""


def clean_words(text: str, longest: int, *, may_be_empty: bool = False) -> str:
    """The text as it is kept. Raises WordsError where nothing can be read in it, or where it is too long."""
    if "\x00" in text:
        raise WordsError("There is a character in it that cannot be kept. Write it once more without.")
    text = plain_words(text)
    if not can_be_read(text):
        if may_be_empty:
            return ""
        raise WordsError("Write a few words first.")
    if len(text) > longest:
        raise WordsError(f"That is {len(text) - longest:,} characters too long; {longest:,} are the most.")
    return text


def plain_words(text: str) -> str:
    text = _BREAKS.sub("\n", unicodedata.normalize("NFC", text)).translate(_TURNING)
    text = "".join(letter for letter in text if letter == "\n" or unicodedata.category(letter) not in ("Cc", "Cs"))
    return _MANY_BREAKS.sub("\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()


def can_be_read(text: str) -> bool:
    return any(unicodedata.category(letter)[0] not in "ZCM" for letter in text)
