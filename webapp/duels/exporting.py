"""What somebody chose and guessed, to take home. What a pair's composers were is told: they chose already."""

from __future__ import annotations

from collections.abc import Iterator

from webapp.accounts.exporting import exports
from webapp.duels.models import Guess, Vote
from webapp.tunes.listeners import Listener


@exports("duels.json")
def duels(listener: Listener) -> Iterator[dict]:
    votes = Vote.objects.filter(listener=listener.key).select_related("pair", "chosen").order_by("pk")
    for vote in votes.iterator():
        yield {
            "pair": vote.pair_id,
            "words": vote.pair.prompt,
            "composers": vote.pair.between.split("|"),
            "preferred": vote.chosen.composer if vote.chosen else None,
            "when": vote.created,
        }


@exports("guesses.json")
def guesses(listener: Listener) -> Iterator[dict]:
    rows = Guess.objects.filter(listener=listener.key).select_related("riddle").order_by("pk")
    for guess in rows.iterator():
        yield {
            "tune": guess.riddle_id,
            "title": guess.riddle.title,
            "said": guess.said,
            "was": guess.riddle.kind,
            "when": guess.created,
        }
