"""How long a browser may keep a static file."""

from __future__ import annotations

A_DAY = 60 * 60 * 24


def static_caching(headers: dict[str, str], path: str, url: str) -> None:
    """Samples never change under their name; libraries and fonts seldom; our own files are asked about each time."""
    if "/samples/" in url:
        headers["Cache-Control"] = f"public, max-age={30 * A_DAY}, immutable"
    elif "/vendor/" in url:
        headers["Cache-Control"] = f"public, max-age={A_DAY}"
    else:
        headers["Cache-Control"] = "no-cache"
