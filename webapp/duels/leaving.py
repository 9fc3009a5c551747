"""Choices and guesses stay in the ranking, each under a key of its own that leads nowhere."""

from __future__ import annotations

from webapp.accounts.leaving import Leaver, on_leaving
from webapp.duels.models import Guess, Pair, Vote

AT_ONCE = 500


@on_leaving
def choices_stay_nameless(leaver: Leaver) -> None:
    for table in (Vote, Guess):
        rows = list(table.objects.filter(listener=leaver.key).only("pk"))
        for row in rows:
            row.listener = leaver.nobody()
        table.objects.bulk_update(rows, ["listener"], batch_size=AT_ONCE)
    Pair.objects.filter(asker=leaver.key).update(asker=leaver.nobody())
