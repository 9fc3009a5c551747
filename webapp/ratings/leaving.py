"""Stars given by somebody who leaves stay as figures, under keys that lead nowhere; favourites go."""

from __future__ import annotations

from webapp.accounts.leaving import Leaver, on_leaving
from webapp.ratings.models import Favourite, Rating


@on_leaving
def stars_stay(leaver: Leaver) -> None:
    Rating.objects.filter(listener=leaver.key).update(listener=leaver.nobody())


@on_leaving
def favourites_go(leaver: Leaver) -> None:
    Favourite.objects.filter(listener=leaver.key).delete()
