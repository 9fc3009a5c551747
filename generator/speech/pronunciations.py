"""How words are said: pocketsphinx's dictionary, also as without R in Britain, and a rule for words that it lacks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

Phones = tuple[str, ...]
Dictionary = dict[str, list[Phones]]

_VOWELS = frozenset("AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW".split())
_SUFFIXES = {
    "ness": ("N", "AH", "S"),
    "less": ("L", "AH", "S"),
    "ment": ("M", "AH", "N", "T"),
    "ing": ("IH", "NG"),
    "er": ("ER",),
    "y": ("IY",),
    "s": ("Z",),
}
_PREFIXES = {"un": ("AH", "N")}
_BRITISH = (("our", "or"), ("bre", "ber"))  # splendour, sombre: the dictionary writes as Americans do


def read_dictionary(path: Path) -> Dictionary:
    """Every word with its pronunciations, the usual one first."""
    out: Dictionary = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            word, *phones = line.split()
            out.setdefault(word.partition("(")[0], []).append(tuple(phones))
    return out


def pronounced(words: Iterable[str], dictionary: Dictionary) -> tuple[Dictionary, list[str]]:
    """The words' pronunciations, and the words that nothing tells how to say."""
    out: Dictionary = {}
    left_out = []
    for word in words:
        said = dictionary.get(word) or _by_rule(word, dictionary)
        if said:
            out[word] = list(dict.fromkeys([*said, *map(without_r, said)]))
        else:
            left_out.append(word)
    return out, left_out


def without_r(phones: Phones) -> Phones:
    """As in most of England: an R is said before vowels only."""
    out = []
    for place, phone in enumerate(phones):
        before_vowel = place + 1 < len(phones) and phones[place + 1] in _VOWELS
        after_vowel = place > 0 and phones[place - 1] in _VOWELS
        if phone == "R" and after_vowel and not before_vowel:
            continue
        out.append("AH" if phone == "ER" and place and not before_vowel else phone)
    return tuple(out)


def _by_rule(word: str, dictionary: Dictionary) -> list[Phones]:
    """Of its parts: another spelling, an ending, a beginning, two words written as one."""
    for british, american in _BRITISH:
        if word.endswith(british) and word.removesuffix(british) + american in dictionary:
            return dictionary[word.removesuffix(british) + american]
    for ending, phones in _SUFFIXES.items():
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 2:
            for known in (stem, stem + "e", stem.removesuffix("i") + "y"):
                if known in dictionary:
                    return [(*said, *phones) for said in dictionary[known]]
    for beginning, phones in _PREFIXES.items():
        if word.startswith(beginning) and word.removeprefix(beginning) in dictionary:
            return [(*phones, *said) for said in dictionary[word.removeprefix(beginning)]]
    return _of_two_words(word, dictionary)


def _of_two_words(word: str, dictionary: Dictionary) -> list[Phones]:
    for cut in range(len(word) - 3, 2, -1):
        first, second = dictionary.get(word[:cut]), dictionary.get(word[cut:])
        if first and second:
            return [(*first[0], *second[0])]
    return []
