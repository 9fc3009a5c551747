"""A secret key made once and kept, for those who set none."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def kept_secret_key(path: Path) -> str:
    """The key in `path`; made on first use. Web and worker may both come first, so the file appears whole or not."""
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass  # the other process was first, and its key is the one that counts
        finally:
            fresh.unlink()
    return path.read_text().strip()
