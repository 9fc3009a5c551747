"""One look at everything a tune needs."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from webapp.celery import app
from webapp.tunes.liveness import workers_alive

log = logging.getLogger(__name__)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while tunes can be asked for; 503 when they could not even be kept."""
    parts = {"database": _state(_database), "broker": _state(_broker), "worker": _state(_worker)}
    broken = "failing" in (parts["database"], parts["broker"])
    status = "failing" if broken else "ok" if parts["worker"] == "ok" else "waiting"
    return JsonResponse({"status": status, **parts}, status=503 if broken else 200)


def _state(look: Callable[[], str]) -> str:
    try:
        return look()
    except Exception:
        log.warning("Health check %s failed", look.__name__, exc_info=True)
        return "failing"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _broker() -> str:
    with app.connection_for_write(connect_timeout=2) as link:
        link.ensure_connection(max_retries=1, interval_start=0, timeout=2)
    return "ok"


def _worker() -> str:
    return "ok" if workers_alive() else "absent"
