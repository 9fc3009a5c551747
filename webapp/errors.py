"""Errors, as a page for people and as the one error shape for programs."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist

from webapp.api.errors import error_response
from webapp.tunes.services import NotAllowed

PLAIN = {
    400: "Something in that request could not be read. Go back and try once more.",
    403: "This is not yours to change.",
    404: "There is nothing here.",
    413: "That was too much at once. Go back, shorten it and try once more.",
    500: "Something broke on our side. Please try again.",
}
CODES = {400: "bad_request", 403: "forbidden", 404: "not_found", 413: "too_large", 500: "server_error"}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403, str(exception) if isinstance(exception, NotAllowed) else "")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(request, 500)


def too_many(request: HttpRequest) -> HttpResponse:
    """Of signing in, signing up and letters; allauth counts (tunes are counted in tunes/allowance.py)."""
    message = "That was tried many times in a short while. Wait a few minutes, then try again."
    return render(request, "429.html", {"message": message}, status=429)


def _answer(request: HttpRequest, status: int, sentence: str = "") -> HttpResponse:
    if request.path.startswith("/api/"):
        return error_response(status, CODES[status], sentence or PLAIN[status])
    context = {"message": PLAIN[status], "sentence": sentence}
    try:
        return render(request, f"{status}.html", context, status=status)
    except TemplateDoesNotExist:
        return HttpResponse(PLAIN[status], status=status, content_type="text/plain")
