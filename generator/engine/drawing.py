"""One id by its probability, compiled: what is left of a distribution is small, and numpy's calls cost more than it."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(nogil=True, cache=True, error_model="numpy")
def drawn(logits, allowed, temperature, least, share) -> int:  # noqa: ANN001 (numba reads the values)
    """The id at `share` (0 to 1) of the probability of those allowed; under `least` of the likeliest one it has none.

    At least one id is allowed.
    """
    highest, count = -np.inf, 0
    for i in range(len(logits)):
        if allowed[i]:
            highest = max(highest, logits[i])
            count += 1
    ids, p, total = np.empty(count, np.int64), np.empty(count), 0.0
    left = 0
    for i in range(len(logits)):
        if allowed[i]:
            weight = np.exp((logits[i] - highest) / temperature)
            if weight >= least:
                ids[left], p[left] = i, weight
                total += weight
                left += 1
    at, reached = 0, p[0]
    while reached <= share * total and at + 1 < left:
        at += 1
        reached += p[at]
    return ids[at]


@njit(nogil=True, cache=True, error_model="numpy")
def leaned(logits, bonus, first, last):  # noqa: ANN001, ANN201 (numba reads the values)
    """The logits with a bonus on the ids from `first` up to `last`, which together stay as likely as they were."""
    highest = logits[first:last].max()
    before, after = 0.0, 0.0
    for i in range(first, last):
        weight = np.exp(logits[i] - highest)
        before += weight
        after += weight * np.exp(bonus[i - first])
    out, more = logits.copy(), np.log(after / before)
    for i in range(first, last):
        out[i] += bonus[i - first] - more
    return out
