"""The worker's doors: thin, and safe to open twice."""

from __future__ import annotations

from webapp.celery import app


@app.task(name="duels.reckon")
def reckon() -> None:
    from webapp.duels.reckoning import standings_reckon

    standings_reckon()


@app.task(name="duels.stock")
def stock() -> None:
    from webapp.duels.stocking import books_are_read, books_read, riddles_stock

    if books_are_read():
        riddles_stock()
    else:
        books_read()


@app.task(name="duels.night")
def night() -> None:
    """What a night brings: old pairs swept away, standings anew, whether or not somebody voted, and the books whole."""
    from webapp.duels.reckoning import standings_reckon
    from webapp.duels.services import pairs_sweep
    from webapp.duels.stocking import books_are_read, books_read

    pairs_sweep()
    standings_reckon()
    if books_are_read():
        books_read()  # one that was stopped in the midst of them goes on where it was
