"""Tunes that nobody asked for by name: composed for duels and riddles; whoever has chosen gets the link."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db import transaction

from generator import Brief, BriefError, Interpretation, check_brief, composer_cards
from webapp.tunes.listeners import Listener
from webapp.tunes.models import Tune, Visibility
from webapp.tunes.services import tune_request

HOUSE = "house-of-duels"  # no browser and no account has this key


def house() -> Listener:
    """Not a visitor: its tunes are counted together, by its address, against what a whole school may ask for."""
    return Listener(key=HOUSE, address=HOUSE, known=False)


@transaction.atomic
def house_tune(*, brief: Brief, interpretation: Interpretation) -> Tune:
    tune = tune_request(brief=brief, interpretation=interpretation, listener=house())
    tune.visibility = Visibility.UNLISTED
    tune.save(update_fields=["visibility"])
    return tune


def composers_for(briefs: Iterable[Brief]) -> list[str]:
    """Of briefs that differ in their composer alone: the composers that can take theirs."""
    return [brief.composer for brief in briefs if _takes(brief)]


def composer_names() -> list[str]:
    """Of those that write single melodies, as many bars as they are asked for.

    Beside one of them, two staves would need no ear to be told apart, and neither would a tune of another length.
    """
    return [card.name for card in composer_cards() if card.kind in ("tune", "text") and "bars" in card.takes]


def least(counts: Counter, among: Iterable) -> list:
    """Those that came up least."""
    among = list(among)
    fewest = min((counts[one] for one in among), default=0)
    return [one for one in among if counts[one] == fewest]


def _takes(brief: Brief) -> bool:
    try:
        check_brief(brief)
    except BriefError:
        return False
    return True
