"""Every read of moderation."""

from __future__ import annotations

from webapp.moderation.models import Block
from webapp.tunes.listeners import Listener


def is_blocked(listener: Listener) -> bool:
    return Block.objects.filter(key=listener.key).exists()
