"""Every write of duels: asking for a pair, settling it once its tunes are there, choosing, sweeping."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from generator import BriefError, has_chords, unnamed
from webapp.accounts.models import Profile
from webapp.duels.house import house_tune
from webapp.duels.models import Guess, Pair, Side, State, Vote
from webapp.duels.order import shuffled
from webapp.duels.pairing import NoRivals, between, new_brief, rivals
from webapp.duels.reckoning_due import reckoning_request
from webapp.duels.selectors import pair_open, pair_underway
from webapp.duels.voters import must_count
from webapp.tunes.allowance import TooManyTunes, allowance_spend
from webapp.tunes.briefs import understood
from webapp.tunes.listeners import Listener
from webapp.tunes.models import Status, Tune

log = logging.getLogger(__name__)

MOST_TRIES = 3
KEPT_UNUSED = timedelta(days=1)
SWEPT_AT_ONCE = 500


class NotOpen(Exception):
    def __init__(self) -> None:
        super().__init__("These two are still being written. Wait a moment, then choose.")


class NotInPair(Exception):
    def __init__(self) -> None:
        super().__init__("Choose one of the two tunes on the page, or skip them.")


class AlreadySaid(Exception):
    def __init__(self, what: str = "You have already chosen between these two. The first choice counts.") -> None:
        super().__init__(what)


def duel_ask(*, listener: Listener, rhythm: str = "") -> Pair:
    """A pair that this listener has not chosen from: one that is there, or a new one. Raises NoRivals, TooManyTunes."""
    if known := pair_open(listener, rhythm) or pair_underway(listener, rhythm):
        return known
    with transaction.atomic():
        allowance_spend(listener=listener)
        return _pair_request(rhythm=rhythm, asker=listener.key)


def _pair_request(*, rhythm: str, asker: str, after: Pair | None = None) -> Pair:
    """The same prompt, conditions and seed for both. After a pair that failed, two others if there are others."""
    brief = new_brief(rhythm)
    if after:
        brief = replace(brief, prompt=after.prompt)
    names = rivals(brief, frozenset([after.between] if after else ()))
    interpretation = understood(brief)
    pair = Pair.objects.create(
        prompt=brief.prompt,
        rhythm=rhythm,
        tempo_qpm=interpretation.conditions.tempo_qpm or 120,
        between=between(names),
        asker=asker,
        tries=after.tries + 1 if after else 1,
    )
    for name in names:
        tune = house_tune(brief=replace(brief, composer=name), interpretation=interpretation)
        Side.objects.create(pair=pair, composer=name, tune=tune)
    return pair


def pair_settle(*, pair: Pair) -> Pair:
    """Opens a pair when both tunes are there; when one is not to be had, marks it failed and asks for another."""
    return _settled(pair) if pair.status == State.COMPOSING else pair


@transaction.atomic
def _settled(pair: Pair) -> Pair:
    pair = Pair.objects.select_for_update().get(pk=pair.pk)
    sides = list(pair.sides.select_related("tune"))
    states = {side.tune.status for side in sides}
    if pair.status == State.COMPOSING and states & {Status.FAILED, Status.CANCELLED}:
        _fail(pair)
    elif pair.status == State.COMPOSING and states == {Status.READY}:
        _open(pair, sides)
    return pair


def _open(pair: Pair, sides: list[Side]) -> None:
    try:
        # Chords over one of the two alone would tell them apart by more than their notes.
        chords = all(has_chords(side.tune.abc) for side in sides)
        for side in sides:
            side.abc = unnamed(side.tune.abc, tempo_qpm=pair.tempo_qpm, chords=chords)
    except BriefError:
        log.exception("Pair %s cannot be shown", pair.pk)
        _fail(pair)
        return
    Side.objects.bulk_update(sides, ["abc"])
    pair.status = State.OPEN
    pair.save(update_fields=["status"])


def _fail(pair: Pair) -> None:
    pair.status = State.FAILED
    if pair.tries < MOST_TRIES:
        try:
            with transaction.atomic():
                pair.successor = _pair_request(rhythm=pair.rhythm, asker=pair.asker, after=pair)
        except (TooManyTunes, NoRivals):
            log.warning("Nothing follows the failed pair %s", pair.pk)
    pair.save(update_fields=["status", "successor"])


def duel_vote(*, pair: Pair, listener: Listener, token: str, heard: int = 0) -> Vote:
    """Raises NotOpen, NotInPair, AlreadySaid, NotCounted. An empty token skips the pair."""
    must_count(listener)
    if not pair.is_open:
        raise NotOpen
    sides = shown_sides(pair, listener)
    chosen = next((side for side in sides if side.token == token), None)
    if token and chosen is None:
        raise NotInPair
    was_first = None if chosen is None else chosen == sides[0]
    try:
        with transaction.atomic():
            vote = Vote.objects.create(
                pair=pair, listener=listener.key, chosen=chosen, was_first=was_first, heard=max(0, min(2, heard))
            )
            Pair.objects.filter(pk=pair.pk).update(voted=F("voted") + 1)
    except IntegrityError:
        raise AlreadySaid from None
    if chosen:
        reckoning_request()
    return vote


def shown_sides(pair: Pair, listener: Listener) -> list[Side]:
    return shuffled(pair.sides.order_by("token").select_related("tune"), listener, pair.pk)


@transaction.atomic
def votes_adopt(*, old_key: str, profile: Profile) -> None:
    """A browser's choices and guesses become the account's; where the account has its own, those stay."""
    for table, about in ((Vote, "pair_id"), (Guess, "riddle_id")):
        own = table.objects.filter(listener=profile.key).values(about)
        table.objects.filter(listener=old_key, **{f"{about}__in": own}).delete()
        table.objects.filter(listener=old_key).update(listener=profile.key)
    Pair.objects.filter(asker=old_key).update(asker=profile.key)


def pairs_sweep() -> int:
    """Pairs that failed, or were asked for and never came; their tunes go with them. Safe to run at any time."""
    old = timezone.now() - KEPT_UNUSED
    gone = Pair.objects.exclude(status=State.OPEN).filter(created__lt=old, voted=0)
    pairs = list(gone.values_list("pk", flat=True)[:SWEPT_AT_ONCE])
    Tune.objects.filter(side__pair__in=pairs).delete()
    return Pair.objects.filter(pk__in=pairs).delete()[1].get("duels.Pair", 0)
