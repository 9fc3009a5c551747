"""What becomes of the tunes of somebody who leaves."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from webapp.accounts.leaving import Leaver, on_leaving
from webapp.gallery.services import entries_refresh
from webapp.tunes.models import Tune, Visibility

AT_ONCE = 500


@on_leaving
def tunes_leave(leaver: Leaver) -> None:
    """Those that stay are nobody's. What only the leaver could see has nobody left to see it, and goes in any case."""
    mine = Tune.objects.filter(maker=leaver.key)
    alone = Q(visibility__in=(Visibility.DRAFT, Visibility.PRIVATE)) | Q(deleted__isnull=False)
    _delete(mine if leaver.with_tunes else mine.filter(alone))
    shown = list(mine.values_list("pk", flat=True))
    mine.update(maker=leaver.nobody(), owner=None, receipt=None)
    _refresh(shown)


def _delete(tunes: QuerySet[Tune]) -> None:
    gone = list(tunes.values_list("pk", flat=True))
    parents = list(tunes.exclude(parent=None).values_list("parent_id", flat=True).distinct())
    for start in range(0, len(gone), AT_ONCE):
        Tune.objects.filter(pk__in=gone[start : start + AT_ONCE]).delete()
    _refresh([*gone, *parents])  # the latter have a remix fewer


def _refresh(tunes: list[str]) -> None:
    for start in range(0, len(tunes), AT_ONCE):
        entries_refresh(tunes=tunes[start : start + AT_ONCE])
