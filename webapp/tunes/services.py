"""Asking for a tune and stopping it. What becomes of a finished one is in keeping.py, the worker's in composing.py."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Sequence
from dataclasses import asdict

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from generator import MAX_SEED, Brief, Interpretation, title_of
from webapp.tunes.abc_headers import UNTITLED, title_in
from webapp.tunes.abilities import follows_rules
from webapp.tunes.access import Verb, may
from webapp.tunes.allowance import allowance_spend
from webapp.tunes.givens import given_columns
from webapp.tunes.listeners import Listener
from webapp.tunes.models import UNFINISHED, Status, Tune, Visibility

log = logging.getLogger(__name__)


class NotAllowed(PermissionDenied):
    """The listener may not do this to this tune. A sentence given with it is shown on the page."""


def new_seed() -> int:
    """Short enough to read out to a friend."""
    return secrets.randbelow(min(1_000_000, MAX_SEED))


def tune_request(
    *,
    brief: Brief,
    interpretation: Interpretation,
    listener: Listener,
    locked: Sequence[str] = (),
    once: str = "",
    by_program: bool = False,
    parent: Tune | None = None,
    tweak: str = "",
) -> Tune:
    """Saves the row, then enqueues on commit. The same `once` from the same listener gives the same tune again."""
    if known := _tune_of_receipt(listener, once):
        return known
    tune = Tune(
        **_brief_columns(brief),
        **(_interpretation_columns(interpretation) | _free_of_rules(brief)),
        locked=list(locked),
        **_whose(listener, parent, tweak),
        by_program=by_program,
        receipt=_receipt(listener.scope, once),
    )
    return _saved(tune, listener, once)


def tune_keep(
    *,
    abc: str,
    given: dict,
    brief: Brief,
    interpretation: Interpretation,
    listener: Listener,
    once: str = "",
    parent: Tune | None = None,
    tweak: str = "",
) -> Tune:
    """Saves a tune that needed no composing, ready to be played. Its melody is its parent's, or the listener's own."""
    if known := _tune_of_receipt(listener, once):
        return known
    melody = {"checks": parent.checks, "checkpoint": parent.checkpoint} if parent else {}
    tune = Tune(
        **(_brief_columns(brief) | {"given": given, "title": _title(brief, given["abc"])}),
        **_interpretation_columns(interpretation),
        **melody,
        abc=abc,
        status=Status.READY,
        attempt=1,
        finished=timezone.now(),
        **_whose(listener, parent, tweak),
        receipt=_receipt(listener.scope, once),
    )
    return _saved(tune, listener, once)


def _saved(tune: Tune, listener: Listener, once: str) -> Tune:
    try:
        with transaction.atomic():
            allowance_spend(listener=listener)
            tune.save(force_insert=True)
            if not tune.is_ready:
                transaction.on_commit(lambda: tune_enqueue(tune_id=tune.pk))
    except IntegrityError:
        # The other tap of a double tap was faster.
        if known := _tune_of_receipt(listener, once):
            return known
        raise
    return tune


def tune_enqueue(*, tune_id: str) -> None:
    from webapp.tunes.tasks import compose_tune

    Tune.objects.filter(pk=tune_id).update(enqueued=timezone.now())
    try:
        compose_tune.delay(tune_id)
    except Exception:
        # The row is kept and the worker's sweeper enqueues it once the broker is back.
        log.exception("Tune %s could not be enqueued", tune_id)


def tune_cancel(*, tune: Tune, listener: Listener, through_api: bool = False) -> None:
    """Stops a tune that is waiting or being composed; one that has finished stays as it is."""
    if not may(listener, Verb.CHANGE, tune) and not (through_api and tune.by_program):
        raise NotAllowed
    Tune.objects.filter(pk=tune.pk, status__in=UNFINISHED).update(
        status=Status.CANCELLED, claim="", finished=timezone.now()
    )
    tune.refresh_from_db()


def _whose(listener: Listener, parent: Tune | None, tweak: str) -> dict:
    starts_as = listener.profile.starts_as if listener.profile else Visibility.UNLISTED
    whose = {"maker": listener.key, "owner": listener.profile, "visibility": starts_as}
    return whose | {"parent": parent, "root": parent.family if parent else "", "tweak": tweak}


def _brief_columns(brief: Brief) -> dict:
    return {
        "prompt": brief.prompt,
        "title": _title(brief, brief.given.abc if brief.given else ""),
        "given": given_columns(brief.given),
        "seed": brief.seed,
        "composer": brief.composer,
        "temperature": brief.temperature,
        "asked": brief.conditions.as_dict(),
    }


def _title(brief: Brief, abc: str) -> str:
    """Until the composer names it: music of one's own keeps its name."""
    return title_in(abc) or title_of(brief.prompt) or UNTITLED


def _interpretation_columns(interpretation: Interpretation) -> dict:
    return {
        "keywords": [asdict(keyword) for keyword in interpretation.keywords],
        "valence": interpretation.valence,
        "arousal": interpretation.arousal,
        "language": interpretation.language,
        "styles": [asdict(style) for style in interpretation.styles],
        "conditions": interpretation.conditions.as_dict(),
    }


def _free_of_rules(brief: Brief) -> dict:
    """Of what was understood, a composer that goes a road of its own is given what it is asked for alone."""
    return {} if follows_rules(brief.composer) else {"conditions": brief.conditions.as_dict()}


def _receipt(scope: str, once: str) -> str | None:
    return hashlib.sha256(f"{scope} {once}".encode()).hexdigest() if once else None


def _tune_of_receipt(listener: Listener, once: str) -> Tune | None:
    if not once:
        return None
    if found := Tune.objects.filter(receipt=_receipt(listener.scope, once)).first():
        return found
    # A program's first request brought no cookie; its retry may bring the one it was given.
    first = _receipt(f"address:{listener.address}", once)
    return Tune.objects.filter(receipt=first, maker=listener.key).first()
