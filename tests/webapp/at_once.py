"""The same work by several in the same instant: threads with connections of their own, as many processes have."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from django.db import connections

PATIENCE = 60  # seconds


def at_once(works: Sequence[Callable[[], object]]) -> list[object]:
    """What each returned or raised, in the order in which they came back."""
    said: list[object] = []
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        try:
            gate.wait(10)
            said.append(work())
        except Exception as error:
            said.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return said
