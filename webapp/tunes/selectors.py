"""Every read of tunes."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from django.db.models import Avg, Q, QuerySet
from django.http import Http404

from webapp.tunes.access import Verb, listed_for, may
from webapp.tunes.listeners import Listener
from webapp.tunes.liveness import TUNES_AT_ONCE, workers_alive
from webapp.tunes.models import UNFINISHED, Status, Tune

CHILDREN_SHOWN = 12
USUAL_SECONDS = 4.0  # until this machine has composed something to go by


def tune_for(tune_id: str, *, listener: Listener, verb: Verb = Verb.SEE) -> Tune:
    """The tune as this listener may see it; one they may not know of is not there."""
    tune = Tune.objects.select_related("parent", "owner").filter(pk=tune_id).first()
    if tune is None or not may(listener, verb, tune):
        raise Http404("There is no such tune.")
    tune.is_mine = tune.maker == listener.key
    return tune


def tune_children(tune: Tune, listener: Listener) -> QuerySet[Tune]:
    """The latest; a tune that is much liked has thousands, and the family tree has a page of its own."""
    children = tune.children.filter(listed_for(listener)).defer("abc", "given", "checks")
    return children.order_by("-created", "-pk")[:CHILDREN_SHOWN]


def parent_shown(tune: Tune, listener: Listener) -> Tune | None:
    """The tune it came from, unless that would hand on a link which its maker has not published."""
    return Tune.objects.filter(listed_for(listener), pk=tune.parent_id).first() if tune.parent_id else None


@dataclass(frozen=True)
class Progress:
    """One look at a tune that is being made."""

    status: str
    attempt: int
    abc: str
    rejection: str
    reason: str
    title: str


def tune_progress(tune_id: str) -> Progress | None:
    row = Tune.objects.filter(pk=tune_id).values("status", "attempt", "abc", "rejection", "reason", "title").first()
    return Progress(**row) if row else None


@dataclass(frozen=True)
class Waiting:
    place: int  # 1 is next
    eta_seconds: int
    worker_alive: bool


def tune_waiting(tune_id: str) -> Waiting:
    tune = Tune.objects.only("created", "status").get(pk=tune_id)
    ahead = Tune.objects.filter(status__in=UNFINISHED).filter(
        Q(status=Status.COMPOSING) | Q(created__lt=tune.created) | Q(created=tune.created, pk__lt=tune.pk)
    )
    place = ahead.exclude(pk=tune.pk).count() + 1
    alive = workers_alive()
    rounds = ceil(place / (max(1, alive) * TUNES_AT_ONCE))
    return Waiting(place, max(1, round(rounds * usual_seconds())), alive > 0)


def usual_seconds() -> float:
    """What a tune takes from its first moment in a worker, going by the last ones; the queue is not counted."""
    latest = Tune.objects.filter(status=Status.READY, seconds__gt=0).order_by("-finished").values("seconds")[:20]
    return latest.aggregate(mean=Avg("seconds"))["mean"] or USUAL_SECONDS


def worker_status() -> dict:
    return {"alive": workers_alive() > 0, "waiting": Tune.objects.filter(status=Status.QUEUED).count()}
