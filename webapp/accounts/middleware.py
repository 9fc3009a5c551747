"""When a session was last seen, for the list of one's sessions."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]
SEEN_EVERY = 15 * 60  # seconds; allauth's own middleware would write for every page
SEEN = "seen"


def session_seen(get_response: Handler) -> Handler:
    def middleware(request: HttpRequest) -> HttpResponse:
        # Strangers have no session, and are not looked up.
        if request.session.session_key and _is_due(request) and request.user.is_authenticated:
            request.session[SEEN] = time.time()
            UserSession.objects.create_from_request(request)
        return get_response(request)

    return middleware


def _is_due(request: HttpRequest) -> bool:
    return time.time() - request.session.get(SEEN, 0) > SEEN_EVERY
