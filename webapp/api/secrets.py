"""What a program shows to be let in. The table keeps its hash alone."""

from __future__ import annotations

import hashlib
import re
import secrets

PREFIX = "tw_"
SHOWN = len(PREFIX) + 5
PATTERN = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{40,64}}")


def new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """Fast on purpose: 32 random bytes need no slow hash, and each request is hashed."""
    return hashlib.sha256(secret.encode()).hexdigest()
