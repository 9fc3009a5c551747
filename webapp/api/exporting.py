"""The programs that act for somebody, as they take the list home; never what a program shows."""

from __future__ import annotations

from collections.abc import Iterator

from webapp.accounts.exporting import exports
from webapp.api.models import Token
from webapp.tunes.listeners import Listener


@exports("tokens.json")
def tokens(listener: Listener) -> Iterator[dict]:
    if listener.profile is not None:
        rows = Token.objects.filter(profile=listener.profile).order_by("pk")
        yield from rows.values("name", "scopes", "created", "last_used", "expires", "revoked")
