"""What the masthead of every page shows of talk."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import Error
from django.http import HttpRequest

from webapp.talk.selectors import MOST_UNREAD, notices_unread

log = logging.getLogger(__name__)


def notices(request: HttpRequest) -> dict[str, Callable[[], str]]:
    """`unread_notices` is asked for only where a page shows it."""
    return {"unread_notices": lambda: _unread(request)}


def _unread(request: HttpRequest) -> str:
    """Empty where there is nothing new, and no number above "9+"."""
    listener = getattr(request, "listener", None)
    try:
        count = notices_unread(listener) if listener else 0
    except Error:
        # The masthead stands on the page that says something broke, too.
        log.exception("Notices could not be counted")
        return ""
    return f"{MOST_UNREAD - 1}+" if count >= MOST_UNREAD else str(count or "")
