"""What every service asks first that does something others would see."""

from __future__ import annotations

from webapp.moderation.selectors import is_blocked
from webapp.tunes.listeners import Listener
from webapp.tunes.services import NotAllowed

BLOCKED = (
    "Our staff have blocked this account or browser, so it cannot publish, comment, rate, vote or report. "
    "You can still compose, listen, take your things along and leave."
)


def refuse_blocked(listener: Listener) -> None:
    """Raises NotAllowed with a sentence for somebody whom the staff have blocked."""
    if is_blocked(listener):
        raise NotAllowed(BLOCKED)
