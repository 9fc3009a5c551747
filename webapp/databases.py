"""Connections for answers that take long: a stream or a download must not hold one of the few there are."""

from __future__ import annotations

from django.db import connections


def connections_give_back() -> None:
    """This thread's; one with a transaction open (in a test, everything is inside one) is needed still."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
