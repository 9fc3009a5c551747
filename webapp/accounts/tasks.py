"""The worker's doors: thin, and safe to open twice."""

from __future__ import annotations

from webapp.celery import app


@app.task(name="accounts.end_old_sessions")
def end_old_sessions() -> None:
    from webapp.accounts.services import sessions_purge

    sessions_purge()
