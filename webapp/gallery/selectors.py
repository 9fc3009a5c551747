"""Every read of the gallery."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from webapp.gallery.query import Query
from webapp.paging import Cursor
from webapp.tunes.access import listed
from webapp.tunes.models import Tune

PAGE_TUNES = 24


@dataclass(frozen=True)
class GalleryPage:
    tunes: list[Tune] = field(default_factory=list)
    next_cursor: str = ""  # "" on the last page
    corrected: str = ""  # the words that were searched for, where those asked for are in no tune


def gallery_page(query: Query, cursor: str = "") -> GalleryPage:
    """Raises Http404 for a cursor that is not ours."""
    column = {"best": "stars_sum", "newest": "published", "trending": "stars_count", "remixed": "stars_count"}
    pages = Cursor(f"gallery:{query.sort}", column[query.sort])
    return GalleryPage(*pages.page(_found(query), cursor, PAGE_TUNES))


def _found(query: Query) -> QuerySet[Tune]:
    tunes = Tune.objects.filter(listed()).select_related("owner")
    for word in query.words.split():
        tunes = tunes.filter(Q(title__icontains=word) | Q(prompt__icontains=word))
    for name in ("style", "key", "mode", "meter", "rhythm"):
        if value := getattr(query, name):
            tunes = tunes.filter(**{f"conditions__{name}": value})
    for name in ("valence", "arousal"):
        if ends := getattr(query, name):
            tunes = tunes.filter(**{f"{name}__range": ends})
    if query.composer:
        tunes = tunes.filter(composer=query.composer)
    if query.maker:
        tunes = tunes.filter(owner__slug=query.maker)
    if query.tag:
        tunes = tunes.filter(tags__name=query.tag)
    return tunes
