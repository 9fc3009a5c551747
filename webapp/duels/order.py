"""Which of two comes first: random for each listener and pair, and the same when the page is loaded again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.utils.crypto import salted_hmac

from webapp.tunes.listeners import Listener

T = TypeVar("T")


def coin(listener: Listener, about: str) -> bool:
    """Tossed once for a listener and what it is about; nobody without the site's key can tell how it fell."""
    return bool(salted_hmac("webapp.duels.coin", f"{listener.key} {about}", algorithm="sha256").digest()[0] & 1)


def shuffled(rows: Sequence[T], listener: Listener, about: str) -> list[T]:
    return list(rows)[:: -1 if coin(listener, about) else 1]
