"""How many requests a minute: counted for a token where one is shown, else for the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:  # views import this
    from rest_framework.views import APIView


class _Minute(SimpleRateThrottle):
    """The rate is read anew for each request, so that a test may set it."""

    cache_format = "api:%(scope)s:%(ident)s"
    setting: str

    def get_rate(self) -> str:
        return f"{getattr(settings, self.setting)}/min"


class AddressThrottle(_Minute):
    """A class shares one address, so that this is wide; composing has an allowance of its own beside it."""

    scope, setting = "address", "API_PER_MINUTE_ADDRESS"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        if request.auth is not None:
            return None
        return self.cache_format % {"scope": self.scope, "ident": request.listener.address}


class TokenThrottle(_Minute):
    scope, setting = "token", "API_PER_MINUTE_TOKEN"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        if request.auth is None:
            return None
        return self.cache_format % {"scope": self.scope, "ident": request.auth.pk}


class WriteThrottle(TokenThrottle):
    scope, setting = "write", "API_WRITES_PER_MINUTE_TOKEN"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        return None if request.method in SAFE_METHODS else super().get_cache_key(request, view)
