"""Text to the words it is found by: without accents, in small letters, and Chinese and Japanese in pairs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST_WORD = 40
MOST_WORDS = 20  # of a search; what comes after them is not looked for
# Han and kana are written without blanks: each pair of signs is a word, and so is each sign.
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
_IS_CJK = re.compile(f"[{_CJK}]")
_APOSTROPHES = re.compile(r"(?<=\w)['’ʼ](?=\w)")  # o'neill's is one word


def words_of(text: str) -> list[str]:
    """In the order of the text; a picture such as 🎻 is a word of its own."""
    plain = _plain(text)
    found: list[str] = []
    for match in re.finditer(rf"{_RUN.pattern}|.", plain, re.DOTALL):
        run = match[0]
        if _IS_CJK.match(run):
            found += _pairs(run)
        elif _RUN.match(run):
            found.append(run[:LONGEST_WORD])
        elif unicodedata.category(run) == "So":
            found.append(run)
    return found


def asked_words(text: str) -> list[str]:
    """What a search for this text looks for."""
    plain = _plain(text)
    return list(dict.fromkeys(_without_single_signs(plain)))[:MOST_WORDS]


def tag_word(name: str) -> str:
    """A tag as one word that nobody's text holds: no word of a text begins with #."""
    return "#" + re.sub(r"[\x00-\x7f]", lambda sign: sign[0] if sign[0].isalnum() else "_", _plain(name))


def written(words: Iterable[str]) -> str:
    """Each word once, between blanks: ` lantern tide `."""
    return f" {' '.join(sorted(set(words)))} "


def _plain(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if unicodedata.category(c) != "Mn")
    return _APOSTROPHES.sub("", unicodedata.normalize("NFKC", bare).casefold())


def _pairs(run: str) -> list[str]:
    return [*run, *(run[at : at + 2] for at in range(len(run) - 1))]


def _without_single_signs(plain: str) -> Iterable[str]:
    """Where somebody asks for a run of signs its pairs say it all."""
    for part in re.split(rf"([{_CJK}]+)", plain):
        if _IS_CJK.match(part) and len(part) > 1:
            yield from (part[at : at + 2] for at in range(len(part) - 1))
        else:
            yield from words_of(part)


def is_learnt(word: str) -> bool:
    """Whether a mistyped word may have meant this one: words of letters, not of Chinese signs, and no tags."""
    return len(word) > 2 and word[0] != "#" and word.isalnum() and not _IS_CJK.match(word)
