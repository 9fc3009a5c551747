"""What the masthead shows of talk."""

from __future__ import annotations

import logging

from django import template
from django.db import Error
from django.template import Context

from webapp.talk.selectors import MOST_UNREAD, notices_unread

register = template.Library()
log = logging.getLogger(__name__)


@register.simple_tag(takes_context=True)
def unread_notices(context: Context) -> str:
    """For the masthead: "" where there is nothing new, and no number above "9+"."""
    listener = getattr(context.get("request"), "listener", None)
    try:
        count = notices_unread(listener) if listener else 0
    except Error:
        # The masthead stands on the page that says something broke, too.
        log.exception("Notices could not be counted")
        return ""
    return f"{MOST_UNREAD - 1}+" if count >= MOST_UNREAD else str(count or "")
