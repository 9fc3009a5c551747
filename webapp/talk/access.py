"""Where one may talk, and what of it is shown."""

from __future__ import annotations

from django.db.models import Q

from webapp.tunes.access import SEEN_BY_LINK, Verb, may
from webapp.tunes.listeners import Listener
from webapp.tunes.models import Tune


def may_talk(listener: Listener, tune: Tune) -> bool:
    """On tunes that others may come to: what is said on a private one, nobody would hear."""
    return tune.visibility in SEEN_BY_LINK and may(listener, Verb.RATE, tune)


def live(at: str = "") -> Q:
    """Comments that stand there as they were written."""
    return Q(**{f"{at}deleted": False, f"{at}hidden": False})
