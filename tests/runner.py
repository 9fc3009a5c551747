"""Runs every test on a queue of its own, so that a worker of a running site takes none of its jobs."""

from __future__ import annotations

import os

from django.conf import settings
from django.db import connection
from django.test.runner import DiscoverRunner

from webapp.celery import app


class Runner(DiscoverRunner):
    def setup_test_environment(self, **kwargs: object) -> None:
        super().setup_test_environment(**kwargs)
        app.conf.task_default_queue = os.environ["CELERY_QUEUE"] = f"tests-{os.getpid()}"
        # All tests come from one address within minutes; those about the limit set it for themselves.
        settings.API_PER_MINUTE_ADDRESS = settings.API_PER_MINUTE_TOKEN = 1_000_000
        settings.API_WRITES_PER_MINUTE_TOKEN = 1_000_000

    def teardown_databases(self, old_config: list, **kwargs: object) -> None:
        _end_other_sessions()
        super().teardown_databases(old_config, **kwargs)

    def teardown_test_environment(self, **kwargs: object) -> None:
        super().teardown_test_environment(**kwargs)
        with app.connection_for_write() as link:
            link.default_channel.queue_purge(app.conf.task_default_queue)


def _end_other_sessions() -> None:
    """PostgreSQL drops no database that a killed process' session, not yet noticed as gone, still holds."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
