"""Given music as a program sends it: as ABC, or as the id of a tune that it may see."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404

from generator import BriefError
from webapp.tunes.listeners import Listener
from webapp.tunes.models import Tune
from webapp.tunes.selectors import tune_for

NO_TUNE = "There is no such tune."
UNFINISHED = "That tune has no notes yet; wait until it is ready."


def resolved(sent: object, listener: Listener) -> tuple[object, Tune | None]:
    """The same object with the tune's own ABC in place of its id, and the tune. Raises BriefError."""
    if not isinstance(sent, Mapping) or sent.get("tune") is None:
        return sent, None
    if sent.get("abc") is not None:
        raise BriefError({"tune": "Send abc or tune, not both."})
    tune = _tune(sent["tune"], listener)
    return {name: value for name, value in sent.items() if name != "tune"} | {"abc": tune.abc}, tune


def _tune(tune_id: object, listener: Listener) -> Tune:
    if not isinstance(tune_id, str) or not (1 <= len(tune_id) <= 22 and tune_id.isascii() and tune_id.isprintable()):
        raise BriefError({"tune": NO_TUNE})
    try:
        tune = tune_for(tune_id, listener=listener)
    except Http404:
        raise BriefError({"tune": NO_TUNE}) from None
    if not tune.is_ready:
        raise BriefError({"tune": UNFINISHED})
    return tune
