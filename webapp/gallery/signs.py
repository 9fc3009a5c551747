"""Signs of what a row holds: a few bits for each word and each turn of the melody, small enough to stand in an index.

A row that lacks a bit of what is asked for cannot hold it, so it is passed over without being looked up; of those that
have all the bits a few in a hundred still do not hold it. Bloom 1970, "Space/time trade-offs in hash coding".
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from webapp.gallery.melodies import RUNS, runs_of

WORD_BITS, MELODY_BITS = 256, 128
BITS = 64  # of one column
COLUMNS = tuple(f"sign_{number}" for number in range(1, (WORD_BITS + MELODY_BITS) // BITS + 1))
BEGINNING = 3  # letters that the beginning of a word is known by


def signs_of(words: Iterable[str], melody: str) -> dict[str, int]:
    """By column, as the database keeps whole numbers."""
    return _columns(_word_bits(words, words) | _melody_bits(melody) << WORD_BITS)


def asked_signs(words: Iterable[str], beginning: str, melody: str) -> dict[str, int]:
    """What a row's columns must have, at least; columns of which nothing is asked are left out."""
    beginnings = [*words, *([beginning] if len(beginning) >= BEGINNING else [])]
    bits = _word_bits(words, beginnings) | _melody_bits(melody) << WORD_BITS
    return {name: value for name, value in _columns(bits).items() if value}


def _word_bits(words: Iterable[str], beginnings: Iterable[str]) -> int:
    bits = 0
    for text in {*words, *(f"^{word[:BEGINNING]}" for word in beginnings)}:
        number = zlib.crc32(text.encode())
        bits |= 1 << number % WORD_BITS | 1 << (number >> 16) % WORD_BITS
    return bits


def _melody_bits(melody: str) -> int:
    bits = 0
    for run in runs_of(melody, RUNS[:1]):
        bits |= 1 << (run * 40503 >> 6) % MELODY_BITS
    return bits


def _columns(bits: int) -> dict[str, int]:
    parts = [bits >> BITS * number & (1 << BITS) - 1 for number in range(len(COLUMNS))]
    return {name: part - (part >> BITS - 1 << BITS) for name, part in zip(COLUMNS, parts, strict=True)}
