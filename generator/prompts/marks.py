"""Small words that turn, strengthen or weaken a feeling, in five languages; knows no feelings itself."""

from __future__ import annotations

from functools import lru_cache

from generator.prompts.lexicon import FOLDER, split_words

Marks = dict[str, list[tuple[tuple[str, ...], frozenset[str]]]]


@lru_cache(maxsize=1)
def _all_marks() -> dict[str, Marks]:
    """For each language the marks by their first word: the words of each and the kinds it may be, longest first."""
    kinds: dict[str, dict[tuple[str, ...], set[str]]] = {}
    for line in (FOLDER / "marks.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        language, kind, phrases = line.split("|")
        for phrase in phrases.split(", "):
            pieces = tuple(phrase) if language == "zh" else tuple(split_words(phrase))
            kinds.setdefault(language, {}).setdefault(pieces, set()).add(kind)
    return {language: _by_first_word(found) for language, found in kinds.items()}


def _by_first_word(kinds: dict[tuple[str, ...], set[str]]) -> Marks:
    out: Marks = {}
    for pieces, names in sorted(kinds.items(), key=lambda item: -len(item[0])):
        out.setdefault(pieces[0], []).append((pieces, frozenset(names)))
    return out


def marks(language: str) -> Marks:
    """The marks of a language; English ones where none is known."""
    return _all_marks().get(language, _all_marks()["en"])
