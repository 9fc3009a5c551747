"""The claims this process holds on tunes, and when a claim counts as left behind."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from webapp.tunes.models import Status

STALE_AFTER = timedelta(seconds=5)  # without a heartbeat
MAX_CLAIMS = 4  # a tune that took down this many workers is not given to another
MAX_SECONDS = 180  # for one claim, all attempts together
GRACE_SECONDS = 30  # for a composer to notice that its tune was given up

_held: dict[str, float] = {}
_lock = threading.Lock()


def hold(claim: str) -> None:
    with _lock:
        _held[claim] = time.monotonic()


def let_go(claim: str) -> None:
    with _lock:
        _held.pop(claim, None)


def held_claims() -> list[str]:
    with _lock:
        return list(_held)


def overdue_claims(grace: float = 0) -> list[str]:
    with _lock:
        return [claim for claim, since in _held.items() if time.monotonic() - since > MAX_SECONDS + grace]


def left_behind() -> Q:
    """Being composed, they say, but by nobody who is alive."""
    return Q(status=Status.COMPOSING, heartbeat__lt=timezone.now() - STALE_AFTER)
