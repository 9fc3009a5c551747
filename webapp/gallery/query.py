"""What a visitor asks of the gallery, read from an address and written back into one; knows no database."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from generator import METERS, MODES, RHYTHMS, TONICS, composer_cards, style_names
from webapp.gallery.notes import NotesError, steps_of
from webapp.tunes.models import LONGEST_TAG

LONGEST_WORDS = 200
MOST_BARS = 999
SORTS = ("newest", "best", "trending", "remixed")  # the first where none is asked for
WHOLE = (-1.0, 1.0)  # both axes of the picture of moods
_SLUG = re.compile(r"[-\w]{1,80}", re.ASCII)

Value = TypeVar("Value")


class QueryError(ValueError):
    """Bad input. `fields` maps a field's name to one sentence a person can act on."""

    def __init__(self, fields: dict[str, str]) -> None:
        self.fields = dict(fields)
        super().__init__(" ".join(self.fields.values()))


@dataclass(frozen=True)
class Query:
    """Empty, None or () is free. A mood's ends and those of bars are both included."""

    words: str = ""
    notes: str = ""  # as typed
    melody: tuple[int, ...] = ()  # the signed diatonic steps between those notes
    valence: tuple[float, float] | None = None
    arousal: tuple[float, float] | None = None
    style: str = ""
    key: str = ""
    mode: str = ""
    meter: str = ""
    rhythm: str = ""
    composer: str = ""
    maker: str = ""  # the slug of a maker's page
    tag: str = ""
    bars_low: int | None = None
    bars_high: int | None = None
    chords: bool | None = None
    sort: str = SORTS[0]

    def params(self) -> dict[str, str]:
        """What an address says: only what is set, so that `query_from` reads the same query from it."""
        out = {name: getattr(self, name) for name in _PLAIN if getattr(self, name)}
        for name in ("valence", "arousal"):
            if ends := getattr(self, name):
                out |= {f"{name}_low": f"{ends[0]:g}", f"{name}_high": f"{ends[1]:g}"}
        out |= {name: str(bars) for name in _BARS if (bars := getattr(self, name)) is not None}
        if self.chords is not None:
            out["chords"] = "yes" if self.chords else "no"
        if self.sort != SORTS[0]:
            out["sort"] = self.sort
        return out


_PLAIN = ("words", "notes", "style", "key", "mode", "meter", "rhythm", "composer", "maker", "tag")
_BARS = ("bars_low", "bars_high")


def query_from(params: Mapping[str, str]) -> Query:
    """Raises QueryError with a sentence for each field that cannot be understood."""
    reading = _Reading(params)
    notes, melody = reading.field("notes", _melody, ("", ()))
    query = Query(
        words=reading.field("words", _words, ""),
        notes=notes,
        melody=melody,
        valence=reading.ends("valence"),
        arousal=reading.ends("arousal"),
        composer=reading.one_of("composer", tuple(card.name for card in composer_cards())),
        style=reading.one_of("style", tuple(style_names())),
        key=reading.one_of("key", TONICS),
        mode=reading.one_of("mode", MODES),
        meter=reading.one_of("meter", METERS),
        rhythm=reading.one_of("rhythm", RHYTHMS),
        maker=reading.field("maker", _maker, ""),
        tag=reading.field("tag", _tag, ""),
        bars_low=reading.field("bars_low", _bars, None),
        bars_high=reading.field("bars_high", _bars, None),
        chords=reading.field("chords", _chords, None),
        sort=reading.one_of("sort", SORTS) or SORTS[0],
    )
    if None not in (query.bars_low, query.bars_high) and query.bars_low > query.bars_high:
        reading.wrong["bars_low"] = "Give the smaller number of bars first."
    if reading.wrong:
        raise QueryError(reading.wrong)
    return query


class _Reading:
    """Goes through the fields and gathers what is wrong with them."""

    def __init__(self, params: Mapping[str, str]) -> None:
        self.params = params
        self.wrong: dict[str, str] = {}

    def text(self, name: str) -> str:
        return str(self.params.get(name) or "").strip()

    def field(self, name: str, read: Callable[[str], Value], free: Value) -> Value:
        if not (text := self.text(name)):
            return free
        try:
            return read(_clean(text))
        except ValueError as error:
            self.wrong[name] = str(error)
            return free

    def one_of(self, name: str, known: tuple[str, ...]) -> str:
        def read(text: str) -> str:
            if text not in known:
                raise ValueError(f"The gallery knows no {name} “{_short(text)}”: choose one from the list.")
            return text

        return self.field(name, read, "")

    def ends(self, name: str) -> tuple[float, float] | None:
        """The lower and upper end of an axis; where only one is given the other is the axis' own."""
        low = self.field(f"{name}_low", _place, WHOLE[0])
        high = self.field(f"{name}_high", _place, WHOLE[1])
        if low > high:
            self.wrong[f"{name}_low"] = "Give the smaller number first."
        return None if (low, high) == WHOLE else (low, high)


def _clean(text: str) -> str:
    # PostgreSQL stores no NUL, and half a surrogate pair is no character: neither was typed by a person.
    if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise ValueError("There is a character in it that cannot be searched for: type it anew.")
    return text


def _words(text: str) -> str:
    if len(text) > LONGEST_WORDS:
        raise ValueError(f"Search for at most {LONGEST_WORDS} characters.")
    return " ".join(text.split())


def _melody(text: str) -> tuple[str, tuple[int, ...]]:
    try:
        return text, steps_of(text)
    except NotesError as error:
        raise ValueError(str(error)) from error


def _place(text: str) -> float:
    try:
        number = float(text) if len(text) <= 20 else math.nan
    except ValueError:
        number = math.nan
    if not WHOLE[0] <= number <= WHOLE[1]:  # false for what is not a number, too
        raise ValueError("Give a number from -1 to 1.")
    return round(number, 2) + 0.0  # no minus zero


def _bars(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= MOST_BARS:
        raise ValueError(f"Give a number of bars from 1 to {MOST_BARS}.")
    return int(text)


def _chords(text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError("Say yes or no to chords.")
    return text == "yes"


def _maker(text: str) -> str:
    if not _SLUG.fullmatch(text):
        raise ValueError(f"There is no maker “{_short(text)}”.")
    return text


def _tag(text: str) -> str:
    if len(text) > LONGEST_TAG:
        raise ValueError(f"A tag has at most {LONGEST_TAG} letters.")
    return text.lower()


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:30]}…"
