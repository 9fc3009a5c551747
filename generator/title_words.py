"""The words that titles are made of, five languages of them, and how each language puts them together."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from generator.prompts.keywords import Hit

WORDS_PATH = Path(__file__).parent / "titles.json"
LANGUAGES = ("en", "de", "es", "fr", "zh")
_GENDER = re.compile(r" [mf]$")  # behind a French noun whose article hides it


@dataclass(frozen=True)
class Concept:
    """A picture of the prompt: body, fixed (a body that stays where it is), bare (without an article), land, time or
    event."""

    kind: str
    noun: str  # with its article where the language has genders; may be empty
    places: tuple[str, ...]


@dataclass(frozen=True)
class Mood:
    """What fits a feeling when the prompt gives no picture, or only one."""

    manners: list[str]
    things: list[str]
    places: list[str]
    doings: list[str]


class Words:
    """One language's words."""

    def __init__(self, language: str) -> None:
        table = _tables()
        self.language, self.table = language, table[language]
        self.kinds, self.rhythms = table["kinds"], self.table["rhythms"]

    def mood(self, name: str) -> Mood:
        moods = self.table["moods"]
        return Mood(**moods[name if name in moods else _tables()["coarse_moods"][name]])

    def tradition_places(self, tradition: str | None) -> list[str]:
        return self.table["places"].get(tradition or "", [])

    def concept(self, hit: Hit) -> Concept | None:
        """What a word of the prompt stands for, where there is a picture of it."""
        gloss = hit.term.gloss if hit.term else ""
        # The lexicon puts a kitten and a puppy in one line: what they feel like is one, what they are is not.
        keys = _forms(hit.text) if gloss in _tables()["mixed"] else (*_forms(hit.text), gloss)
        key = next((key for key in keys if key in self.table["words"]), None)
        if key is None:
            return None
        noun, *places = self.table["words"][key]
        return Concept(self.kinds[key], noun, tuple(places))

    def named(self, noun: str, *, bare: bool = False) -> str:
        """`The Sea`, `Das Meer`, `海`; a bare noun stands alone."""
        if self.language == "en" and not bare:
            return f"The {noun}"
        return _capital(_GENDER.sub("", noun))

    def described(self, noun: str, manner: str) -> str | None:
        """`The Grey Sea`, `Das graue Meer`, `La mer grise`, `灰色的海`.

        None where the noun's gender is not told or it has its own adjective.
        """
        if self.language == "en":
            return None if " " in noun.replace("'s ", "") else f"The {manner} {noun}"
        if self.language == "zh":
            return f"{manner}的{noun}"
        article, _, rest = noun.partition(" ")
        if " " in _GENDER.sub("", rest) or ("'" in article and rest not in "mf"):
            return None
        if self.language == "de":
            weak = manner.removesuffix("e") + "e"
            return _capital(f"{article} {weak} {rest}") if article in ("der", "die", "das") else None
        woman = noun.startswith("la ") or noun.endswith(" f")
        if not (woman or noun.startswith(("el ", "le ")) or noun.endswith(" m")):
            return None
        return _capital(f"{_GENDER.sub('', noun)} {manner.split('/')[woman]}")

    def placed(self, what: str, place: str) -> str:
        if self.language == "zh":
            return f"{place}{'' if '的' in what else '的'}{what}"
        return f"{what} {place}"

    def done(self, doing: str, place: str) -> str:
        return f"{place}{doing}" if self.language == "zh" else f"{doing} {place}"

    def danced(self, concept: Concept, rhythm: str) -> str | None:
        """`The Sea Waltz`, `Walzer am Meer`."""
        name = self.rhythms[rhythm]
        if self.language == "en":
            plain = concept.noun and concept.kind != "time" and rhythm != "air"
            return f"The {concept.noun} {name}" if plain else None
        return self.placed(name, concept.places[0]) if concept.places else None

    def dedicated(self, name: str, rhythm: str) -> str:
        what, link = self.rhythms[rhythm], {"en": "for", "de": "für", "es": "para", "fr": "pour"}.get(self.language)
        article = ("An " if what[0] in "AEIOU" else "A ") if self.language == "en" else ""
        return f"给{name}的{what}" if link is None else f"{article}{what} {link} {name}"

    def repeats_itself(self, title: str) -> bool:
        """Whether a word, or in Chinese a character, stands in it twice."""
        pieces = list(title.replace("的", "")) if self.language == "zh" else _roots(title)
        return len(set(pieces)) < len(pieces)


def mood_of_style(style: str | None, *, minor: bool, fast: bool) -> str:
    unstyled = ("dark" if fast else "sad") if minor else ("glad" if fast else "calm")
    return _tables()["moods_of_styles"].get(style or "", unstyled)


@cache
def words_of(language: str) -> Words:
    return Words(language if language in LANGUAGES else "en")


@cache
def _tables() -> dict:
    return json.loads(WORDS_PATH.read_text(encoding="utf-8"))


def _forms(text: str) -> tuple[str, ...]:
    plain = text.casefold()
    singular = re.sub(r"ves$", "f", plain), re.sub(r"ies$", "y", plain), re.sub(r"es$", "", plain), plain.rstrip("s")
    return (plain, *singular)


def _roots(title: str) -> list[str]:
    folded = "".join(c for c in unicodedata.normalize("NFKD", title.casefold()) if not unicodedata.combining(c))
    return [word[:5] for word in re.findall(r"[a-z]+", folded) if len(word) > 3]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
