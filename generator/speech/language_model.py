"""Writes how likely words are, alone and after one another, as ARPA text, which recognisers read."""

from __future__ import annotations

import math
from collections.abc import Collection

from generator.speech.words import END, START, Sayings, followers

_ENDS = 0.15  # times as often as all words together does a prompt end
_TO_SINGLE_WORDS = 0.6  # of what is known of pairs, as much again is left to pairs nobody thought of
_AT_LEAST = 4.0


def arpa(sayings: Sayings, known: Collection[str]) -> str:
    """Bigrams interpolated with single words (Jelinek and Mercer 1980), for words that can be pronounced."""
    weights = {word: weight for word, weight in sayings.words.items() if word in known}
    weights[END] = _ENDS * sum(weights.values())
    total = sum(weights.values())
    single = {word: weight / total for word, weight in weights.items()}
    left, pairs = _pairs(sayings, single)
    lines = ["\\data\\", f"ngram 1={len(single) + 1}", f"ngram 2={len(pairs)}", "", "\\1-grams:"]
    lines.append(f"-99 {START} {_log(left.get(START, 1.0))}")
    lines += [f"{_log(chance)} {word} {_log(left.get(word, 1.0))}" for word, chance in sorted(single.items())]
    lines += ["", "\\2-grams:", *pairs, "", "\\end\\", ""]
    return "\n".join(lines)


def _pairs(sayings: Sayings, single: dict[str, float]) -> tuple[dict[str, float], list[str]]:
    """What each word leaves to words that were not foreseen after it, and the lines of the pairs."""
    left: dict[str, float] = {}
    lines: list[str] = []
    for first, seconds in sorted(followers(sayings.pairs).items()):
        seen = {second: weight for second, weight in seconds.items() if second in single}
        if not seen or (first != START and first not in single):
            continue
        counted = sum(seen.values())
        kept = max(_AT_LEAST, counted * _TO_SINGLE_WORDS)
        left[first] = kept / (counted + kept)
        lines += [
            f"{_log((weight + kept * single[second]) / (counted + kept))} {first} {second}"
            for second, weight in sorted(seen.items())
        ]
    return left, lines


def _log(chance: float) -> str:
    return f"{math.log10(chance):.4f}"
