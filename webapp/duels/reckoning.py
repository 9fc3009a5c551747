"""The worker's side of the ranking: votes and guesses to standings. Brings numpy and scipy: never for a page."""

from __future__ import annotations

from collections import Counter

from django.db import transaction
from django.db.models import Count, F, Q

from webapp.duels.house import composer_names
from webapp.duels.models import Guess, Maker, Reckoning, Standing
from webapp.duels.reckoning_due import reckoning_begun
from webapp.duels.selectors import votes_between
from webapp.duels.strengths import Estimate, share, strengths

Kind = Standing.Kind


def standings_reckon() -> None:
    """All standings anew, in one go: whoever reads finds the old ones or the new ones."""
    reckoning_begun()  # a vote that comes from here on asks again
    rows = [*_strengths(), *_fooled()]
    with transaction.atomic():
        list(Reckoning.objects.select_for_update())  # of two workers, one after the other
        Standing.objects.all().delete()
        Standing.objects.bulk_create(rows)


def _strengths() -> list[Standing]:
    wins = votes_between()
    names = sorted({*composer_names(), *(name for winner, loser, _ in wins for name in (winner, loser))})
    won, fought = Counter(), Counter()
    for winner, loser, times in wins:
        won[winner] += times
        fought.update({winner: times, loser: times})
    found = strengths(names, wins)
    return [_standing(Kind.STRENGTH, name, found[name], fought[name], won[name]) for name in found]


def _fooled() -> list[Standing]:
    wrong = Count("pk", filter=~Q(said=F("riddle__kind")))
    told = Guess.objects.values_list("riddle__kind", "riddle__composer").annotate(count=Count("pk"), hits=wrong)
    counts: dict[tuple[str, str], Counter] = {(Kind.FOOLED, ""): Counter(), (Kind.MISTAKEN, ""): Counter()}
    for kind, composer, count, hits in told:
        figure = Kind.FOOLED if kind == Maker.MACHINE else Kind.MISTAKEN
        for name in {"", composer}:
            counts.setdefault((figure, name), Counter()).update(count=count, hits=hits)
    return [
        _standing(kind, name, share(one["hits"], one["count"]), one["count"], one["hits"])
        for (kind, name), one in counts.items()
    ]


def _standing(kind: Kind, composer: str, found: Estimate, count: int, hits: int) -> Standing:
    return Standing(
        kind=kind, composer=composer, value=found.value, low=found.low, high=found.high, count=count, hits=hits
    )
