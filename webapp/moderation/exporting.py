"""What a listener reported, and whether staff have blocked them, as they take it home."""

from __future__ import annotations

from collections.abc import Iterator

from webapp.accounts.exporting import exports
from webapp.moderation.models import Block, Report
from webapp.tunes.listeners import Listener


@exports("reports.json")
def reports(listener: Listener) -> Iterator[dict]:
    for report in Report.objects.filter(listener=listener.key).order_by("created", "pk").iterator(500):
        row = {name: getattr(report, name) for name in ("reason", "note", "about", "outcome", "created", "closed")}
        yield row | {"tune": report.tune_id, "comment": report.comment_id}


@exports("blocks.json")
def blocks(listener: Listener) -> Iterator[dict]:
    yield from Block.objects.filter(key=listener.key).values("reason", "created")
