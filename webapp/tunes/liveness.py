"""Signs of life: each worker's own, and those of the tunes it holds; and what to do about those that have none."""

from __future__ import annotations

import logging
import os
import threading
import time
import uuid
from datetime import timedelta

from django.db import connections
from django.db.models import Q
from django.utils import timezone

from webapp.renditions.playing import renditions_sweep
from webapp.tunes.allowance import allowance_forget
from webapp.tunes.claims import GRACE_SECONDS, MAX_CLAIMS, STALE_AFTER, held_claims, left_behind, overdue_claims
from webapp.tunes.models import Status, Tune, WorkerBeat
from webapp.tunes.services import tune_enqueue

log = logging.getLogger(__name__)

BEAT_EVERY = 1.0  # seconds
TUNES_AT_ONCE = 16  # that one worker composes together
INTERRUPTED = "The composer was interrupted too often. Please try again."
TOO_LONG = "Composing took too long. Please try again."
FORGOTTEN_AFTER = timedelta(seconds=3)  # a queued tune that an idle worker has not been handed


def workers_alive() -> int:
    return WorkerBeat.objects.filter(seen__gte=timezone.now() - STALE_AFTER).count()


class Pulse(threading.Thread):
    """Beats once a second beside the composing, sweeps, and ends with its process."""

    def __init__(self) -> None:
        super().__init__(name="pulse", daemon=True)
        self.worker = uuid.uuid4().hex
        self.stopping = threading.Event()
        self.idle_since: float | None = None
        self.consuming = False

    def run(self) -> None:
        while not self.stopping.is_set():
            try:
                self.beat()
                self.sweep()
            except Exception:
                log.exception("The worker's heartbeat missed a beat")
            finally:
                connections.close_all()
            self.stopping.wait(BEAT_EVERY)

    def stop(self) -> None:
        self.stopping.set()
        self.join(timeout=5)
        WorkerBeat.objects.filter(name=self.worker).delete()

    def beat(self) -> None:
        now = timezone.now()
        WorkerBeat.objects.update_or_create(name=self.worker, defaults={"seen": now})
        WorkerBeat.objects.filter(seen__lt=now - timedelta(hours=1)).delete()
        held = held_claims()
        if held:
            Tune.objects.filter(claim__in=held, status=Status.COMPOSING).update(heartbeat=now)
        self.idle_since = None if held else self.idle_since or time.monotonic()

    def give_up(self) -> None:
        """A composer that never comes back would keep this worker, looking alive, from every other tune."""
        log.critical("The composer hangs; this worker ends itself, so that a fresh one can take its place")
        os._exit(os.EX_SOFTWARE)

    def sweep(self) -> None:
        fail_overdue()
        if overdue_claims(grace=GRACE_SECONDS):
            self.give_up()
        enqueue_left_behind()
        if self.consuming and self.idle_since and time.monotonic() - self.idle_since > 2 * BEAT_EVERY:
            enqueue_forgotten()
        allowance_forget()
        renditions_sweep()


def fail_overdue() -> None:
    """A composer that does not come to an end, and a tune that has taken down every worker it was given to."""
    now = timezone.now()
    Tune.objects.filter(claim__in=overdue_claims(), status=Status.COMPOSING).update(
        status=Status.FAILED, reason=TOO_LONG, finished=now, claim=""
    )
    Tune.objects.filter(left_behind(), claims__gte=MAX_CLAIMS).update(
        status=Status.FAILED, reason=INTERRUPTED, finished=now, claim=""
    )


def enqueue_left_behind() -> None:
    """Tunes whose worker was killed: whoever is alive puts them back."""
    # One that is out of claims is for fail_overdue: in the queue nobody could take it, and it would wait for ever.
    for tune_id in Tune.objects.filter(left_behind(), claims__lt=MAX_CLAIMS).values_list("pk", flat=True)[:100]:
        log.warning("Tune %s was left behind; taking it up again", tune_id)
        changed = Tune.objects.filter(left_behind(), pk=tune_id, claims__lt=MAX_CLAIMS).update(
            status=Status.QUEUED, claim="", rejection="interrupted", enqueued=None
        )
        if changed:
            _enqueue(tune_id, None)


def enqueue_forgotten() -> None:
    """Tunes that wait although this worker has nothing to do: their message is lost, or was never sent."""
    since = timezone.now() - FORGOTTEN_AFTER
    forgotten = Q(enqueued=None, created__lt=since) | Q(enqueued__lt=since)
    waiting = Tune.objects.filter(forgotten, status=Status.QUEUED).order_by("created")
    for tune_id, enqueued in waiting.values_list("pk", "enqueued")[:100]:
        _enqueue(tune_id, enqueued)


def _enqueue(tune_id: str, enqueued: object) -> None:
    """Of several sweepers that see the same tune, the one that stamps it enqueues it."""
    if Tune.objects.filter(pk=tune_id, status=Status.QUEUED, enqueued=enqueued).update(enqueued=timezone.now()):
        tune_enqueue(tune_id=tune_id)
