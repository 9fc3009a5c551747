"""Every write of ratings."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone

from webapp.accounts.models import Profile
from webapp.gallery.entries import FAVOURITE, STAR
from webapp.gallery.services import stars_refresh, tune_cool, tune_warm
from webapp.moderation.blocking import refuse_blocked
from webapp.ratings.models import FEWEST_STARS, MOST_STARS, Favourite, Rating
from webapp.tunes.access import Verb, may
from webapp.tunes.listeners import Listener
from webapp.tunes.models import Tune
from webapp.tunes.services import NotAllowed


class NotSoManyStars(ValueError):
    def __init__(self) -> None:
        super().__init__(f"Give {FEWEST_STARS} to {MOST_STARS} stars.")


@transaction.atomic
def tune_rate(*, tune: Tune, listener: Listener, stars: int) -> Rating:
    """A second rating by the same listener replaces the first; the tune's sums are counted anew under its lock."""
    if not FEWEST_STARS <= stars <= MOST_STARS:
        raise NotSoManyStars
    # Not its key: who writes a comment or a favourite holds that until the end, having locked what comes after this.
    locked = Tune.objects.select_for_update(no_key=True).get(pk=tune.pk)
    if not may(listener, Verb.RATE, locked):
        raise NotAllowed
    refuse_blocked(listener)
    changes = {"stars": stars, "changed": timezone.now()}
    rating, first = Rating.objects.update_or_create(tune=locked, listener=listener.key, defaults=changes)
    _count_stars(tune.pk)
    if first:
        _warm(locked, listener, STAR)
    return rating


@transaction.atomic
def tune_unrate(*, tune: Tune, listener: Listener) -> None:
    """Taking one's stars back is for everybody, whatever became of the tune; doing it twice changes nothing."""
    Tune.objects.select_for_update(no_key=True).get(pk=tune.pk)
    if Rating.objects.filter(tune=tune, listener=listener.key).delete()[0]:
        _count_stars(tune.pk)
        tune_cool(tune=tune.pk)


@transaction.atomic
def tune_favourite(*, tune: Tune, listener: Listener, favourite: bool) -> None:
    """Doing it twice changes nothing. Taking a favourite back is for everybody, whatever became of the tune."""
    if not favourite:
        if Favourite.objects.filter(tune=tune, listener=listener.key).delete()[0]:
            tune_cool(tune=tune.pk)
        return
    if not may(listener, Verb.RATE, tune):
        raise NotAllowed
    refuse_blocked(listener)
    _, first = Favourite.objects.get_or_create(tune=tune, listener=listener.key)
    if first:
        _warm(tune, listener, FAVOURITE)


def _warm(tune: Tune, listener: Listener, weight: float) -> None:
    """What makers do for their own tunes makes none of them trend."""
    if tune.maker != listener.key:
        tune_warm(tune=tune.pk, weight=weight)


@transaction.atomic
def ratings_adopt(*, old_key: str, profile: Profile) -> None:
    """A browser's stars become the account's; where the account has given its own, those stay."""
    own = Rating.objects.filter(listener=profile.key).values("tune_id")
    doubled = list(Rating.objects.filter(listener=old_key, tune_id__in=own))
    for rating in doubled:
        rating.delete()
        _count_stars(rating.tune_id)
    Rating.objects.filter(listener=old_key).update(listener=profile.key)


def _count_stars(tune_id: str) -> None:
    totals = Rating.objects.filter(tune_id=tune_id).aggregate(sum=Sum("stars"), count=Count("pk"))
    Tune.objects.filter(pk=tune_id).update(stars_sum=totals["sum"] or 0, stars_count=totals["count"])
    stars_refresh(tune=tune_id)


@transaction.atomic
def favourites_adopt(*, old_key: str, profile: Profile) -> None:
    """A browser's favourites become the account's, each once."""
    own = Favourite.objects.filter(listener=profile.key).values("tune_id")
    Favourite.objects.filter(listener=old_key, tune_id__in=own).delete()
    Favourite.objects.filter(listener=old_key).update(listener=profile.key)
