"""The worker's door: thin, and safe to open twice."""

from __future__ import annotations

from webapp.celery import app


@app.task(name="tunes.compose")
def compose_tune(tune_id: str) -> None:
    from webapp.tunes.composing import tune_compose

    tune_compose(tune_id=tune_id)
