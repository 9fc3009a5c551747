"""`manage.py worker`: one process that composes, with its heartbeat and sweeper inside."""

from __future__ import annotations

import gc
from argparse import ArgumentParser

from celery.signals import worker_ready
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from webapp.celery import app
from webapp.tunes.liveness import TUNES_AT_ONCE, Pulse


class Command(BaseCommand):
    help = "Composes the tunes that wait, many at once. Stop it with Ctrl-C; it finishes those at hand first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loglevel", default="INFO")

    def handle(self, *args: object, **options: str) -> None:
        if connection.vendor == "sqlite":
            connection.settings_dict["CONN_MAX_AGE"] = None  # opening the file again costs more than a write
        pulse = Pulse()
        pulse.start()
        try:
            self.warm_up()
            worker_ready.connect(lambda **_: setattr(pulse, "consuming", True), weak=False)
            app.worker_main(self.celery_arguments(options["loglevel"], pulse.worker))
        finally:
            pulse.stop()

    def warm_up(self) -> None:
        from generator import warm_up

        try:
            warm_up()
        except FileNotFoundError as error:
            raise CommandError(f"The composer's model is not there: {error}") from error
        # What is loaded by now stays: the collector need not walk through it again and again while tunes are written.
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000)

    def celery_arguments(self, loglevel: str, name: str) -> list[str]:
        # Threads: each waits for its tune and writes it down, while the engine composes all of them together.
        pool = ["--pool", "threads", "--concurrency", str(TUNES_AT_ONCE)]
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        return ["--quiet", "worker", *pool, "--loglevel", loglevel, "--hostname", f"{name[:8]}@%h", *quiet]
