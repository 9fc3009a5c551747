"""The worker's side: claim a tune, let the composer write, keep the row true, and never leave one without a status."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Iterable
from contextlib import closing, nullcontext

from django.db import connection
from django.db.models import F, Q
from django.utils import timezone

from generator import (
    AttemptRejected,
    Brief,
    Interpretation,
    Keyword,
    NotesAdded,
    Piece,
    StyleMatch,
    conditions_from_dict,
)
from webapp.tunes.claims import MAX_CLAIMS, held_claims, hold, left_behind, let_go
from webapp.tunes.givens import given_of
from webapp.tunes.models import Status, Tune

log = logging.getLogger(__name__)

WRITE_EVERY = 0.1  # seconds between two writes of growing notes
CROWD = 8  # tunes at once; with more, each is written down the less often
BROKEN = "The composer stumbled over this one. Please try again, perhaps in other words."
NO_GOOD_TUNE = "No tune good enough came of it. Try another seed, or ask for less at once."


# SQLite takes one writer at a time and sends the others to sleep; here they queue, and wake when it is their turn.
_one_writer = threading.Lock() if connection.vendor == "sqlite" else nullcontext()


class ClaimLost(Exception):
    """Cancelled, or taken over by another worker: nothing more may be written."""


def compose(brief: Brief, *, interpretation: Interpretation) -> Iterable[NotesAdded | AttemptRejected | Piece]:
    """Beside every other tune that this worker holds."""
    # Fetched here and not above: the composer's engine is nothing that web processes should load.
    from generator import compose_together

    crowd = max(1.0, len(held_claims()) / CROWD)
    return compose_together(brief, interpretation=interpretation, every=WRITE_EVERY * crowd)


def tune_compose(*, tune_id: str) -> None:
    """Composes a tune that waits or was left behind. Called twice for one tune, the second call does nothing."""
    tune = tune_claim(tune_id=tune_id)
    if tune is None:
        return
    try:
        _compose_claimed(tune)
    except ClaimLost:
        log.info("Tune %s is no longer ours", tune.pk)
    except Exception as error:
        log.exception("Tune %s failed", tune.pk)
        _finish(tune, Status.FAILED, reason=_reason_of(error))
    except BaseException:
        _release(tune)  # the worker is being stopped: another may start at once
        raise
    finally:
        let_go(tune.claim)


def tune_claim(*, tune_id: str) -> Tune | None:
    """One statement decides who composes: of two workers that want the same tune, one changes no row."""
    claim = secrets.token_hex(16)
    free = Tune.objects.filter(Q(status=Status.QUEUED) | left_behind(), pk=tune_id, claims__lt=MAX_CLAIMS)
    with _one_writer:
        claimed = free.update(
            status=Status.COMPOSING,
            claim=claim,
            claims=F("claims") + 1,
            attempt=F("attempt") + 1,
            abc="",
            heartbeat=timezone.now(),
        )
    if not claimed:
        return None
    hold(claim)
    return Tune.objects.get(pk=tune_id)


def brief_of(tune: Tune) -> Brief:
    return Brief(
        prompt=tune.prompt,
        conditions=conditions_from_dict(tune.asked),
        seed=tune.seed,
        composer=tune.composer,
        temperature=tune.temperature,
        given=given_of(tune.given),
    )


def interpretation_of(tune: Tune) -> Interpretation:
    return Interpretation(
        keywords=tuple(Keyword(**keyword) for keyword in tune.keywords),
        valence=tune.valence,
        arousal=tune.arousal,
        language=tune.language,
        styles=tuple(StyleMatch(s["name"], tuple(s["progression"]), s["score"]) for s in tune.styles),
        conditions=conditions_from_dict(tune.conditions),
    )


def _compose_claimed(tune: Tune) -> None:
    before = tune.attempt - 1  # attempts of an earlier, interrupted claim
    started = time.monotonic()
    writer = _Writer(tune)
    with closing(compose(brief_of(tune), interpretation=interpretation_of(tune))) as events:
        for event in events:
            match event:
                case NotesAdded():
                    writer.add(before + event.attempt, event.text)
                case AttemptRejected():
                    writer.restart(before + event.attempt + 1, event.reason)
                case Piece():
                    _keep(tune, event, seconds=time.monotonic() - started)
                    return
    raise RuntimeError("The composer ended without a piece")


class _Writer:
    """Carries notes to the row: the first at once, the rest at most ten times a second."""

    def __init__(self, tune: Tune) -> None:
        self.tune = tune
        self.attempt = tune.attempt
        self.text, self.stretches = "", 0
        self.next_write = 0.0

    def add(self, attempt: int, text: str) -> None:
        if attempt != self.attempt:
            self.restart(attempt, "")
        self.text, self.stretches = self.text + text, self.stretches + 1
        # The header and the first notes after it never wait: they are what a listener waits for.
        if self.stretches <= 2 or time.monotonic() >= self.next_write:
            self.write()

    def restart(self, attempt: int, reason: str) -> None:
        self.attempt, self.text, self.stretches = attempt, "", 0
        self.write(rejection=reason)

    def write(self, **columns: str) -> None:
        _write(self.tune, abc=self.text, attempt=self.attempt, heartbeat=timezone.now(), **columns)
        self.next_write = time.monotonic() + WRITE_EVERY


def _write(tune: Tune, **columns: object) -> None:
    """Writes only while the claim holds, so a cancelled or taken-over tune stops its composer right here."""
    with _one_writer:
        if not Tune.objects.filter(pk=tune.pk, claim=tune.claim, status=Status.COMPOSING).update(**columns):
            raise ClaimLost
    _give_connection_back()


def _give_connection_back() -> None:
    """A worker has fewer connections to a database server than it composes tunes; between two writes none is needed."""
    if connection.settings_dict["OPTIONS"].get("pool") and not connection.in_atomic_block:
        connection.close()


def _keep(tune: Tune, piece: Piece, *, seconds: float) -> None:
    _write(
        tune,
        status=Status.READY,
        abc=piece.abc,
        midi=piece.midi,
        title=(piece.title or tune.title)[:200],
        conditions=piece.conditions.as_dict(),
        checkpoint=piece.checkpoint,
        checks={name: {"ok": check.ok, "value": check.value} for name, check in piece.checks.items()},
        finished=timezone.now(),
        seconds=seconds,
        claim="",
    )


def _finish(tune: Tune, status: Status, *, reason: str) -> None:
    Tune.objects.filter(pk=tune.pk, claim=tune.claim, status=Status.COMPOSING).update(
        status=status, reason=reason[:500], finished=timezone.now(), claim=""
    )


def _release(tune: Tune) -> None:
    Tune.objects.filter(pk=tune.pk, claim=tune.claim, status=Status.COMPOSING).update(
        status=Status.QUEUED, claim="", claims=F("claims") - 1, rejection="interrupted", enqueued=None
    )


def _reason_of(error: Exception) -> str:
    # Named, not imported: the pipeline's exceptions stay on its side of the border.
    return NO_GOOD_TUNE if type(error).__name__ == "ComposeFailed" else BROKEN
