""" "Human or machine?": the next tune to guess at, and the guess."""

from __future__ import annotations

import logging

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import Http404

from generator import BriefError, unnamed
from webapp.duels.models import Guess, Maker, Riddle, State
from webapp.duels.order import coin
from webapp.duels.reckoning_due import reckoning_request
from webapp.duels.services import AlreadySaid
from webapp.duels.voters import must_count
from webapp.tunes.allowance import allowance_spend
from webapp.tunes.listeners import Listener
from webapp.tunes.models import Status

log = logging.getLogger(__name__)

LOW = 4  # so few unheard ones of a kind, and the worker is asked for more


class NoSuchAnswer(Exception):
    def __init__(self) -> None:
        super().__init__("Say whether it was a human or a machine.")


def riddle_for(riddle_id: str) -> Riddle:
    """One that can be heard: what is still being composed is not there."""
    riddle = Riddle.objects.filter(pk=riddle_id, status=State.OPEN).first()
    if riddle is None:
        raise Http404("There is no such tune.")
    return riddle


def riddle_next(*, listener: Listener) -> Riddle | None:
    """Heads a person's tune, tails a composer's. None while there are not enough of both.

    Both kinds have to lie ready before the coin is tossed: who waited would know that a machine was at work.
    """
    riddles_settle()
    unheard = {kind: _unheard(listener).filter(kind=kind) for kind in Maker}
    if not all(rows.exists() for rows in unheard.values()):
        return None
    guessed = Guess.objects.filter(listener=listener.key).count()
    kind = Maker.HUMAN if coin(listener, f"riddle {guessed}") else Maker.MACHINE
    return unheard[kind].order_by("guessed", "pk").first()


def riddle_ask(*, listener: Listener) -> Riddle | None:
    """The next one; has more written where they run low, which counts as a tune asked for. Raises TooManyTunes."""
    riddle = riddle_next(listener=listener)
    if _runs_low(listener) and not Riddle.objects.filter(status=State.COMPOSING).exists():
        with transaction.atomic():
            allowance_spend(listener=listener)
            transaction.on_commit(_enqueue_stock)
    return riddle


def riddles_settle() -> None:
    """Opens those whose tunes are there."""
    for riddle in Riddle.objects.filter(status=State.COMPOSING).select_related("tune"):
        if riddle.tune.status == Status.READY:
            _open(riddle)
        elif riddle.tune.is_finished:
            Riddle.objects.filter(pk=riddle.pk).update(status=State.FAILED)


def _open(riddle: Riddle) -> None:
    try:
        riddle.abc = unnamed(riddle.tune.abc, tempo_qpm=riddle.tempo_qpm, chords=False)
        riddle.title, riddle.status = riddle.tune.title, State.OPEN
    except BriefError:
        log.exception("Riddle %s cannot be shown", riddle.pk)
        riddle.status = State.FAILED
    riddle.save(update_fields=["abc", "title", "status"])


def riddle_guess(*, riddle: Riddle, listener: Listener, said: str) -> Guess:
    """Raises NoSuchAnswer, AlreadySaid, NotCounted."""
    must_count(listener)
    if said not in Maker.values:
        raise NoSuchAnswer
    try:
        with transaction.atomic():
            guess = Guess.objects.create(riddle=riddle, listener=listener.key, said=said)
            Riddle.objects.filter(pk=riddle.pk).update(guessed=F("guessed") + 1)
    except IntegrityError:
        raise AlreadySaid("You have already guessed at this one. The first guess counts.") from None
    reckoning_request()
    return guess


def guess_of(riddle: Riddle, listener: Listener) -> Guess | None:
    return Guess.objects.filter(riddle=riddle, listener=listener.key).first()


def _unheard(listener: Listener) -> QuerySet[Riddle]:
    heard = Guess.objects.filter(riddle=OuterRef("pk"), listener=listener.key)
    return Riddle.objects.filter(status=State.OPEN).exclude(Exists(heard))


def _runs_low(listener: Listener) -> bool:
    return any(_unheard(listener).filter(kind=kind)[:LOW].count() < LOW for kind in Maker)


def _enqueue_stock() -> None:
    from webapp.duels.tasks import stock

    try:
        stock.delay()
    except Exception:
        # The page that waits asks again.
        log.exception("More riddles could not be asked for")
