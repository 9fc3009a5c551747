"""The worker's door: thin, and safe to open twice."""

from __future__ import annotations

from webapp.celery import app


@app.task(name="renditions.play")
def play_waiting() -> None:
    from webapp.renditions.playing import renditions_play

    renditions_play()
