"""Every read that is the API's own."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from webapp.accounts.models import Profile
from webapp.api.models import Token
from webapp.api.secrets import PATTERN, hash_of


def token_of(secret: str) -> Token | None:
    """The token that works for this secret; whatever does not look like one is not asked for."""
    if not PATTERN.fullmatch(secret):
        return None
    token = Token.objects.select_related("profile__user").filter(sha256=hash_of(secret)).first()
    return token if token and token.works else None


def tokens_of(profile: Profile) -> QuerySet[Token]:
    return profile.tokens.filter(revoked=None).order_by("-created", "-pk")


def token_for(token_id: int, *, profile: Profile) -> Token:
    token = tokens_of(profile).filter(pk=token_id).first()
    if token is None:
        raise Http404("There is no such token.")
    return token
