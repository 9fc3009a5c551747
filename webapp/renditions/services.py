"""Asking for a rendition and stopping it. The worker's side is in playing.py."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from generator import ComposerCard
from webapp.renditions.models import UNFINISHED, Rendition, Status
from webapp.tunes.access import Verb, may
from webapp.tunes.allowance import allowance_spend
from webapp.tunes.listeners import Listener
from webapp.tunes.models import Tune
from webapp.tunes.services import NotAllowed

log = logging.getLogger(__name__)

KEPT = timedelta(days=30)


def rendition_request(*, tune: Tune, player: ComposerCard, listener: Listener) -> Rendition:
    """One for a tune and checkpoint: asked again, it is the same; one that came to nothing is begun anew."""
    with transaction.atomic():
        # Begun as one that was stopped: what follows is the same for a new one and for one asked for anew.
        rendition, _ = Rendition.objects.select_for_update().get_or_create(
            tune=tune, checkpoint=player.checkpoint, defaults={"player": player.name, "status": Status.CANCELLED}
        )
        if rendition.is_ready or rendition.is_unfinished:
            return rendition
        allowance_spend(listener=listener)
        rendition.status, rendition.progress, rendition.reason = Status.QUEUED, 0, ""
        rendition.claim, rendition.created = "", timezone.now()
        rendition.save(update_fields=["status", "progress", "reason", "claim", "created"])
        transaction.on_commit(renditions_enqueue)
    return rendition


def renditions_enqueue() -> None:
    """Tells a worker that some wait; it plays all of them."""
    from webapp.renditions.tasks import play_waiting

    Rendition.objects.filter(status=Status.QUEUED).update(enqueued=timezone.now())
    try:
        play_waiting.delay()
    except Exception:
        # The row is kept, and a worker's sweep finds it.
        log.exception("No worker could be told of the renditions that wait")


def renditions_forget() -> int:
    """Sounds take room and can be made again. A task of the night."""
    return Rendition.objects.filter(created__lt=timezone.now() - KEPT).exclude(status__in=UNFINISHED).delete()[0]


def rendition_cancel(*, tune: Tune, listener: Listener) -> None:
    """Stops what waits or plays; the sound is everybody's who sees the tune, so its maker alone may."""
    if not may(listener, Verb.CHANGE, tune):
        raise NotAllowed
    Rendition.objects.filter(tune=tune, status__in=UNFINISHED).update(status=Status.CANCELLED, claim="")
