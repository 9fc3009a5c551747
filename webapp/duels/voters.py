"""Whose choices count."""

from __future__ import annotations

from webapp.moderation.blocking import refuse_blocked
from webapp.tunes.listeners import Listener


class NotCounted(Exception):
    def __init__(self) -> None:
        super().__init__("Your browser brought no cookie back, so we could not tell your choices from one another.")


def must_count(listener: Listener) -> None:
    """Somebody who is new at every request could choose for ever. Raises NotCounted; NotAllowed for one blocked."""
    if not listener.known:
        raise NotCounted
    refuse_blocked(listener)
