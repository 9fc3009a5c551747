"""The page of composers: what their cards and stories tell, and what listeners said of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache

from generator import DEFAULT_COMPOSER, ComposerCard, ComposerStory, composer_cards, composer_story, player_cards
from webapp.composers.curve import Chart, chart_of
from webapp.composers.facts import FIRST_TOLD, Fact, facts_of
from webapp.composers.picture import Drawing, drawing_of
from webapp.duels.models import Standing
from webapp.duels.selectors import standings
from webapp.ratings.selectors import stars_by_composer
from webapp.tunes.choices import not_taken
from webapp.tunes.opening import opening_of

LATER = 9999  # than any year that is told
KEPT = 60  # seconds; stars of a million tunes are not added up for every visitor


@dataclass(frozen=True)
class Sample:
    """A tune that is shipped with its composer, or with its player as it sounds."""

    title: str
    abc: str
    opening: str
    told: str
    sound: str


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
    def several(self) -> bool:
        return len(self.rows) > 1

    @property
    def compared(self) -> list[tuple[str, list[Fact]]]:
        """Each figure with everybody's, side by side."""
        return [(fact.name, [row.facts[at] for row in self.rows]) for at, fact in enumerate(self.first.facts)]

    @property
    def told_first(self) -> list[tuple[str, list[Fact]]]:
        """The chief ones, of which at least one of them has any."""
        chief = [(name, facts) for name, facts in self.compared if name in FIRST_TOLD]
        return [(name, facts) for name, facts in chief if not all(fact.is_missing for fact in facts)]


def families() -> list[Family]:
    """Ours first, then as the years brought them, each mended one beside the composer that it mends."""
    rows = _rows()
    names = {row.card.name for row in rows}
    heads = [row for row in rows if row.card.mends not in names]
    heads.sort(key=lambda row: (row.card.name != DEFAULT_COMPOSER, row.story.year or LATER))
    return [Family([head, *(row for row in rows if row.card.mends == head.card.name)]) for head in heads]


def _rows() -> list[Row]:
    stars = cache.get_or_set("stars-by-composer", stars_by_composer, KEPT)
    duels = {row.composer: (place, row) for place, row in enumerate(standings(), 1)}
    return [_row(card, stars.get(card.name), duels.get(card.name)) for card in (*composer_cards(), *player_cards())]


def _row(card: ComposerCard, stars: tuple[float, int] | None, duel: tuple[int, Standing] | None) -> Row:
    story = composer_story(card.name)
    picture = drawing_of(story.picture) if story.picture else None
    samples = [Sample(one.title, one.abc, opening_of(one.abc), one.told, one.sound) for one in story.examples]
    facts = facts_of(card, story, stars, duel)
    return Row(card, story, picture, chart_of(story.curves), facts, samples, *not_taken(card))
