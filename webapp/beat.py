"""The clock of the night: sends the tasks of CELERY_BEAT_SCHEDULE when they are due, for the workers to do.

Celery's own `beat` command would load the whole site, some 125 MB, to send a few messages a night. This one reads the
settings alone: 35 MB, and it is up in a tenth of a second, so the start waits for nothing.
"""

from __future__ import annotations

import logging.config
import signal
import sys

from celery import Celery
from celery.beat import Service
from kombu.transport import TRANSPORT_ALIASES

from webapp import settings

TRANSPORT_ALIASES["filesystem"] = "webapp.broker:Transport"


def clock() -> Service:
    app = Celery("tunewright-beat", fixups=[])  # without Django
    app.config_from_object(settings, namespace="CELERY")
    return Service(app)


def main() -> None:
    logging.config.dictConfig(settings.LOGGING)
    # Raised out of the clock's sleep, which a mere flag would not end; it then writes down when each task was last due.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, lambda *_: sys.exit(0))
    clock().start()


if __name__ == "__main__":
    main()
