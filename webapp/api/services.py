"""Every write that is the API's own: tokens, and what came with an idempotency key."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from webapp.accounts.models import Profile
from webapp.api.models import Sent, Token
from webapp.api.secrets import SHOWN, hash_of, new_secret
from webapp.tunes.models import Tune

MOST_TOKENS = 50
USED_EVERY = timedelta(minutes=1)


class TokenRefused(ValueError):
    """No further token of that name, or no further token at all."""


class KeyReused(ValueError):
    """An idempotency key came again with something else."""

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was sent before with another request. Use a new key for a new request.")


def token_make(*, profile: Profile, name: str, scopes: str, expires: datetime | None = None) -> tuple[Token, str]:
    """The token and its secret, which cannot be told again."""
    if profile.tokens.filter(revoked=None).count() >= MOST_TOKENS:
        raise TokenRefused(f"You have {MOST_TOKENS} tokens; revoke one that is not used any more.")
    secret = new_secret()
    columns = {"prefix": secret[:SHOWN], "sha256": hash_of(secret), "scopes": scopes, "expires": expires}
    try:
        with transaction.atomic():
            return Token.objects.create(profile=profile, name=name, **columns), secret
    except IntegrityError as error:
        raise TokenRefused("You have a token of this name already; choose another name.") from error


def token_revoke(*, token: Token) -> None:
    Token.objects.filter(pk=token.pk, revoked=None).update(revoked=timezone.now())


def token_touch(*, token: Token) -> None:
    """At most one write a minute, however busy the program."""
    now = timezone.now()
    if token.last_used is None or token.last_used < now - USED_EVERY:
        stale = Q(last_used=None) | Q(last_used__lt=now - USED_EVERY)
        Token.objects.filter(stale, pk=token.pk).update(last_used=now)


def sent_keep(*, tune: Tune, path: str, sent: object) -> None:
    """Raises KeyReused where this tune came of the same key and something else."""
    text = json.dumps([path, sent], sort_keys=True)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    first, _ = Sent.objects.get_or_create(tune=tune, defaults={"sha256": sha256})
    if first.sha256 != sha256:
        raise KeyReused
