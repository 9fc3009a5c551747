"""Every read of duels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from generator import composer_cards
from webapp.duels.models import Guess, Pair, Reckoning, Standing, State, Vote
from webapp.tunes.listeners import Listener

WAITED_FOR = timedelta(minutes=2)  # a pair that is being composed, by whoever comes along


def pair_for(pair_id: str) -> Pair:
    pair = Pair.objects.filter(pk=pair_id).select_related("successor").first()
    if pair is None:
        raise Http404("There is no such duel.")
    return pair


def vote_of(pair: Pair, listener: Listener) -> Vote | None:
    return Vote.objects.filter(pair=pair, listener=listener.key).first()


def pair_open(listener: Listener, rhythm: str = "") -> Pair | None:
    """The pair chosen from least of those that this listener has not chosen from."""
    return _not_yet(listener, rhythm).filter(status=State.OPEN).order_by("voted", "pk").first()


def pair_underway(listener: Listener, rhythm: str = "") -> Pair | None:
    since = timezone.now() - WAITED_FOR
    return _not_yet(listener, rhythm).filter(status=State.COMPOSING, created__gte=since).order_by("created").first()


def _not_yet(listener: Listener, rhythm: str) -> QuerySet[Pair]:
    pairs = Pair.objects.filter(rhythm=rhythm) if rhythm else Pair.objects.all()
    return pairs.exclude(Exists(Vote.objects.filter(pair=OuterRef("pk"), listener=listener.key)))


def choices_of(pair: Pair) -> dict[int, int]:
    """How often each side was chosen."""
    return dict(pair.votes.exclude(chosen=None).values_list("chosen").annotate(Count("pk")))


def duels_heard(listener: Listener) -> int:
    return Vote.objects.filter(listener=listener.key).count()


@dataclass(frozen=True)
class Score:
    guesses: int
    right: int


def score_of(listener: Listener) -> Score:
    told = Guess.objects.filter(listener=listener.key).aggregate(
        guesses=Count("pk"), right=Count("pk", filter=Q(said=F("riddle__kind")))
    )
    return Score(**told)


def standings() -> list[Standing]:
    """Composers, strongest first."""
    return _titled(Standing.objects.filter(kind=Standing.Kind.STRENGTH).order_by("-value", "composer"))


def fooled() -> list[Standing]:
    """Shares of tunes that were taken for what they are not: all together first, then by composer."""
    return _titled(Standing.objects.exclude(kind=Standing.Kind.STRENGTH).order_by("kind", "composer"))


def _titled(rows: Iterable[Standing]) -> list[Standing]:
    titles = composer_titles()
    rows = list(rows)
    for row in rows:
        row.title = titles.get(row.composer, row.composer)
    return rows


def reckoned() -> Reckoning | None:
    return Reckoning.objects.first()


def composer_titles() -> dict[str, str]:
    return {card.name: card.title or card.name for card in composer_cards()}


def votes_between() -> list[tuple[str, str, int]]:
    """(winner, loser, times) of all choices."""
    chosen = Vote.objects.exclude(chosen=None).values_list("chosen__composer", "pair__between").annotate(Count("pk"))
    out = []
    for winner, between, times in chosen:
        out += [(winner, loser, times) for loser in between.split("|") if loser != winner]
    return out
