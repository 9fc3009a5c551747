"""When the standings are to be reckoned: once a minute at most, and not before somebody has voted."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from webapp.duels.models import Reckoning

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
ONLY = 1  # the key of the only row


def reckoning_request() -> None:
    """After a vote or a guess. Of many at once, one asks the worker."""
    now = timezone.now()
    row, _ = Reckoning.objects.get_or_create(pk=ONLY)
    due = max(now, row.made + EVERY) if row.made else now
    free = Q(due=None) | Q(due__lt=now - EVERY)  # one that is long due was lost: asked for again
    if Reckoning.objects.filter(free, pk=ONLY).update(due=due):
        transaction.on_commit(lambda: _enqueue((due - now).total_seconds()))


def reckoning_begun() -> None:
    Reckoning.objects.update_or_create(pk=ONLY, defaults={"made": timezone.now(), "due": None})


def _enqueue(seconds: float) -> None:
    from webapp.duels.tasks import reckon

    try:
        reckon.apply_async(countdown=seconds)
    except Exception:
        # The next vote asks again, and so does the night.
        log.exception("The standings could not be asked for")
