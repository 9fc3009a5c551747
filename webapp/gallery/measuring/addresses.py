"""The gallery's views as addresses, drawn from what the gallery holds, so that each finds about what it says."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

from django.db.models import Count

from webapp.accounts.models import Profile
from webapp.gallery.models import Entry, Word
from webapp.gallery.query import SORTS, query_from
from webapp.gallery.seeding.sowing import EARLIER_COMPOSER
from webapp.gallery.seeding.texts import TAGS
from webapp.gallery.selectors import gallery_page

VARIANTS = 12
SAMPLE = 2000
PAGES = 50
LENGTHS = (4, 6, 10)
Params = dict[str, str]


def views() -> dict[str, list[str]]:
    """By what they show, a dozen addresses each."""
    stock = Stock()
    out = {name: [_address(make()) for _ in range(VARIANTS)] for name, make in _searches(stock).items()}
    out |= {f"page {PAGES}, {name}": list(_deep(make)) for name, make in _deep_searches(stock).items()}
    return {"front page": ["/"], **out, "maker's page": [f"/makers/{slug}/" for slug in stock.makers[:VARIANTS]]}


def _address(params: Params) -> str:
    return f"/gallery/?{urlencode(params)}"


def _searches(stock: Stock) -> dict[str, Callable[[], Params]]:
    of, word, any_sort = stock.of, stock.word, stock.sort
    return {
        **{f"by {sort}": lambda sort=sort: {"sort": sort} for sort in SORTS},
        **{name: lambda name=name: of(name) | any_sort() for name in ("key", "mode", "meter", "rhythm", "style")},
        "composer of all but the oldest": lambda: {"composer": "transformer"} | any_sort(),
        "composer of the oldest, newest first": lambda: {"composer": EARLIER_COMPOSER},
        "bars": lambda: {"bars_low": "17", "bars_high": "24"} | any_sort(),
        "without chords": lambda: {"chords": "no"} | any_sort(),
        "tag, common": lambda: {"tag": TAGS[0]} | any_sort(),
        "tag, rare": lambda: {"tag": TAGS[-1]} | any_sort(),
        "maker": lambda: {"maker": stock.chance.choice(stock.makers)} | any_sort(),
        "mood, half the picture": lambda: stock.mood(1.4) | any_sort(),
        "mood, a sixteenth": lambda: stock.mood(0.5) | any_sort(),
        "mood, a spot": lambda: stock.mood(0.02) | any_sort(),
        "key, mode, rhythm": lambda: of("key", "mode", "rhythm") | any_sort(),
        "key, mode, rhythm, style, bars, mood": lambda: stock.everything() | any_sort(),
        "filters that exclude each other": lambda: {"rhythm": "jig", "meter": "3/4"} | any_sort(),
        "any filters thrown together": lambda: stock.thrown_together() | any_sort(),
        "word, common": lambda: {"words": word(0, 30)} | any_sort(),
        "word, in one of a thousand tunes": lambda: {"words": stock.word_in(0.001)} | any_sort(),
        "word, rare": lambda: {"words": stock.word_in(0)} | any_sort(),
        "two words": lambda: {"words": f"{word(0, 100)} {word(0, 100)}"} | any_sort(),
        "words of a title": lambda: {"words": stock.title()} | any_sort(),
        "beginning of a word": lambda: {"words": word(0, 3000)[:4]} | any_sort(),
        "word, mistyped": lambda: {"words": stock.typo()} | any_sort(),
        "word, in no tune": lambda: {"words": stock.letters(9)} | any_sort(),
        "word and filters": lambda: {"words": word(0, 100)} | of("key", "rhythm") | any_sort(),
        **{f"melody of {n} notes, common": lambda n=n: {"notes": stock.common_notes(n)} | any_sort() for n in LENGTHS},
        **{f"melody of {n} notes, of some tune": lambda n=n: {"notes": stock.notes(n)} | any_sort() for n in LENGTHS},
        "melody of 10 notes, any": lambda: {"notes": stock.any_notes(10)} | any_sort(),
        "melody of 5 notes, any": lambda: {"notes": stock.any_notes(5)} | any_sort(),
        "melody and filters": lambda: {"notes": stock.notes(5)} | of("mode", "rhythm") | any_sort(),
        "word and melody": lambda: {"notes": stock.notes(4), "words": word(0, 30)} | any_sort(),
    }  # fmt: skip


def _deep_searches(stock: Stock) -> dict[str, Callable[[], Params]]:
    return {
        "newest": lambda: {},
        "best in a mode": lambda: {"sort": "best", **stock.of("mode")},
        "word": lambda: {"words": stock.word(0, 10), "sort": "trending"},
        "melody": lambda: {"notes": stock.common_notes(4), "sort": "remixed"},
    }


def _deep(make: Callable[[], Params]) -> Iterator[str]:
    for _ in range(3):
        params, cursor = make(), ""
        query = query_from(params)
        for _ in range(PAGES):
            cursor = gallery_page(query, cursor).next_cursor or cursor
        yield _address(query.params() | ({"after": cursor} if cursor else {}))


class Stock:
    """What there is to ask for."""

    def __init__(self) -> None:
        self.chance = random.Random(11)
        first, last = (Entry.objects.order_by(order).values_list("pk", flat=True).first() for order in ("pk", "-pk"))
        picked = [self.chance.randint(first, last) for _ in range(SAMPLE)]
        self.entries = list(Entry.objects.filter(pk__in=picked).select_related("tune"))
        self.total = Entry.objects.count()
        self.words = list(
            Word.objects.filter(uses__gt=0).order_by("-uses", "word").values_list("word", "uses")[:200_000]
        )
        counted = Profile.objects.annotate(count=Count("entries")).filter(count__gt=0).order_by("-count")
        self.makers = list(counted.values_list("slug", flat=True))
        self.runs = {n: Counter(self._runs(n - 1)) for n in LENGTHS}

    def sort(self) -> Params:
        return {"sort": self.chance.choice(SORTS)}

    def of(self, *names: str) -> Params:
        """As some tune has them, so that what many tunes have is asked for often."""
        entry = self.chance.choice(self.entries)
        return {name: value for name in names if (value := getattr(entry, name))}

    def mood(self, width: float) -> Params:
        """A square around some tune's mood."""
        entry, out = self.chance.choice(self.entries), {}
        for name in ("valence", "arousal"):
            middle = max(-1 + width / 2, min(1 - width / 2, getattr(entry, name) / 100))
            out |= {f"{name}_low": f"{middle - width / 2:.2f}", f"{name}_high": f"{middle + width / 2:.2f}"}
        return out

    def everything(self) -> Params:
        entry = self.chance.choice(self.entries)
        named = {name: getattr(entry, name) for name in ("key", "mode", "rhythm", "style", "meter")}
        low, high = max(-100, entry.valence - 20) / 100, min(100, entry.valence + 20) / 100
        return named | {"bars_high": str(entry.bars), "valence_low": str(low), "valence_high": str(high)}

    def thrown_together(self) -> Params:
        names = self.chance.sample(("key", "mode", "meter", "rhythm", "style", "composer"), k=self.chance.randint(2, 4))
        return {name: value for one in names for name, value in self.of(one).items()}

    def word(self, first: int, last: int) -> str:
        return self.words[self.chance.randrange(first, min(last, len(self.words)))][0]

    def word_in(self, share: float) -> str:
        """A word that about this share of tunes holds."""
        wanted = max(1, share * self.total)
        near = sorted(self.words, key=lambda word: abs(word[1] - wanted))[:50]
        return self.chance.choice(near)[0]

    def title(self) -> str:
        return self.chance.choice(self.entries).tune.title

    def typo(self) -> str:
        word = next(word for word in iter(lambda: self.word(0, 3000), "") if len(word) > 5)
        at = self.chance.randrange(1, len(word) - 2)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :] + self.chance.choice("qxz")

    def letters(self, count: int) -> str:
        return "".join(self.chance.choice("bcdfghjklmnpqrstvwxz") for _ in range(count))

    def common_notes(self, count: int) -> str:
        return _notes(self.chance.choice(self.runs[count].most_common(VARIANTS))[0])

    def notes(self, count: int) -> str:
        melody = self.chance.choice([entry.melody for entry in self.entries if len(entry.melody) >= count])
        at = self.chance.randrange(len(melody) - count + 1)
        return _notes(melody[at : at + count - 1])

    def any_notes(self, count: int) -> str:
        return " ".join(self.chance.choice("CDEFGABcdefg") for _ in range(count))

    def _runs(self, steps: int) -> Iterator[str]:
        for entry in self.entries:
            for at in range(len(entry.melody) - steps + 1):
                yield entry.melody[at : at + steps]


def _notes(letters: str) -> str:
    """Letters of the gallery back to notes, from somewhere in the middle."""
    place, out = 7, ["c"]
    for letter in letters:
        place += ord(letter) - ord("a") if letter.islower() else ord("A") - ord(letter)
        octave, degree = divmod(place, 7)
        name = "CDEFGAB"[degree]
        out.append(name.lower() + "'" * (octave - 1) if octave > 0 else name + "," * -octave)
    return " ".join(out)
