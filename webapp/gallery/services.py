"""Every write of the gallery: what it knows of each public tune."""

from __future__ import annotations

from collections.abc import Sequence


def entries_refresh(*, tunes: Sequence[str]) -> None:
    """Writes, or removes, what the gallery knows of these tunes, after anything about them has changed."""


def tune_warm(*, tune: str, weight: float) -> None:
    """Something was done for a tune that makes it trend: a star, a favourite, a comment, a remix."""
