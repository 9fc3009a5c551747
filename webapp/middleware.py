"""What every answer carries: a strict content policy, caching of static files, and who is asking."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from webapp.tunes.allowance import TooManyTunes
from webapp.tunes.listeners import COOKIE, Listener, address_of, cookie_value, listener_of, listener_of_browser

Handler = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "media-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
# The microphone is for the prompt box of our own pages; nothing else that a device has is asked for.
PERMISSIONS = "microphone=(self), camera=(), geolocation=(), payment=(), usb=()"
API = "/api/"
A_YEAR = 60 * 60 * 24 * 365


def content_security_policy(get_response: Handler) -> Handler:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    return middleware


def listener_cookie(get_response: Handler) -> Handler:
    """Knows a listener by their account or by a signed cookie; no account is needed."""

    def middleware(request: HttpRequest) -> HttpResponse:
        by_token = request.path.startswith(API)
        # Programs show a token (api/authentication.py): a page elsewhere must not act for who is signed in here.
        request.listener = listener_of_browser(request, address_of(request)) if by_token else listener_of(request)
        response = get_response(request)
        if by_token:
            patch_vary_headers(response, ("Authorization",))
        # What one may see, no cache may show another.
        response.headers.setdefault("Cache-Control", "private")
        if _should_remember(request, response):
            _remember(request.listener, response)
        return response

    return middleware


def too_many_tunes(get_response: Handler) -> Handler:
    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, TooManyTunes):
            return None
        context = {"retry_after": error.retry_after, "message": str(error)}
        response = render(request, "429.html", context, status=429)
        response.headers["Retry-After"] = str(error.retry_after)
        return response

    middleware.process_exception = process_exception
    return middleware


def _should_remember(request: HttpRequest, response: HttpResponse) -> bool:
    if request.listener.known or response.status_code >= 400:
        return False
    # A stream or a health check tells nothing that must be remembered; a tune that was asked for does.
    return request.method == "POST" or response.headers.get("Content-Type", "").startswith("text/html")


def _remember(listener: Listener, response: HttpResponse) -> None:
    response.set_cookie(
        COOKIE,
        cookie_value(listener),
        max_age=A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.LISTENER_COOKIE_SECURE,
    )
