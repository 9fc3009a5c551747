"""Writes words.dict and words.arpa, which the recogniser reads: `python -m generator.speech.build`, half a minute.

What our lexicon and phrases say is mixed with how usual words and pairs are in pocketsphinx's own model of English.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from pathlib import Path
from statistics import median

import pocketsphinx

from generator.speech.language_model import arpa
from generator.speech.pronunciations import Dictionary, pronounced, read_dictionary
from generator.speech.words import END, PICTURE_OR_FEELING, START, Sayings, sayings

FOLDER = Path(__file__).parent
MODEL = Path(pocketsphinx.get_model_path()) / "en-us"
_UNIT = math.log(1.0001)  # of the model's logarithms
_RAREST = 2e-8
_USUAL = 0.35  # exponent: how far the usual is preferred among feelings and pictures
_PAIRS = 10.0  # what all of English's pairs after a word weigh, beside ours
_AFTER_START = 0.3  # a prompt does not begin as a sentence does
_LIKELY, _LIKELIER = 2e-4, 2.0  # pairs are kept that are so likely, and so many times likelier than the word alone


def main() -> None:
    said = sayings()
    known, left_out = pronounced(sorted(said.words), read_dictionary(MODEL / "cmudict-en-us.dict"))
    language = arpa(mixed(said, known), known)
    (FOLDER / "words.dict").write_text(dictionary_text(known), encoding="utf-8")
    (FOLDER / "words.arpa").write_text(language, encoding="utf-8")
    sys.stdout.write(f"{len(known)} words; nothing tells how to say {len(left_out)}: {', '.join(left_out)}\n")


def mixed(said: Sayings, known: Iterable[str]) -> Sayings:
    """Our sayings, the usual words of them heavier, with the pairs that English likes among these words."""
    english = pocketsphinx.NGramModel.readfile(str(MODEL / "en-us.lm.bin"))
    usual = {word: max(_RAREST, math.exp(english.prob([word]) * _UNIT)) for word in known}
    middle = median(usual.values())
    words = {
        word: weight * ((usual[word] / middle) ** _USUAL if weight <= PICTURE_OR_FEELING and len(word) > 1 else 1)
        for word, weight in said.words.items()
        if word in usual
    }
    pairs = dict(said.pairs)
    for first in (*usual, START):
        weight = _PAIRS * (_AFTER_START if first == START else 1)
        for second in (*usual, END):
            chance = math.exp(english.prob([second, first]) * _UNIT)  # the word itself stands before what it follows
            if chance > _LIKELY and chance > _LIKELIER * usual.get(second, 0):
                pairs[first, second] = pairs.get((first, second), 0.0) + weight * chance
    return Sayings(words, pairs)


def dictionary_text(known: Dictionary) -> str:
    lines = [
        f"{word}{f'({number})' if number > 1 else ''} {' '.join(phones)}"
        for word, said in known.items()
        for number, phones in enumerate(said, start=1)
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
