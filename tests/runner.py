"""Runs every test on a queue of its own, so that a worker of a running site takes none of its jobs."""

from __future__ import annotations

import os

from django.test.runner import DiscoverRunner

from webapp.celery import app


class Runner(DiscoverRunner):
    def setup_test_environment(self, **kwargs: object) -> None:
        super().setup_test_environment(**kwargs)
        app.conf.task_default_queue = os.environ["CELERY_QUEUE"] = f"tests-{os.getpid()}"

    def teardown_test_environment(self, **kwargs: object) -> None:
        super().teardown_test_environment(**kwargs)
        with app.connection_for_write() as link:
            link.default_channel.queue_purge(app.conf.task_default_queue)
