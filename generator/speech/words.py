"""What may be said, and how likely: the lexicon's English words, words of music, and the small words between them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from generator.prompts.lexicon import read_terms, split_words

FOLDER = Path(__file__).parent
FEELING, PICTURE = 3.0, 1.0
PICTURE_OR_FEELING = max(FEELING, PICTURE)
START, END = "<s>", "</s>"
_CLASSES = {
    "A": "a b c d e f g",
    "R": "jig reel hornpipe polska polka strathspey mazurka minuet waltz hymn air march tune song",
    "V": "very so really truly deeply extremely utterly totally completely too most more slightly somewhat little bit "
    "almost quite rather not no never without nothing hardly barely neither nor less",
    "^": START,
    "$": END,
}


@dataclass(frozen=True)
class Sayings:
    """How often words are said, alone and in pairs; only the proportions count."""

    words: dict[str, float]
    pairs: dict[tuple[str, str], float]


def sayings() -> Sayings:
    feelings, words = _lexicon_words()
    for weight, listed in _lines("small_words.txt"):
        for word in listed.split():
            words[word] = max(words.get(word, 0.0), weight)
    return Sayings(words, _pairs(feelings))


def _lexicon_words() -> tuple[set[str], dict[str, float]]:
    feelings: set[str] = set()
    words: dict[str, float] = {}
    for term in read_terms():
        for word in split_words(term.text) if term.language == "en" else ():
            words[word] = max(words.get(word, 0.0), FEELING if term.subject == "feelings" else PICTURE)
            if term.subject == "feelings":
                feelings.add(word)
    return feelings, words


def _pairs(feelings: set[str]) -> dict[tuple[str, str], float]:
    pairs: Counter = Counter()
    for term in read_terms():
        if term.language == "en":
            pairs.update(pairwise(split_words(term.text)))
    classes = {name: listed.split() for name, listed in _CLASSES.items()} | {"F": sorted(feelings)}
    for weight, listed in _lines("phrases.txt"):
        for phrase in listed.split(", "):
            for first, second in pairwise(phrase.split()):
                for one in classes.get(first, [first]):
                    for other in classes.get(second, [second]):
                        pairs[one, other] += weight
    return dict(pairs)


def _lines(name: str) -> list[tuple[float, str]]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    parted = [line.split("|") for line in lines if line and not line.startswith("#")]
    return [(float(weight), listed) for weight, listed in parted]


def followers(pairs: dict[tuple[str, str], float]) -> dict[str, dict[str, float]]:
    out: dict[str, dict[str, float]] = defaultdict(dict)
    for (first, second), weight in pairs.items():
        out[first][second] = weight
    return out
