"""Who may do what to a tune: the one place that pages, files, streams and the API all ask."""

from __future__ import annotations

from enum import Enum

from django.db.models import Q

from webapp.tunes.listeners import Listener
from webapp.tunes.models import Status, Tune, Visibility

# By its link; nobody but the maker may know that a draft or a private tune is there.
SEEN_BY_LINK = (Visibility.UNLISTED, Visibility.PUBLIC)


class Verb(Enum):
    SEE = "see"  # hear, play, print, take home, tweak into a tune of one's own
    RATE = "rate"  # stars, favourites, comments
    CHANGE = "change"  # name, describe, tag, show, hide from others, delete
    UNDO = "undo"  # bring back after deleting


def may(listener: Listener, verb: Verb, tune: Tune) -> bool:
    mine = tune.maker == listener.key
    match verb:
        case Verb.SEE:
            return _sees(listener, tune, mine)
        case Verb.RATE:
            return tune.is_ready and _sees(listener, tune, mine)
        case Verb.CHANGE:
            return mine and tune.deleted is None
        case Verb.UNDO:
            return mine and tune.deleted is not None
    raise AssertionError(f"No rule for {verb}")


def _sees(listener: Listener, tune: Tune, mine: bool) -> bool:
    if tune.deleted is not None:
        return False
    if mine:
        return True
    # A moderator judges what others can come across, and nothing that its maker keeps to themselves.
    return tune.visibility in SEEN_BY_LINK and (not tune.hidden or listener.is_moderator)


def listed(at: str = "") -> Q:
    """What anybody may come across. `at` leads to the tune from another table, as in "tune__"."""
    return _shown(at) & Q(**{f"{at}visibility": Visibility.PUBLIC})


def still_opens(listener: Listener, at: str = "tune__") -> Q:
    """What a listener who once had the link may open still: for lists of their own, never for lists to others."""
    by_link = _shown(at) & Q(**{f"{at}visibility__in": SEEN_BY_LINK})
    return by_link | Q(**{f"{at}maker": listener.key, f"{at}deleted": None})


def _shown(at: str) -> Q:
    return Q(**{f"{at}status": Status.READY, f"{at}hidden": False, f"{at}deleted": None})


def listed_for(listener: Listener) -> Q:
    """What this listener may come across: never somebody else's unlisted tune, whose link is its only key."""
    return listed() | Q(maker=listener.key, deleted=None)
