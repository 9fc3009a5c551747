"""A listener's tunes as they take them home: everything a row knows that is theirs, and each tune's notes as a file."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.text import slugify

from webapp.accounts.exporting import also_exports, exports
from webapp.tunes.listeners import Listener
from webapp.tunes.models import Tune

AT_ONCE = 500
COLUMNS = (
    "id created prompt seed composer temperature asked locked given keywords valence arousal language styles conditions"
    " status reason finished title abc checkpoint checks by_program tweak description visibility published hidden"
    " deleted stars_sum stars_count"
).split()


@exports("tunes.json")
def tunes(listener: Listener) -> Iterator[dict]:
    for tune in _tunes_of(listener).prefetch_related("tags").iterator(AT_ONCE):
        row = {name: getattr(tune, name) for name in COLUMNS}
        tags = sorted(tag.name for tag in tune.tags.all())
        yield row | {"parent": tune.parent_id, "family": tune.family, "tags": tags, "file": _file_name(tune)}


@also_exports
def notes(listener: Listener) -> Iterator[tuple[str, str]]:
    for tune in _tunes_of(listener).exclude(abc="").only("id", "title", "abc").iterator(AT_ONCE):
        yield _file_name(tune), tune.abc


def _tunes_of(listener: Listener) -> QuerySet[Tune]:
    return Tune.objects.filter(maker=listener.key).order_by("created", "pk")


def _file_name(tune: Tune) -> str | None:
    """Letters, figures, dashes: a title may hold what is a folder or a drive elsewhere. The id keeps two apart."""
    return f"tunes/{slugify(tune.title)[:60] or 'tune'}_{tune.pk}.abc" if tune.abc else None
