"""How made-up listeners take a made-up tune: stars, favourites and remarks, each at its moment."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import hypot
from statistics import NormalDist

from webapp.accounts.models import Profile
from webapp.gallery.entries import COMMENT, FAVOURITE, STAR
from webapp.gallery.seeding.texts import a_remark
from webapp.ratings.models import FEWEST_STARS, MOST_STARS, Favourite, Rating
from webapp.talk.models import Comment
from webapp.tunes.models import Tune

LISTENERS = 200_000
MOST_RATINGS = 60
USUAL_QUALITY, QUALITIES_APART, TASTES_APART = 3.6, 0.7, 0.8  # in stars; the latter two are standard deviations


@dataclass
class Reception:
    ratings: list[Rating] = field(default_factory=list)
    favourites: list[Favourite] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)

    @property
    def events(self) -> list[tuple[datetime, float]]:
        return [
            *((rating.changed, STAR) for rating in self.ratings),
            *((favourite.created, FAVOURITE) for favourite in self.favourites),
            *((comment.created, COMMENT) for comment in self.comments),
        ]


def received(tune: Tune, makers: list[Profile], now: datetime, chance: random.Random) -> Reception:
    """A few tunes are heard by many, half of them by nobody who says so; `tune` gets its sums."""
    listeners = _listeners(
        min(MOST_RATINGS, int(chance.paretovariate(1.1)) - 1) if chance.random() < 0.5 else 0, chance
    )
    quality = chance.gauss(USUAL_QUALITY, QUALITIES_APART)
    out = Reception(
        ratings=[
            Rating(
                tune=tune,
                listener=who,
                stars=_stars(quality, chance),
                changed=_after(tune, now, chance),
            )
            for who in listeners
        ],
        favourites=[
            Favourite(tune=tune, listener=who, created=_after(tune, now, chance))
            for who in listeners
            if chance.random() < quality / 25
        ],
        comments=[
            Comment(tune=tune, author=chance.choice(makers), text=a_remark(chance), created=_after(tune, now, chance))
            for _ in range(chance.randint(1, 3) if chance.random() < 0.05 else 0)
        ],
    )
    tune.stars_count, tune.stars_sum = len(out.ratings), sum(rating.stars for rating in out.ratings)
    return out


def expected_stars() -> float:
    """The mean that very many of these ratings come to."""
    told = NormalDist(USUAL_QUALITY, hypot(QUALITIES_APART, TASTES_APART))
    # A step to each number of stars is taken by all who would give more than half a star less.
    return FEWEST_STARS + sum(1 - told.cdf(stars - 0.5) for stars in range(FEWEST_STARS + 1, MOST_STARS + 1))


def _listeners(count: int, chance: random.Random) -> list[str]:
    first = chance.randrange(LISTENERS)
    return [f"made-up-listener-{(first + number) % LISTENERS}" for number in range(count)]


def _stars(quality: float, chance: random.Random) -> int:
    return max(FEWEST_STARS, min(MOST_STARS, round(chance.gauss(quality, TASTES_APART))))


def _after(tune: Tune, now: datetime, chance: random.Random) -> datetime:
    """Most within weeks of its coming out."""
    return min(now, tune.published + timedelta(days=chance.expovariate(1 / 20)))
