"""What may be asked without a token, and what a token's scopes allow. Whose tune it is, tunes/access.py says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from webapp.api.errors import Spoken
from webapp.api.models import READ, WRITE

if TYPE_CHECKING:  # views import this
    from rest_framework.views import APIView


class TokenNeeded(Spoken, NotAuthenticated):
    status_code = NotAuthenticated.status_code
    default_detail = "This needs a token: send the header Authorization: Bearer, and a token of your page of tokens."
    default_code = "token_needed"


class ScopeNeeded(Spoken, PermissionDenied):
    status_code = PermissionDenied.status_code
    default_code = "scope"

    def __init__(self, scope: str) -> None:
        super().__init__(f"This token does not have the scope “{scope}”: make one that has it.")


def open_methods(view: APIView) -> tuple[str, ...]:
    """Those that need no token; a view says so by `open`, and otherwise only reading is free."""
    return getattr(view, "open", SAFE_METHODS)


class TokenPermission(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        if not hasattr(view, request.method.lower()):
            return True  # no token makes a method of it
        if request.auth is None:
            if request.method not in open_methods(view):
                raise TokenNeeded
            return True
        scope = READ if request.method in SAFE_METHODS else WRITE
        if not request.auth.allows(scope):
            raise ScopeNeeded(scope)
        return True
