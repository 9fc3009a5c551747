"""A listener's tunes as they take them home: everything a row knows that is theirs, and each tune's notes as a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from django.db.models import Q, QuerySet
from django.utils.text import slugify

from webapp.accounts.exporting import also_exports, exports
from webapp.tunes.access import listed
from webapp.tunes.listeners import Listener
from webapp.tunes.models import Tune

AT_ONCE = 100
COLUMNS = (
    "id created prompt seed composer temperature asked locked given keywords valence arousal language styles conditions"
    " status reason finished title abc checkpoint checks by_program tweak description visibility published hidden"
    " deleted stars_sum stars_count"
).split()


@exports("tunes.json")
def tunes(listener: Listener) -> Iterator[dict]:
    # Plain rows: thousands of model objects, each with a cache of its tags, would stay in memory for a while.
    rows = _tunes_of(listener).values(*COLUMNS, "parent_id", "root").iterator(AT_ONCE)
    while batch := list(islice(rows, AT_ONCE)):
        tags, families = _tags_of([row["id"] for row in batch]), _families_shown(batch, listener)
        for row in batch:
            family = row.pop("root") or row["id"]
            whence = {"parent": row.pop("parent_id"), "family": family if family in families else None}
            yield row | whence | {"tags": tags[row["id"]], "file": _file_name(row["id"], row["title"], row["abc"])}


@also_exports
def notes(listener: Listener) -> Iterator[tuple[str, str | bytes]]:
    rows = _tunes_of(listener).exclude(abc="").values_list("id", "title", "abc", "midi")
    for tune_id, title, abc, midi in rows.iterator(AT_ONCE):
        name = _file_name(tune_id, title, abc)
        yield name, abc
        if midi is not None:
            yield name.replace(".abc", ".mid"), bytes(midi)


def _tunes_of(listener: Listener) -> QuerySet[Tune]:
    return Tune.objects.filter(maker=listener.key).order_by("created", "pk")


def _families_shown(rows: Sequence[dict], listener: Listener) -> set[str]:
    """A family goes by the id of its first tune, which may be somebody's unlisted one: its id would be its link."""
    ids = {row["root"] or row["id"] for row in rows}
    return set(Tune.objects.filter(Q(maker=listener.key) | listed(), pk__in=ids).values_list("pk", flat=True))


def _tags_of(tunes: Sequence[str]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = defaultdict(list)
    pairs = Tune.tags.through.objects.filter(tune_id__in=tunes).order_by("tag__name")
    for tune_id, name in pairs.values_list("tune_id", "tag__name"):
        names[tune_id].append(name)
    return names


def _file_name(tune_id: str, title: str, abc: str) -> str | None:
    """Letters, figures, dashes: a title may hold what is a folder or a drive elsewhere. The id keeps two apart."""
    return f"tunes/{slugify(title)[:60] or 'tune'}_{tune_id}.abc" if abc else None
