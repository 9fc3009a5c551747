"""Guesses the dictionary forms of a word by its endings; knows five languages a little, no meanings."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

# Each rule is (ending, what may stand in its place). Longer endings come first.
_ENGLISH = (
    ("iness", "y"), ("ness", ""), ("ily", "y"), ("ly", ""), ("ies", "y"), ("ied", "y"), ("iest", "y"), ("ier", "y"),
    ("ing", ""), ("ing", "e"), ("est", ""), ("er", ""), ("ed", ""), ("ed", "e"), ("es", ""), ("s", ""), ("d", ""),
)  # fmt: skip
_GERMAN = (
    ("ender", "en"), ("endes", "en"), ("ende", "en"), ("enden", "en"), ("end", "en"), ("eren", ""), ("erer", ""),
    ("eres", ""), ("sten", ""), ("ste", ""), ("test", "en"), ("ten", "en"), ("te", "en"), ("en", ""), ("er", ""),
    ("es", ""), ("em", ""), ("st", "en"), ("t", "en"), ("e", ""), ("n", ""), ("s", ""), ("e", "en"), ("", "e"),
    ("", "en"),
)  # fmt: skip
_SPANISH = (
    ("amente", "o"), ("mente", ""), ("ciones", "cion"), ("ces", "z"), ("as", "o"), ("os", "o"), ("as", "a"),
    ("es", ""), ("s", ""), ("a", "o"), ("o", "a"), ("ando", "ar"), ("iendo", "er"), ("iendo", "ir"), ("aba", "ar"),
    ("aban", "ar"), ("ia", "er"), ("ado", "ar"), ("ada", "ar"), ("ido", "er"), ("an", "ar"), ("en", "er"),
    ("en", "ir"), ("a", "ar"), ("o", "ar"), ("e", "er"), ("e", "ir"), ("ito", "o"), ("ita", "a"),
)  # fmt: skip
_FRENCH = (
    ("euses", "eux"), ("euse", "eux"), ("ives", "if"), ("ive", "if"), ("elles", "el"), ("elle", "el"), ("ement", ""),
    ("ment", ""), ("aux", "al"), ("ees", "e"), ("ee", "e"), ("ees", "er"), ("ee", "er"), ("es", ""), ("es", "er"),
    ("s", ""), ("x", ""), ("e", ""), ("ent", "er"), ("ant", "er"), ("ait", "er"), ("aient", "er"), ("e", "er"),
    ("it", "ir"), ("ont", "ir"),
)  # fmt: skip
_RULES = {"en": _ENGLISH, "de": _GERMAN, "es": _SPANISH, "fr": _FRENCH}
_SHORTEST = 3


def folded(text: str) -> str:
    """Lower case without accents, with ß as ss: people leave the marks out, and the lexicon should not care."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def forms(word: str, language: str) -> Iterator[str]:
    """The folded word itself, then its possible dictionary forms, most likely first."""
    yield word
    for ending, instead in _RULES.get(language, ()):
        stem = word.removesuffix(ending) if ending else word
        if word.endswith(ending) and len(stem) >= _SHORTEST:
            yield stem + instead
            if language == "en" and instead == "" and len(stem) > _SHORTEST and stem[-1] == stem[-2]:
                yield stem[:-1]  # running, sobbed
    if language == "de":
        for digraph, vowel in (("ae", "a"), ("oe", "o"), ("ue", "u")):
            if digraph in word:
                yield word.replace(digraph, vowel)
