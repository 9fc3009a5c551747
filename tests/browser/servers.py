"""The site as it runs for people, for the browser to visit: uvicorn, and the worker where a test wants one."""

from __future__ import annotations

from django.contrib.auth.models import User

from tests.webapp.processes import WebServer, Worker
from webapp.duels.models import Pair, Reckoning, Riddle, Standing
from webapp.moderation.models import Block, Report
from webapp.tunes.models import Allowance, Tune, WorkerBeat

# One visitor makes many tunes in a suite; the limits have tests of their own.
GENEROUS = {"TUNES_PER_MINUTE_VISITOR": "1000", "TUNES_PER_MINUTE_ADDRESS": "1000"}


def start_site() -> WebServer:
    return WebServer(**GENEROUS).wait_until_ready()


def start_worker() -> Worker:
    return Worker(**GENEROUS).wait_until_ready()


def empty_tables() -> None:
    """The processes write to the database themselves, so no transaction can be rolled back."""
    for table in (Tune, User, WorkerBeat, Allowance, Pair, Riddle, Standing, Reckoning, Report, Block):
        table.objects.all().delete()
