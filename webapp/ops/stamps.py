"""Remembers what was done, so that a second start does nothing twice; knows no step by name."""

from __future__ import annotations

import hashlib
from pathlib import Path


def fingerprint(*parts: str | Path) -> str:
    """One hash over texts and the contents of files; a missing file counts as a text of its own."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) and part.is_file() else repr(part).encode()
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def is_done(stamp: Path, print_: str) -> bool:
    """True when the step behind this stamp was finished with the same inputs."""
    try:
        return stamp.read_text(encoding="ascii").strip() == print_
    except (OSError, UnicodeDecodeError):
        return False


def mark_done(stamp: Path, print_: str) -> None:
    """Written last, after the step: an interrupted step is done again."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(print_ + "\n", encoding="ascii")
