"""The page of composers: what their cards and stories tell, and what listeners said of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache

from generator import ComposerCard, ComposerStory, composer_cards, composer_story, player_cards
from webapp.composers.curve import Chart, chart_of
from webapp.composers.picture import Drawing, drawing_of
from webapp.duels.models import Standing
from webapp.duels.selectors import standings
from webapp.ratings.selectors import stars_by_composer
from webapp.tunes.choices import not_taken
from webapp.tunes.opening import opening_of

KEPT = 60  # seconds; stars of a million tunes are not added up for every visitor
NO_STARS = "nobody has given one of its public tunes a star yet"
NO_DUELS = "nobody has chosen between it and another yet"
NOT_IN_DUELS = "duels compare single melodies, and it writes something else"
PLAYS = "it writes no tunes: it plays them"
UNEQUAL = "duels ask both for so many bars, and it cannot be asked for that"


@dataclass(frozen=True)
class Fact:
    """A figure as it is shown, and what it rests on; a dash where there is none, and why."""

    name: str
    shown: str
    told: str

    @property
    def is_missing(self) -> bool:
        return self.shown == "–"


@dataclass(frozen=True)
class Sample:
    """A tune that is shipped with its composer."""

    title: str
    abc: str
    opening: str
    told: str


@dataclass(frozen=True)
class Row:
    card: ComposerCard
    story: ComposerStory
    picture: Drawing | None
    chart: Chart | None
    facts: list[Fact]
    samples: list[Sample]
    takes: str
    missing: str


@dataclass(frozen=True)
class Family:
    """A faithful composer, or one of our own, and those that mend it."""

    rows: list[Row]

    @property
    def first(self) -> Row:
        return self.rows[0]

    @property
    def compared(self) -> list[tuple[str, list[Fact]]]:
        """Each figure with everybody's, side by side."""
        return [(fact.name, [row.facts[at] for row in self.rows]) for at, fact in enumerate(self.first.facts)]


def families() -> list[Family]:
    """In the cards' order, each mended one beside the composer that it mends."""
    rows = _rows()
    names = {row.card.name for row in rows}
    heads = [row for row in rows if row.card.mends not in names]
    return [Family([head, *(row for row in rows if row.card.mends == head.card.name)]) for head in heads]


def _rows() -> list[Row]:
    stars = cache.get_or_set("stars-by-composer", stars_by_composer, KEPT)
    duels = {row.composer: (place, row) for place, row in enumerate(standings(), 1)}
    return [_row(card, stars.get(card.name), duels.get(card.name)) for card in (*composer_cards(), *player_cards())]


def _row(card: ComposerCard, stars: tuple[float, int] | None, duel: tuple[int, Standing] | None) -> Row:
    story = composer_story(card.name)
    picture = drawing_of(story.picture) if story.picture else None
    facts = [*_measured(story), _stars(card, stars), _duel(card, duel)]
    samples = [Sample(one.title, one.abc, opening_of(one.abc), one.told) for one in story.examples]
    return Row(card, story, picture, chart_of(story.curves), facts, samples, *not_taken(card))


def _measured(story: ComposerStory) -> list[Fact]:
    shown = {
        "bits_per_character": ("Bits a character", "{:.3f}"),
        "parses": ("Samples that parse", "{:.1%}"),
        "bars_right": ("Bars right", "{:.1%}"),
        "near_duplicates": ("Near-duplicates", "{:.1%}"),
        "seconds": ("Seconds a tune", "{:.2g}"),
    }
    facts = []
    for name, (words, form) in shown.items():
        figure = story.figures[name]
        value = "–" if figure.value is None else form.format(figure.value).replace("%", "\u00a0%")
        facts.append(Fact(words, value, figure.told))
    return facts


def _stars(card: ComposerCard, stars: tuple[float, int] | None) -> Fact:
    if stars is None:
        return Fact("Listeners’ stars", "–", PLAYS if card.kind == "sound" else NO_STARS)
    average, count = stars
    return Fact("Listeners’ stars", f"{average:.1f}", f"of 5, from {count} rating{'' if count == 1 else 's'}")


def _duel(card: ComposerCard, duel: tuple[int, Standing] | None) -> Fact:
    if duel is None:
        if card.kind == "sound":
            return Fact("Place in duels", "–", PLAYS)
        single = card.kind in ("tune", "text")
        return Fact("Place in duels", "–", (NO_DUELS if "bars" in card.takes else UNEQUAL) if single else NOT_IN_DUELS)
    place, row = duel
    return Fact("Place in duels", str(place), f"preferred in {row.value:.0%} of {row.count}".replace("%", "\u00a0%"))
