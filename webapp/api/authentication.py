"""Who a program speaks for: the account of the token it shows, and never who is signed in in some browser."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.http import HttpRequest
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from webapp.api.errors import Spoken
from webapp.api.models import Token
from webapp.api.selectors import token_of
from webapp.api.services import token_touch
from webapp.tunes.listeners import address_of, listener_of_profile

SCHEME = "Bearer"
REALM = f'{SCHEME} realm="Tunewright"'
UNKNOWN = "This token is unknown, expired or revoked. Make one on your page of tokens."


class BadToken(Spoken, AuthenticationFailed):
    status_code = AuthenticationFailed.status_code
    default_detail = UNKNOWN
    default_code = "bad_token"


def token_shown(request: HttpRequest) -> Token | None:
    """None without a token: another scheme (of a proxy, say) is not ours to judge. Raises BadToken."""
    scheme, _, secret = request.META.get("HTTP_AUTHORIZATION", "").strip().partition(" ")
    if scheme.lower() != SCHEME.lower():
        return None
    token = token_of(secret.strip())
    if token is None:
        raise BadToken
    token_touch(token=token)
    request.listener = listener_of_profile(token.profile, address_of(request))
    return token


class TokenAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        token = token_shown(request._request)
        return (token.profile.user, token) if token else None

    def authenticate_header(self, request: Request) -> str:
        return REALM


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict:
        told = "A token of /my/tokens/, with the scope read (every GET) or read and write (everything else too)."
        return {"type": "http", "scheme": SCHEME.lower(), "bearerFormat": "tw_…", "description": told}
