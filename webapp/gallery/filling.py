"""Makes the gallery's rows for tunes that were public before there were such rows, or behind the services' back."""

from __future__ import annotations

from collections.abc import Iterator

from webapp.gallery.models import Entry
from webapp.gallery.services import AT_ONCE, entries_refresh, mean_recount, words_recount
from webapp.tunes.access import listed
from webapp.tunes.models import Tune


def gallery_refresh() -> Iterator[int]:
    """Yields how many tunes have been looked at, batch by batch."""
    done, last = 0, ""
    stale = Entry.objects.exclude(tune__in=Tune.objects.filter(listed()))
    entries_refresh(tunes=list(stale.values_list("tune_id", flat=True)))
    while tunes := _public_after(last):
        entries_refresh(tunes=tunes)
        done, last = done + len(tunes), tunes[-1]
        yield done
    mean_recount()
    words_recount()


def gallery_fill(**signal: object) -> None:
    """After migrations, where tunes are public and none has a row yet."""
    if not Entry.objects.exists() and Tune.objects.filter(listed()).exists():
        for _ in gallery_refresh():
            pass


def _public_after(last: str) -> list[str]:
    return list(Tune.objects.filter(listed(), pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
