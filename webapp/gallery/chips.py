"""What is asked of the gallery in words, with the address of the view without it, or sorted otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from webapp.gallery.forms import MOOD
from webapp.gallery.query import SORTS, WHOLE, Query

SORT_NAMES = {"newest": "Newest", "best": "Best", "trending": "Trending", "remixed": "Most remixed"}
BARS = ("bars_low", "bars_high")
NEAR_THE_MIDDLE, FAR_OUT = 0.2, 0.6  # how far a region's middle has to be from zero to have a word


@dataclass(frozen=True)
class Chip:
    label: str  # what is asked for
    without: str  # what one gets by letting go of it
    url: str


@dataclass(frozen=True)
class Sort:
    label: str
    url: str
    chosen: bool


def gallery_url(params: dict[str, str]) -> str:
    return f"{reverse('gallery')}?{urlencode(params)}" if params else reverse("gallery")


def sorts(query: Query) -> list[Sort]:
    params = {name: value for name, value in query.params().items() if name != "sort"}
    first = SORTS[0]
    return [
        Sort(SORT_NAMES[name], gallery_url(params | ({} if name == first else {"sort": name})), query.sort == name)
        for name in SORTS
    ]


def chips(query: Query, maker_name: str = "") -> list[Chip]:
    """One for each thing asked, in the order of the form."""
    found = [
        (("words",), f"“{query.words}”", f"Leave out “{query.words}”"),
        (("notes",), f"melody {query.notes}", "Any melody"),
        (MOOD, mood_in_words(query), "Any mood"),
        *(_plain(query, name) for name in ("key", "mode", "meter", "rhythm", "style", "composer")),
        (BARS, _bars(query), "Any number of bars"),
        (("chords",), "with chords" if query.chords else "without chords", "With chords or without"),
        (("tag",), f"tag {query.tag}", "Any tag"),
        (("maker",), f"by {maker_name or query.maker}", "Any maker"),
    ]
    params = query.params()
    return [
        Chip(label, without, gallery_url({k: v for k, v in params.items() if k not in names}))
        for names, label, without in found
        if any(name in params for name in names)
    ]


def _plain(query: Query, name: str) -> tuple[tuple[str, ...], str, str]:
    value = getattr(query, name).replace("_", " ")
    return (name,), f"in {value}" if name in ("key", "meter") else value, f"Any {name}"


def _bars(query: Query) -> str:
    low, high = query.bars_low, query.bars_high
    if low == high:
        return f"{low} bars"
    if low is None or high is None:
        return f"{low} bars or more" if high is None else f"up to {high} bars"
    return f"{low} to {high} bars"


def mood_in_words(query: Query) -> str:
    """ "rather sad, lively", going by the middle of the region."""
    words = [
        *_side(query.valence, "sad", "glad"),
        *_side(query.arousal, "calm", "lively"),
    ]
    return ", ".join(words) or "of a middling mood"


def _side(ends: tuple[float, float] | None, low: str, high: str) -> list[str]:
    middle = sum(ends or WHOLE) / 2
    if abs(middle) < NEAR_THE_MIDDLE:
        return []
    word = low if middle < 0 else high
    return [f"very {word}" if abs(middle) > FAR_OUT else word]
