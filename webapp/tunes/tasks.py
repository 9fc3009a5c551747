"""The worker's doors: thin, and safe to open twice."""

from __future__ import annotations

from webapp.celery import app


@app.task(name="tunes.compose")
def compose_tune(tune_id: str) -> None:
    from webapp.tunes.composing import tune_compose

    tune_compose(tune_id=tune_id)


@app.task(name="tunes.purge")
def purge_tunes() -> None:
    from webapp.tunes.keeping import tunes_purge

    tunes_purge()
