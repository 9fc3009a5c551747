"""Cuts ABC as people write it into tokens, and reads single ones; knows no tunes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from generator.notation import LETTERS, NotationError, Note, default_unit

# A text beyond these limits is no tune; without them one line could keep a reader busy for hours.
MOST_CHARACTERS, MOST_DIGITS, MOST_MARKS, MOST_RESTS = 30_000, 4, 4, 64
# Some write /2/2 for a quarter. Possessive, so that a long row of slashes is tried in one way only.
LENGTH = r"\d*(?:/++\d*+){0,3}+"
NOTE = r"(?:\^\^|__|\^|_|=)?[A-Ga-g][,']*" + LENGTH
TOKEN = re.compile(
    r"(?P<field>\[[A-Za-z]:[^\]]*\])"
    r"|(?P<meter>\[:\s*\d+/\d+\]|(?<=\])\d+/\d+(?=\s)|:\d+/\d+(?=\s))"
    r'|(?P<quoted>"[^"]*")'
    r"|(?P<grace>\{[^}]*\})"
    r"|(?P<decoration>![A-Za-z0-9.,<>()+^_/~-]+!|\+[A-Za-z0-9]+\+)"
    r"|(?P<tuplet>\([2-9](?::\d*)*)"
    r"|(?P<bar>:?\[\|\]?|(?::+\]?)?\|[|:\]]*|::+|:?\]|:)"
    r"|(?P<ending>\[\s*[1-9][\d,.-]*|(?<=[|:\]])[1-9][\d,.-]*)"
    r"|(?P<stack>\[(?:\s|" + NOTE + r"|[-.~HLMOPQSTuvJR()!+]|[xz]\d*)+\]" + LENGTH + ")"
    r"|(?P<note>" + NOTE + r")"
    r"|(?P<rest>[zx]" + LENGTH + ")"
    r"|(?P<measures>[ZX]\d*)"
    r"|(?P<tie>-)"
    r"|(?P<broken>[<>]+)"
    r"|(?P<spacer>y\d*)"
    r"|(?P<skip>=(?:20)?(?=$|[<>])|\[(?=\s)|\[\]|[\s()~.H-WVh-w*;`$\\!?@#+'])"
    r"|(?P<stray>\d+(?:/+\d*)?|/+\d*|,)"  # a length or an octave without its note: players pass over it
)


def lines_of(body: str) -> list[str]:
    """Lines without their comments. Two marks of old mail are undone: `=3D` for =, and a sharp or flat cut from its
    note by the line's end."""
    text = re.sub(r"^([\^_])\s*\n", r"\1", body.replace("\r", "").replace("=3D", "="), flags=re.MULTILINE)
    return [re.sub(r"(?<!\\)%.*", "", line).strip() for line in text.split("\n")]


def tokens_of(line: str) -> Iterator[tuple[str, str]]:
    """(kind, text) of each token. Raises NotationError where nothing fits."""
    at = 0
    while at < len(line):
        match = TOKEN.match(line, at)
        if not match:
            raise NotationError("many voices" if line[at] == "&" else "unparsable")
        yield match.lastgroup or "", match[0]
        at = match.end()


def unit_of(text: str | None, meter: str) -> Fraction:
    match = re.match(r"\s*1/(1|2|4|8|16|32)(?!\d)", text or "")
    if text and text.strip() and not match:
        raise NotationError("unit length")
    return Fraction(1, int(match[1])) if match else default_unit(meter)


def length_of(text: str) -> Fraction:
    top, *parts = re.findall(r"^\d*|/+|\d+", text)
    if max(map(len, (top, *parts))) > MOST_DIGITS or any(part.isdigit() and not int(part) for part in parts):
        raise NotationError("length")
    value = Fraction(int(top or 1))
    for slashes, bottom in pairwise([*parts, ""]):
        if slashes.startswith("/"):
            value /= int(bottom) if bottom.isdigit() else 2 ** len(slashes)
    if value <= 0:
        raise NotationError("length")
    return value


def note_of(text: str, unit: Fraction) -> Note:
    match = re.fullmatch(r"(\^\^|__|\^|_|=)?([A-Ga-g])([,']*)(.*)", text)
    if not match:
        raise NotationError("note")
    accidental, letter, marks, length = match.groups()
    if len(marks) > MOST_MARKS:
        raise NotationError("pitch")
    octave = (1 if letter.islower() else 0) + marks.count("'") - marks.count(",")
    return Note(LETTERS.index(letter.upper()) + 7 * octave, accidental or "", length_of(length) * unit * 8)


def sign_of(text: str) -> str:
    bare = text.replace("[", "")
    ends = bare.startswith(":") or re.search(r"\|:+[|\]]", bare) is not None
    starts = bare.endswith(":") and bare != ":"
    if ends and starts:
        return ":||:"
    if ends or starts:
        return ":|" if ends else "|:"
    if text == "[|]":
        return "|"
    return "|]" if "]" in bare else "||" if "||" in bare or text.startswith("[|") else "|"


def merged_sign(first: str, second: str) -> str:
    ends = first.startswith(":") or second.startswith(":")
    starts = first.endswith(":") or second.endswith(":")
    if ends or starts:
        return ":||:" if ends and starts else ":|" if ends else "|:"
    return max(first, second, key=("|", "||", "|]").index)
