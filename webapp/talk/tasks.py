"""The worker's doors: thin, and safe to open twice."""

from __future__ import annotations

from webapp.celery import app


@app.task(name="talk.forget_notices")
def forget_notices() -> None:
    from webapp.talk.services import notices_forget

    notices_forget()
