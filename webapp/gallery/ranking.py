"""The figures that the gallery sorts by; knows no database."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

USUAL_STARS = 3.5  # until ratings tell their own mean
PRIOR_RATINGS = 5.0  # as many ratings of the mean does each tune start with
HALF_LIFE = timedelta(days=3)
EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
FRESH = 1.0  # the warmth of being new


def best(stars_sum: int, stars_count: int, mean: float) -> float:
    """A Bayesian average: one rating of five stars does not beat fifty of four and a half."""
    return (PRIOR_RATINGS * mean + stars_sum) / (PRIOR_RATINGS + stars_count)


def warmth(moment: datetime, weight: float) -> float:
    """Log of a weight that doubles every half-life, so that what is old fades without ever being written again.

    Forward decay: Cormode, Shkapenyuk, Srivastava and Xu 2009.
    """
    return math.log2(weight) + (moment - EPOCH) / HALF_LIFE


def warmer(one: float, other: float) -> float:
    """The log of the sum of two such weights, which themselves would be too large to write down."""
    high, low = max(one, other), min(one, other)
    return high + math.log2(1 + 2.0 ** max(low - high, -1000))


def trending(published: datetime, events: Iterable[tuple[datetime, float]]) -> float:
    score = warmth(published, FRESH)
    for moment, weight in events:
        score = warmer(score, warmth(moment, weight))
    return score
