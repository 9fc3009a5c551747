"""Every write of ratings."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone

from webapp.ratings.models import FEWEST_STARS, MOST_STARS, Rating
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
    locked = Tune.objects.select_for_update().get(pk=tune.pk)
    if not locked.is_ready:
        raise NotAllowed
    changes = {"stars": stars, "changed": timezone.now()}
    rating, _ = Rating.objects.update_or_create(tune=locked, listener=listener.key, defaults=changes)
    totals = locked.ratings.aggregate(sum=Sum("stars"), count=Count("pk"))
    Tune.objects.filter(pk=tune.pk).update(stars_sum=totals["sum"], stars_count=totals["count"])
    return rating
