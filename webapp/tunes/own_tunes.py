"""What a maker has made: newest first, page by page."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from webapp.paging import Cursor
from webapp.tunes.listeners import Listener
from webapp.tunes.models import ID_LENGTH, Tune, Visibility

PAGE_TUNES = 24
DELETED = "deleted"
SHOWN = (("", "All"), *Visibility.choices, (DELETED, "Deleted"))
CURSOR = Cursor("own-tunes", "created")


@dataclass(frozen=True)
class OwnTunes:
    tunes: list[Tune]
    next_cursor: str
    show: str
    words: str
    counts: dict[str, int]  # of each visibility, of what was deleted, and of all under ""


def own_tunes(listener: Listener) -> QuerySet[Tune]:
    return Tune.objects.filter(maker=listener.key)


def own_tunes_page(listener: Listener, *, show: str = "", words: str = "", cursor: str = "") -> OwnTunes:
    """Raises Http404 for a page that does not exist."""
    if show not in dict(SHOWN):
        raise Http404("There is no such page of tunes.")
    words = words.replace("\x00", "").strip()[:200]
    tunes = _shown(own_tunes(listener), show)
    if words:
        tunes = tunes.filter(Q(title__icontains=words) | Q(prompt__icontains=words) | Q(tags__name=words.lower()))
    page, next_cursor = CURSOR.page(tunes.distinct().prefetch_related("tags"), cursor, PAGE_TUNES)
    return OwnTunes(page, next_cursor, show, words, own_counts(listener))


def _shown(tunes: QuerySet[Tune], show: str) -> QuerySet[Tune]:
    if show == DELETED:
        return tunes.exclude(deleted=None)
    tunes = tunes.filter(deleted=None)
    return tunes.filter(visibility=show) if show else tunes


def own_counts(listener: Listener) -> dict[str, int]:
    gone = Q(deleted__isnull=False)
    kinds = {"all": ~gone, DELETED: gone} | {value: Q(visibility=value) & ~gone for value in Visibility.values}
    # An aggregate may not be called what a column is called.
    found = own_tunes(listener).aggregate(
        **{f"{kind}_count": Count("pk", filter=which) for kind, which in kinds.items()}
    )
    return {kind: found[f"{kind}_count"] for kind in kinds}


def just_deleted(listener: Listener, tune_id: str) -> Tune | None:
    """For the offer to undo, right after deleting."""
    if len(tune_id) != ID_LENGTH or not (tune_id.isascii() and tune_id.isprintable()):
        return None
    return own_tunes(listener).exclude(deleted=None).filter(pk=tune_id).first()
