"""Composes many tunes together: compiled steps, requests that come and go. Knows no music.

What numba has compiled is kept for each state of these sources: it looks at the file of a function alone, and would
go on using a step whose tiles or pages have changed since.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from numba import config


def _keep_apart() -> None:
    """Beside the sources, where they can be written to; else where numba itself finds a place."""
    here = Path(__file__).parent
    state = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(here.glob("*.py")))).hexdigest()[:12]
    if not config.CACHE_DIR and os.access(here, os.W_OK):
        config.CACHE_DIR = str(here / "__pycache__" / f"compiled-{state}")


_keep_apart()
