"""The nightly file of all public tunes: written beside the others, then put in place, so that none is half there."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404
from django.utils import timezone

from webapp.tunes.access import listed
from webapp.tunes.models import Tune

KEPT = 7
AT_ONCE = 500  # tunes in memory
README = "README.txt"
NAME = re.compile(r"tunewright-\d{4}-\d\d-\d\d\.jsonl\.gz(\.sha256)?|" + re.escape(README))
COLUMNS = (
    *("id", "title", "prompt", "description", "abc", "composer", "checkpoint", "seed", "temperature", "language"),
    *("valence", "arousal", "conditions", "tweak"),
)
NOTICE = """Public tunes of Tunewright

Every file tunewright-YYYY-MM-DD.jsonl.gz holds all tunes that were public on that night, one a line, as JSON.
The last {kept} nights are kept. The file beside it that ends in .sha256 is for `sha256sum --check`.

Whoever made a tune public gave it away under CC0 1.0 Universal: you may copy, change, perform and sell these tunes,
also train programs on them, without asking and without naming anybody. See
https://creativecommons.org/publicdomain/zero/1.0/

id           the tune's page is /tunes/<id>/
title, description, tags, maker   as its maker wrote them; maker is null for people without an account
prompt       what was asked for; language and conditions are what was understood of it
valence, arousal   the feeling: sad (-1) to glad (1), calm (-1) to lively (1)
abc          the tune in ABC notation, with its chords
composer, checkpoint, seed, temperature   what composed it
parent, tweak   the public tune it came from, and how
published, stars   when it became public, and the ratings until that night: average and count
"""


@dataclass(frozen=True)
class Dump:
    name: str
    date: str
    tunes: int
    bytes: int
    sha256: str

    @property
    def checksum(self) -> str:
        return f"{self.name}.sha256"


def dump_write(*, day: date | None = None) -> Dump:
    """Writes the dump of a day, in place of one of the same day, and drops those that are too old."""
    day = day or timezone.now().date()
    settings.DUMPS.mkdir(parents=True, exist_ok=True)
    name = f"tunewright-{day.isoformat()}.jsonl.gz"
    half = settings.DUMPS / f".{name}.{os.getpid()}"
    try:
        count = _write_tunes(half)
        dump = Dump(name, day.isoformat(), count, half.stat().st_size, _sha256(half))
        _put(settings.DUMPS / README, NOTICE.format(kept=KEPT))
        os.replace(half, settings.DUMPS / name)
    finally:
        half.unlink(missing_ok=True)
    _put(settings.DUMPS / f"{name}.sha256", f"{dump.sha256}  {name}\n")
    _put(settings.DUMPS / f"{name}.json", json.dumps(asdict(dump)))
    _drop_old()
    return dump


def dumps_kept() -> list[Dump]:
    """The newest first."""
    told = sorted(settings.DUMPS.glob("tunewright-*.jsonl.gz.json"), reverse=True)
    dumps = [Dump(**json.loads(path.read_text())) for path in told]
    return [dump for dump in dumps if (settings.DUMPS / dump.name).exists()]


def dump_file(name: str) -> Path:
    """Raises Http404 for what is no file of ours, whatever it is called."""
    path = settings.DUMPS / name
    if not NAME.fullmatch(name) or not path.is_file():
        raise Http404("There is no such dump.")
    return path


def dumped_tunes() -> QuerySet[Tune]:
    public = Tune.objects.filter(listed())
    parent = public.filter(pk=OuterRef("parent_id")).values("pk")[:1]
    columns = (*COLUMNS, "published", "stars_sum", "stars_count", "owner__name", "owner__user__is_active")
    tunes = public.annotate(public_parent=Subquery(parent)).select_related("owner__user").only(*columns)
    return tunes.prefetch_related("tags").order_by("pk")


def _write_tunes(path: Path) -> int:
    count = 0
    # Without its time and name in the header, the same tunes give the same file.
    with path.open("wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as lines:
        for tune in dumped_tunes().iterator(chunk_size=AT_ONCE):
            lines.write(json.dumps(_row(tune), ensure_ascii=False).encode() + b"\n")
            count += 1
    return count


def _row(tune: Tune) -> dict:
    """What the gallery shows, and nobody's key."""
    named = tune.owner is not None and tune.owner.user.is_active
    return {name: getattr(tune, name) for name in COLUMNS} | {
        "tags": [tag.name for tag in tune.tags.all()],
        "maker": tune.owner.name if named else None,
        "parent": tune.public_parent,
        "published": tune.published.isoformat() if tune.published else None,
        "stars": {"average": tune.stars_average, "count": tune.stars_count},
        "licence": "CC0-1.0",
    }


def _drop_old() -> None:
    files = sorted(settings.DUMPS.glob("tunewright-*.jsonl.gz"))
    for old in files[:-KEPT]:
        for end in ("", ".sha256", ".json"):
            old.with_name(old.name + end).unlink(missing_ok=True)


def _put(path: Path, text: str) -> None:
    half = path.with_name(f".{path.name}.{os.getpid()}")
    half.write_text(text, encoding="utf-8")
    os.replace(half, path)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
