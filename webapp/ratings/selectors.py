"""Every read of ratings."""

from __future__ import annotations

from webapp.ratings.models import Rating
from webapp.tunes.listeners import Listener
from webapp.tunes.models import Tune


def stars_of(*, tune: Tune, listener: Listener) -> int | None:
    return Rating.objects.filter(tune=tune, listener=listener.key).values_list("stars", flat=True).first()
