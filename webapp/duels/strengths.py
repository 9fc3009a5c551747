"""Statistics of votes and guesses: numpy, scipy and choix. For workers alone; knows no database.

Bradley and Terry's model: the chance that one is preferred to another is the logistic of the difference of their
strengths. choix finds the strengths; the intervals are those of many draws from a normal distribution as wide as the
curvature there allows (Laplace), so that a composer with few votes gets a wide one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import choix
import numpy as np
from scipy.special import expit
from scipy.stats import binomtest

CONFIDENCE = 0.95
# Every two composers begin with half a win each: without it, one who has lost no duel would be infinitely strong.
PRIOR = 0.5
DRAWS = 4000


@dataclass(frozen=True)
class Estimate:
    """A share between 0 and 1 with its interval."""

    value: float
    low: float
    high: float


def strengths(names: Sequence[str], wins: Sequence[tuple[str, str, int]]) -> dict[str, Estimate]:
    """How often each would be preferred to the others, one as often as another, from (winner, loser, times)."""
    at = {name: index for index, name in enumerate(names)}
    if len(at) < 2:
        return {}
    won = np.full((len(at), len(at)), PRIOR)  # [i, j]: how often i was preferred to j
    np.fill_diagonal(won, 0)
    for winner, loser, times in wins:
        won[at[winner], at[loser]] += times
    fitted = choix.ilsr_pairwise_dense(won)
    drawn = np.random.default_rng(0).multivariate_normal(fitted, _covariance(won, fitted), DRAWS, method="eigh")
    tails = np.quantile(_against_others(drawn), [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2], axis=0)
    shares = np.vstack([_against_others(fitted[None]), tails])  # (value, low, high; names)
    return {name: Estimate(*map(float, shares[:, index])) for name, index in at.items()}


def _against_others(strengths: np.ndarray) -> np.ndarray:
    """Chances to be preferred, the mean over the others.  # (draws, n) → (draws, n)"""
    p = expit(strengths[:, :, None] - strengths[:, None, :])
    return (p.sum(2) - 0.5) / (strengths.shape[1] - 1)


def _covariance(won: np.ndarray, fitted: np.ndarray) -> np.ndarray:
    """Of strengths that are told against their mean: the pseudoinverse of Fisher's information.  # (n, n)"""
    p = expit(fitted[:, None] - fitted[None])
    weight = (won + won.T) * p * (1 - p)
    return np.linalg.pinv(np.diag(weight.sum(1)) - weight, hermitian=True)


def share(hits: int, count: int) -> Estimate:
    """Of `count` the share that were `hits`, with Wilson's interval; nothing known is everything possible."""
    if not count:
        return Estimate(0.5, 0.0, 1.0)
    interval = binomtest(hits, count).proportion_ci(CONFIDENCE, method="wilson")
    return Estimate(hits / count, float(interval.low), float(interval.high))
