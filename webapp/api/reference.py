"""The schema as a page shows it."""

from __future__ import annotations


def reference() -> dict:
    return {}
