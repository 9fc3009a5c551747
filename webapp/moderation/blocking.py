"""What every service asks first that does something others would see."""

from __future__ import annotations

from webapp.moderation.selectors import is_blocked
from webapp.tunes.listeners import Listener
from webapp.tunes.services import NotAllowed

BLOCKED = (
    "Our staff have blocked this account or browser, so it cannot publish, comment, rate, vote or report, nor change "
    "what others read about you. "
    "You can still compose, listen, take your things along and leave."
)
NO_COOKIE = "Your browser brought no cookie back, so we could not tell you from others. Allow cookies, then try again."


def refuse_blocked(listener: Listener) -> None:
    """Raises NotAllowed with a sentence for somebody whom the staff have blocked.

    So it does for a browser that is new at every request: it would get round a block, and count as often as it asks.
    """
    if not listener.known:
        raise NotAllowed(NO_COOKIE)
    if is_blocked(listener):
        raise NotAllowed(BLOCKED)
