"""The hand-made lexicon of feeling words and images in five languages; looks words up, judges no prompt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from generator.prompts.stems import folded, forms

FOLDER = Path(__file__).with_name("lexicon")
LANGUAGES = ("en", "de", "es", "fr", "zh")  # the order of a line's columns
# A named feeling tells more than a picture, and a picture more than a pace.
FILES = {"feelings": 1.0, "life": 0.75, "nature": 0.7, "images": 0.7, "sound": 0.8}


@dataclass(frozen=True)
class Term:
    """A word or short phrase with its reading. The gloss is its English name, one for all languages."""

    text: str
    gloss: str
    language: str
    valence: float
    arousal: float
    trust: float  # of its file
    subject: str  # its file


@dataclass
class Lexicon:
    """All terms of one language, by their folded first word (or first character, for Chinese)."""

    language: str
    starts: dict[str, list[tuple[tuple[str, ...], Term]]] = field(default_factory=dict)

    def add(self, term: Term) -> None:
        pieces = tuple(term.text) if self.language == "zh" else tuple(split_words(term.text))
        entries = self.starts.setdefault(pieces[0], [])
        if all(known != pieces for known, _ in entries):  # the first line that has a word keeps it
            entries.append((pieces, term))
            entries.sort(key=lambda entry: -len(entry[0]))

    def match(self, words: Sequence[str], start: int) -> tuple[Term, int] | None:
        """The longest term that begins at words[start], and how many words it takes."""
        for form in self._forms(words[start]):
            for pieces, term in self.starts.get(form, ()):
                if self._follows(pieces[1:], words[start + 1 :]):
                    return term, len(pieces)
        return self._compound(words[start]) if self.language == "de" else None

    def knows(self, word: str) -> bool:
        return any(len(pieces) == 1 for form in self._forms(word) for pieces, _ in self.starts.get(form, ()))

    def _forms(self, word: str) -> Sequence[str]:
        return (word,) if self.language == "zh" else tuple(forms(word, self.language))

    def _follows(self, rest: Sequence[str], words: Sequence[str]) -> bool:
        if len(rest) > len(words):
            return False
        return all(piece in self._forms(word) for piece, word in zip(rest, words, strict=False))

    def _compound(self, word: str) -> tuple[Term, int] | None:
        """German writes its pictures in one word: the last known half decides, Sturmnacht is read as Nacht or Sturm."""
        for cut in range(3, len(word) - 3):
            head, tail = word[:cut], word[cut:]
            tail_term = self._single(tail)
            head_term = self._single(head) or self._single(head.rstrip("s"))
            if head_term and tail_term:
                return max(head_term, tail_term, key=lambda term: abs(term.valence) + abs(term.arousal)), 1
        return None

    def _single(self, word: str) -> Term | None:
        for form in self._forms(word):
            for pieces, term in self.starts.get(form, ()):
                if len(pieces) == 1:
                    return term
        return None


def split_words(text: str) -> list[str]:
    """Folded words; apostrophes and hyphens part them, as they do in prompts."""
    return "".join(letter if letter.isalnum() else " " for letter in folded(text)).split()


@lru_cache(maxsize=1)
def lexicons() -> dict[str, Lexicon]:
    """One lexicon a language, read from the folder's tables."""
    out = {language: Lexicon(language) for language in LANGUAGES}
    for term in read_terms():
        out[term.language].add(term)
    return out


@lru_cache(maxsize=1)
def emoji() -> dict[str, Term]:
    """One term a sign, glossed in English; the same in every language."""
    out = {}
    for line in (FOLDER / "emoji.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            gloss, reading, signs = line.split("|")
            valence, arousal = (int(number) / 10 for number in reading.split())
            out |= {sign: Term(sign, gloss, "emoji", valence, arousal, 0.8, "emoji") for sign in signs}
    return out


def read_terms() -> list[Term]:
    """Every term of every table, in the tables' order."""
    terms = []
    for subject, trust in FILES.items():
        for line in (FOLDER / f"{subject}.txt").read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                terms += _terms_of_line(line, subject, trust)
    return terms


def _terms_of_line(line: str, subject: str, trust: float) -> list[Term]:
    english, reading, *others = line.split("|")
    valence, arousal = (int(number) / 10 for number in reading.split())
    gloss = english.split(",")[0].strip()
    columns = zip(LANGUAGES, (english, *others), strict=False)  # a picture may have English words alone
    return [
        Term(text.strip(), gloss, language, valence, arousal, trust, subject)
        for language, column in columns
        for text in column.split(",")
        if text.strip()
    ]
