"""The worker's side: play what waits, one after the other, keep the row true, and leave none without a status."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from contextlib import closing
from datetime import timedelta

from django.utils import timezone

from generator import BriefError, Sound, SoundAdded, play
from webapp.renditions.models import Rendition, Status
from webapp.renditions.services import renditions_enqueue

log = logging.getLogger(__name__)

WRITE_EVERY = 0.5  # seconds between two writes of the progress
MAX_SECONDS = 240  # of computing for one sound
STALE_AFTER = timedelta(seconds=15)  # without a heartbeat
FORGOTTEN_AFTER = timedelta(seconds=5)  # in the queue, though a worker was told
BROKEN = "The player stumbled over this tune. Please try again."
TOO_LONG = "Playing it took too long. Please try again."
INTERRUPTED = "The player was interrupted. Please try again."

# One sound at a time in a worker: it takes a whole core for seconds, and tunes are composed beside it.
_at_the_flute = threading.Lock()
_held: str | None = None


class ClaimLost(Exception):
    """Cancelled, or given up: nothing more may be written."""


class TooLong(Exception):
    pass


def renditions_play() -> None:
    """All that wait. Called while this process is at it already, it does nothing."""
    if not _at_the_flute.acquire(blocking=False):
        return
    try:
        while rendition := rendition_claim():
            _play_claimed(rendition)
    finally:
        _hold(None)
        _at_the_flute.release()


def rendition_claim() -> Rendition | None:
    """The one that has waited longest; of two workers that want it, one changes no row and looks again."""
    while waiting := Rendition.objects.filter(status=Status.QUEUED).order_by("created").first():
        claim = secrets.token_hex(16)
        mine = Rendition.objects.filter(pk=waiting.pk, status=Status.QUEUED)
        if mine.update(status=Status.PLAYING, claim=claim, progress=0, heartbeat=timezone.now()):
            _hold(claim)
            return Rendition.objects.select_related("tune").defer("wav").get(pk=waiting.pk)
    return None


def _play_claimed(rendition: Rendition) -> None:
    try:
        _play(rendition)
    except ClaimLost:
        log.info("Rendition %s is no longer ours", rendition)
    except BriefError as error:
        _fail(rendition, str(error))
    except TooLong:
        _fail(rendition, TOO_LONG)
    except Exception:
        log.exception("Rendition %s failed", rendition)
        _fail(rendition, BROKEN)
    except BaseException:
        _fail(rendition, INTERRUPTED)  # the worker is being stopped
        raise


def _play(rendition: Rendition) -> None:
    started = written = time.monotonic()
    tune = rendition.tune
    with closing(play(tune.abc, player=rendition.player, seed=tune.seed, tempo_qpm=_tempo(tune.conditions))) as events:
        for event in events:
            now = time.monotonic()
            match event:
                case SoundAdded():
                    if now - started > MAX_SECONDS:
                        raise TooLong
                    if now - written > WRITE_EVERY:
                        written = now
                        _write(rendition, progress=event.share, heartbeat=timezone.now())
                case Sound():
                    _write(
                        rendition, status=Status.READY, progress=1, wav=event.wav, seconds=event.seconds,
                        computing=now - started, claim="",
                    )  # fmt: skip
                    return
    raise RuntimeError("The player ended without a sound")


def _tempo(conditions: dict) -> float | None:
    return conditions.get("tempo_qpm") or None


def _write(rendition: Rendition, **columns: object) -> None:
    """Only while the claim holds, so that one who is cancelled stops right here."""
    mine = Rendition.objects.filter(pk=rendition.pk, claim=rendition.claim, status=Status.PLAYING)
    if not mine.update(**columns):
        raise ClaimLost


def _fail(rendition: Rendition, reason: str) -> None:
    mine = Rendition.objects.filter(pk=rendition.pk, claim=rendition.claim, status=Status.PLAYING)
    mine.update(status=Status.FAILED, reason=reason[:500], claim="")


def _hold(claim: str | None) -> None:
    global _held
    _held = claim


def renditions_sweep() -> None:
    """Once a second in each worker: its own sign of life, an end for what was left behind, a word for what waits."""
    now = timezone.now()
    if _held:
        Rendition.objects.filter(claim=_held, status=Status.PLAYING).update(heartbeat=now)
    Rendition.objects.filter(status=Status.PLAYING, heartbeat__lt=now - STALE_AFTER).update(
        status=Status.FAILED, reason=INTERRUPTED, claim=""
    )
    forgotten = Rendition.objects.filter(status=Status.QUEUED, created__lt=now - FORGOTTEN_AFTER)
    if forgotten.exclude(enqueued__gte=now - FORGOTTEN_AFTER).exists():
        renditions_enqueue()
