"""How made-up listeners take a made-up tune: stars, favourites and remarks, each at its moment."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from webapp.accounts.models import Profile
from webapp.gallery.entries import COMMENT, FAVOURITE, STAR
from webapp.gallery.seeding.texts import a_remark
from webapp.ratings.models import FEWEST_STARS, MOST_STARS, Favourite, Rating
from webapp.talk.models import Comment
from webapp.tunes.models import Tune

LISTENERS = 200_000
MOST_RATINGS = 60


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
    quality = chance.gauss(3.6, 0.7)
    out = Reception(
        ratings=[
            Rating(tune=tune, listener=who, stars=_stars(chance.gauss(quality, 0.8)), changed=_after(tune, now, chance))
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


def _listeners(count: int, chance: random.Random) -> list[str]:
    first = chance.randrange(LISTENERS)
    return [f"made-up-listener-{(first + number) % LISTENERS}" for number in range(count)]


def _stars(about: float) -> int:
    return max(FEWEST_STARS, min(MOST_STARS, round(about)))


def _after(tune: Tune, now: datetime, chance: random.Random) -> datetime:
    """Most within weeks of its coming out."""
    return min(now, tune.published + timedelta(days=chance.expovariate(1 / 20)))
