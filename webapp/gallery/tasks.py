"""The worker's doors: thin, and safe to open twice."""

from __future__ import annotations

from webapp.celery import app


@app.task(name="gallery.recount", acks_late=False)
def recount() -> None:
    from webapp.gallery.services import mean_recount, words_recount

    mean_recount()
    words_recount()
