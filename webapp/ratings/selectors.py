"""Every read of ratings."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet, Sum

from webapp.paging import Cursor
from webapp.ratings.models import Favourite, Rating
from webapp.tunes.access import listed, still_opens
from webapp.tunes.listeners import Listener
from webapp.tunes.models import Tune

PAGE_FAVOURITES = 24
FAVOURITES = Cursor("favourites", "created")


def stars_of(*, tune: Tune, listener: Listener) -> int | None:
    return Rating.objects.filter(tune=tune, listener=listener.key).values_list("stars", flat=True).first()


def stars_by_composer() -> dict[str, tuple[float, int]]:
    """The mean of all stars that a composer's public tunes were given, and how many those are."""
    rated = Tune.objects.filter(listed(), stars_count__gt=0).values("composer").order_by()
    totals = rated.annotate(sum=Sum("stars_sum"), count=Sum("stars_count"))
    return {row["composer"]: (row["sum"] / row["count"], row["count"]) for row in totals}


def favourites_among(tunes: Iterable[Tune], listener: Listener) -> set[str]:
    """Ids of those that are this listener's favourites, in one question for a page of cards."""
    ids = [tune.pk for tune in tunes]
    return set(Favourite.objects.filter(tune__in=ids, listener=listener.key).values_list("tune_id", flat=True))


def favourites_shown(listener: Listener) -> QuerySet[Favourite]:
    """Those that the listener may still open; one that was unlisted when it was liked had been opened by its link."""
    return Favourite.objects.filter(still_opens(listener), listener=listener.key).select_related("tune__owner")


def favourites_page(listener: Listener, cursor: str = "") -> tuple[list[Tune], str]:
    """The tunes liked last come first."""
    page, next_cursor = FAVOURITES.page(favourites_shown(listener), cursor, PAGE_FAVOURITES)
    return [favourite.tune for favourite in page], next_cursor
