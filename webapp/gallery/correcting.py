"""Mistyped words to the nearest that public tunes are found by."""

from __future__ import annotations

import re

from webapp.gallery.models import Word
from webapp.gallery.search import near_words
from webapp.gallery.words import asked_words, is_learnt

MOST_CORRECTED = 3  # of one search
_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"


def corrected(text: str) -> str:
    """The text with each word that stands in no tune replaced by the nearest one that does; "" where none is."""
    words = asked_words(text)
    unknown = _unknown(words)
    if not 0 < len(unknown) <= MOST_CORRECTED:
        return ""
    meant = _meant(unknown)
    return _replaced(text, meant) if meant else ""


def _unknown(words: list[str]) -> list[str]:
    """The last word may be the beginning of a known one."""
    learnable = [word for word in words if is_learnt(word)]
    known = set(Word.objects.filter(word__in=learnable).values_list("word", flat=True))
    unknown = [word for word in learnable if word not in known]
    if unknown and unknown[-1] == words[-1] and Word.objects.filter(word__startswith=words[-1]).exists():
        unknown.pop()
    return unknown


def _meant(unknown: list[str]) -> dict[str, str]:
    near = near_words(unknown)
    one_off = {word: _one_off(word) for word in unknown}
    close = Word.objects.filter(word__in=set().union(*one_off.values())).values_list("word", "uses")
    found = dict(close)
    meant = {}
    for word in unknown:
        candidates = dict(near.get(word, ())) | {w: found[w] for w in one_off[word] & found.keys()}
        if best := _nearest(word, candidates):
            meant[word] = best
    return meant


def _nearest(word: str, candidates: dict[str, int]) -> str:
    """Of several as near the one in most tunes. A short word may be off by one letter, a longer one by two."""
    most = 1 if len(word) < 6 else 2
    ranked = [(off, -uses, known) for known, uses in candidates.items() if (off := distance(word, known, most)) <= most]
    return min(ranked)[2] if ranked else ""


def distance(one: str, other: str, most: int) -> int:
    """Letters added, left out, mistaken or swapped with the next; `most` + 1 for more than that."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, sign in enumerate(other, 1):
            off = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != sign))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == sign:
                off = min(off, last[j - 2] + 1)
            row.append(off)
        if min(row) > most:
            return most + 1
    return row[-1]


def _one_off(word: str) -> set[str]:
    """Every word that is one letter away: short ones share too few groups of three letters to be found by them."""
    if not word.isascii():
        return set()
    splits = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    fewer = {a + b[1:] for a, b in splits if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in splits if len(b) > 1}
    other = {a + letter + b[1:] for a, b in splits if b for letter in _ALPHABET}
    more = {a + letter + b for a, b in splits for letter in _ALPHABET}
    return fewer | swapped | other | more


def _replaced(text: str, meant: dict[str, str]) -> str:
    """Word by word, so that what was typed right stays as it was typed."""
    out = []
    for part in re.split(r"(\s+)", text):
        words = asked_words(part)
        out.append(" ".join(meant.get(word, word) for word in words) if set(words) & meant.keys() else part)
    return "".join(out)
