"""Letters that allauth does not write itself. One that cannot be sent undoes nothing of what it tells."""

from __future__ import annotations

import logging

from allauth.account.adapter import get_adapter

log = logging.getLogger(__name__)


def letter_send(*, template: str, email: str, context: dict) -> None:
    try:
        get_adapter().send_mail(template, email, context)
    except OSError:
        # smtplib's errors are among them.
        log.exception("No letter could be sent (%s)", template)
