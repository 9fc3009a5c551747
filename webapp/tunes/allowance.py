"""How many tunes and recordings one listener and one address may send in a minute, counted for all processes."""

from __future__ import annotations

import math
import time
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from webapp.tunes.listeners import Listener
from webapp.tunes.models import Allowance

WINDOW_SECONDS = 60


class TooManyTunes(Exception):
    things = "tunes"

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(f"That was a lot of {self.things} at once. Try again in {retry_after} seconds.")


class TooManyRecordings(TooManyTunes):
    things = "recordings"


def allowance_spend(*, listener: Listener) -> None:
    """Counts one tune, or raises TooManyTunes and counts none."""
    # The address goes first, always: two requests that lock in different orders could wait for each other for ever.
    with transaction.atomic():
        _spend(f"address:{listener.address}", settings.TUNES_PER_MINUTE_ADDRESS)
        if listener.known:
            _spend(f"listener:{listener.key}", settings.TUNES_PER_MINUTE_VISITOR)


def recording_spend(*, listener: Listener) -> None:
    """Counts one recording to be recognised, or raises TooManyRecordings and counts none."""
    try:
        with transaction.atomic():
            _spend(f"speech:address:{listener.address}", settings.RECORDINGS_PER_MINUTE_ADDRESS)
            if listener.known:
                _spend(f"speech:listener:{listener.key}", settings.RECORDINGS_PER_MINUTE_VISITOR)
    except TooManyTunes as error:
        raise TooManyRecordings(error.retry_after) from error


def _spend(who: str, limit: int) -> None:
    Allowance.objects.get_or_create(who=who)
    allowance = Allowance.objects.select_for_update().get(who=who)
    now = time.time()
    recent = [moment for moment in allowance.moments if 0 <= now - moment < WINDOW_SECONDS]
    if len(recent) >= limit:
        oldest_to_go = recent[-limit] if limit > 0 else now
        raise TooManyTunes(max(1, math.ceil(oldest_to_go + WINDOW_SECONDS - now)))
    allowance.moments = [*recent, now]
    allowance.touched = timezone.now()
    allowance.save()


def allowance_forget() -> None:
    """Drops what no longer counts; a row says who was here, so none is kept longer than it serves."""
    old = timezone.now() - timedelta(seconds=WINDOW_SECONDS * 2)
    Allowance.objects.filter(touched__lt=old).delete()
