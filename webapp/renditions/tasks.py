"""The worker's door: thin, and safe to open twice."""

from __future__ import annotations

from webapp.celery import app


@app.task(name="renditions.play")
def play_waiting() -> None:
    from webapp.renditions.playing import renditions_play

    renditions_play()


@app.task(name="renditions.forget")
def forget_renditions() -> None:
    from webapp.renditions.services import renditions_forget

    renditions_forget()
