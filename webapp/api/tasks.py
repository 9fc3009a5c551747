"""The worker's doors: thin, and safe to open twice."""

from __future__ import annotations

from webapp.celery import app


# Taken off the queue at once: a dump of very many tunes lasts longer than a broker waits before it sends a task again.
@app.task(name="api.dump", acks_late=False)
def dump() -> None:
    from webapp.api.dumping import dump_write

    dump_write()
