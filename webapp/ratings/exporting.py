"""What a listener gave stars and hearts to, as they take it home."""

from __future__ import annotations

from collections.abc import Iterator

from webapp.accounts.exporting import exports
from webapp.ratings.models import Favourite, Rating
from webapp.tunes.listeners import Listener


@exports("ratings.json")
def ratings(listener: Listener) -> Iterator[dict]:
    for rating in Rating.objects.filter(listener=listener.key).order_by("changed", "pk").iterator(500):
        yield {"tune": rating.tune_id, "stars": rating.stars, "changed": rating.changed}


@exports("favourites.json")
def favourites(listener: Listener) -> Iterator[dict]:
    for favourite in Favourite.objects.filter(listener=listener.key).order_by("created", "pk").iterator(500):
        yield {"tune": favourite.tune_id, "since": favourite.created}
