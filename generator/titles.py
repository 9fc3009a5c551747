"""What a tune is called: while it waits its prompt, then a name made of what was understood. Knows no models."""

from __future__ import annotations

import hashlib
import random
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import permutations
from typing import TYPE_CHECKING

from generator.brief import TRADITIONS, Conditions

if TYPE_CHECKING:
    from generator.title_words import Concept

LONGEST = 60
# Which kinds of picture can say where or when a kind is: snow is in the village, no village in the wedding.
_COMPANY = {"body": ("body", "fixed", "bare", "land", "time", "event"), "fixed": ("body", "bare", "land", "time"),
            "event": ("body", "fixed", "bare", "land", "time"), "bare": ("body", "fixed", "land", "time"),
            "land": ("bare", "time"), "time": ("land",)}  # fmt: skip
_TRIES = 60
_FAST_QPM = 110
_MANY = 250  # with fewer titles that tell of the prompt, more that tell of its feeling alone
_EACH = 0.8  # a title's share of its prompt's titles, in hundredths, is at most about this
# Marks that turn the direction of writing would turn the page around the title too.
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NO_NAMES = frozenset((
    *TRADITIONS, "celtic", "scots", "nordic", "scandinavian", "british", "gaelic", "dorian", "monday", "tuesday",
    "wednesday", "thursday", "friday", "saturday",
))  # fmt: skip


def title_of(prompt: str) -> str:
    """The prompt on one line, cut at 60 characters, safe in a T: field."""
    straight = _TURNS.sub("", prompt)
    plain = "".join(c if unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp") else " " for c in straight)
    # ABC reads % as a comment's start and \ as an escape; their wide twins look alike and mean nothing.
    line = re.sub(r"\s+", " ", plain).strip().replace("%", "％").replace("\\", "＼")
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


def named(prompt: str, conditions: Conditions, seed: int) -> str:
    """A tune's name in the prompt's language, such as no training tune bears. The same input gives the same name."""
    maker = _Maker(prompt, conditions, random.Random(_mixed(prompt, seed)))
    for _ in range(_TRIES):
        title = maker.title()
        if title and len(title) <= LONGEST and plain_name(title) not in known_names():
            return title
    return title_of(prompt)  # every name was taken


def _mixed(prompt: str, seed: int) -> int:
    text = f"title\n{seed}\n{prompt}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest())


@cache
def known_names() -> frozenset[str]:
    """The training tunes' titles, as `plain_name` gives them."""
    from generator.novelty import shipped_index  # which loads numpy; the web calls title_of alone

    return frozenset(plain_name(tune.title) for tune in shipped_index().known)


def plain_name(title: str) -> str:
    """What is left of a title without case, accents, articles, and what collections add: `(reel), The`, `-- JIG`."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", title.casefold()) if not unicodedata.combining(c))
    bare = re.sub(r"\(.*?\)| --? .*|[*\"]|, (the|an?|den|det)\b", " ", folded).strip()
    bare = re.sub(r"^(the|an?|der|die|das|el|la|los|las|le|les)\s+", "", bare)
    return "".join(c for c in bare if c.isalnum())


@dataclass
class _Maker:
    """Makes titles of one prompt, one after the other."""

    prompt: str
    conditions: Conditions
    chance: random.Random

    def __post_init__(self) -> None:
        from generator.prompts.keywords import find_hits  # the lexicon takes a while to load
        from generator.prompts.language import detect
        from generator.title_words import mood_of_style, words_of

        language = detect(self.prompt)
        hits = find_hits(self.prompt, language)
        self.words = words_of(language)
        found = [self.words.concept(hit) for hit in hits if not hit.negated]
        self.concepts: list[Concept] = list(dict.fromkeys(concept for concept in found if concept))
        self.names = _names(self.prompt, [hit.text for hit in hits if hit.term is None]) if language == "en" else []
        minor = self.conditions.mode in ("minor", "dorian", "phrygian")
        fast = (self.conditions.tempo_qpm or 0) > _FAST_QPM
        self.mood = self.words.mood(mood_of_style(self.conditions.style, minor=minor, fast=fast))
        self.places = [place for concept in self.concepts for place in concept.places]
        self.far_places = [*self.mood.places, *self.words.tradition_places(self.conditions.tradition)]
        self.kinds = self._kinds()

    def title(self) -> str | None:
        """One attempt; None where it came out clumsy or nothing can be made."""
        # A kind of few titles comes as seldom as each of its titles may, so that a prompt's tunes are told apart.
        kinds = [(titles, min(weight, _EACH * len(titles))) for titles, weight in self.kinds if titles]
        if dedicated := self._for_someone():
            kinds.append((dedicated, sum(weight for _, weight in kinds) / 2))
        titles = self.chance.choices([titles for titles, _ in kinds], [weight for _, weight in kinds])[0]
        title = self.chance.choice(titles)
        return None if self.words.repeats_itself(title) else title

    def _kinds(self) -> list[tuple[list[str], float]]:
        """Every title of each kind, and how often the kind is wanted."""
        if not self.concepts:
            return [(self._mood_alone(), 20), (self._mood_doing(), 8)]
        english = [(self._pair(), 6), (self._company(), 5), (self._road(), 4)] if self.words.language == "en" else []
        kinds = [(self._both(), 25), (self._thing_there(), 16), (self._thing_like(), 10),
                 (self._thing_like_there(), 14), (self._there(), 18), (self._like_there(), 14), (self._doing(), 12),
                 (self._dance(), 4), *english]  # fmt: skip
        few = sum(len(titles) for titles, _ in kinds) < _MANY
        return [*kinds, (self._mood_alone(), 18 if few else 2)]

    def _of_kinds(self, *kinds: str) -> list[Concept]:
        """The prompt's pictures that have a noun."""
        return [concept for concept in self.concepts if concept.noun and concept.kind in kinds]

    def _named(self, concept: Concept) -> str:
        english_time = concept.kind == "time" and self.words.language == "en"
        return self.words.named(concept.noun, bare=concept.kind == "bare" or english_time)

    def _described(self, nouns: Iterable[str]) -> list[str]:
        found = [self.words.described(noun, manner) for noun in nouns for manner in self.mood.manners]
        return [title for title in found if title]

    def _all_placed(self, things: Iterable[str], places: Iterable[str]) -> list[str]:
        return [self.words.placed(thing, place) for thing in things for place in places]

    def _both(self) -> list[str]:
        """The Candle in the Window: both of the prompt."""
        return [self.words.placed(self._named(one), place) for one in self.concepts for other in self.concepts
                if one.noun and one.noun != other.noun and other.kind in _COMPANY[one.kind]
                for place in other.places]  # fmt: skip

    def _thing_there(self) -> list[str]:
        """The Lighthouse on the Low Road: the place fits the feeling."""
        return self._all_placed(map(self._named, self._of_kinds("body", "bare", "event")), self.far_places)

    def _thing_like(self) -> list[str]:
        """The Lonely Village."""
        kinds = ("body", "fixed", "land", "event", *(("time",) if self.words.language == "en" else ()))
        return self._described(concept.noun for concept in self._of_kinds(*kinds))

    def _thing_like_there(self) -> list[str]:
        """The Faded Lighthouse across the Water."""
        things = self._described(concept.noun for concept in self._of_kinds("body", "event"))
        return self._all_placed(things, self.far_places)

    def _there(self) -> list[str]:
        """The Fiddler at the Wedding."""
        return self._all_placed(map(self.words.named, self.mood.things), self.places)

    def _like_there(self) -> list[str]:
        """The Grey Raven by the Sea."""
        return self._all_placed(self._described(self.mood.things), self.places)

    def _doing(self) -> list[str]:
        """Dancing at the Wedding."""
        return [self.words.done(doing, place) for doing in self.mood.doings for place in self.places]

    def _dance(self) -> list[str]:
        """The Sea Waltz."""
        rhythm = self.conditions.rhythm
        found = [self.words.danced(concept, rhythm) for concept in self.concepts if rhythm in self.words.rhythms]
        return [title for title in found if title]

    def _for_someone(self) -> list[str]:
        """A Waltz for Emily."""
        rhythm = self.conditions.rhythm
        return [self.words.dedicated(name, rhythm) for name in self.names if rhythm in self.words.rhythms]

    def _pair(self) -> list[str]:
        """Snow and Silence, The Fiddle and the Drum."""
        bare, bodies = ([c.noun for c in self._of_kinds(kind)] for kind in ("bare", "body"))
        return [f"{one} and {other}" for one, other in permutations(bare, 2)] + [
            f"The {one} and the {other}" for one, other in permutations(bodies, 2)]  # fmt: skip

    def _company(self) -> list[str]:
        """Hope and the Lark."""
        return [f"{concept.noun} and the {thing}" for concept in self._of_kinds("bare") for thing in self.mood.things]

    def _road(self) -> list[str]:
        """The Road to the Harbour."""
        return [f"The Road to the {concept.noun}" for concept in self._of_kinds("land")]

    def _mood_doing(self) -> list[str]:
        """Waiting on the Far Shore."""
        return [self.words.done(doing, place) for doing in self.mood.doings for place in self.far_places]

    def _mood_alone(self) -> list[str]:
        """The Ferryman by Still Water: rarely, unless the prompt gives no picture."""
        things = [*map(self.words.named, self.mood.things), *self._described(self.mood.things)]
        return self._all_placed(things, self.far_places)


def _names(prompt: str, unknown: list[str]) -> list[str]:
    """Unknown words that the prompt writes with a capital, though not at its start and not everywhere."""
    words = re.findall(r"[^\W\d_]+", prompt)
    capital = [word for word in words if word[0].isupper()]
    if len(capital) * 2 > len(words):
        return []
    shaped = [w for w in unknown if w.istitle() and w.isalpha() and len(w) <= 15 and w.casefold() not in _NO_NAMES]
    return [word for word in shaped if not prompt.lstrip().startswith(word)]
