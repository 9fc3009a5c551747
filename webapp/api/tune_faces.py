"""Tunes as JSON: one whole, many as they are listed, a family."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import prefetch_related_objects
from rest_framework.request import Request

from webapp.api.tune_serializers import ListedTuneSerializer, TuneSerializer
from webapp.talk.selectors import Standing, standing_of
from webapp.tunes.families import Family, Relative
from webapp.tunes.models import Tune
from webapp.tunes.selectors import parent_shown


def whole(request: Request, tune: Tune) -> dict:
    tune.parent_shown = parent_shown(tune, request.listener)
    mine = standing_of(tune=tune, listener=request.listener) if request.listener.known else Standing(None, False, False)
    tune.my_stars, tune.my_favourite = mine.stars, mine.favourite
    return dict(TuneSerializer(tune, context={"request": request}).data)


def listed(request: Request, tunes: Sequence[Tune]) -> list[dict]:
    """Two questions for all of them together, whatever their number."""
    prefetch_related_objects(tunes, "owner", "tags")
    return list(ListedTuneSerializer(tunes, many=True, context={"request": request}).data)


def family_face(family: Family) -> dict:
    """The tree as a list, so that no program has to go down sixty levels."""
    return {"more": family.more, "results": list(_rows(family.root))}


def _rows(root: Relative) -> Iterator[dict]:
    waiting: list[tuple[Relative, int | None]] = [(root, None)]
    for number, (relative, parent) in enumerate(_walk(waiting)):
        yield {
            "number": number,
            "parent": parent,
            "tune": {"id": relative.tune.pk, "title": relative.tune.title} if relative.tune else None,
            "tweak": relative.tweak,
            "changes": relative.changes,
        }


def _walk(waiting: list[tuple[Relative, int | None]]) -> Iterator[tuple[Relative, int | None]]:
    """Level by level; `waiting` grows while it is gone through, so a place in it is a number in the list."""
    for number, pair in enumerate(waiting):
        yield pair
        waiting += [(child, number) for child in pair[0].children]
