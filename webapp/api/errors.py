"""The one shape every error of the API has."""

from __future__ import annotations

import math

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response

from generator import BriefError
from webapp.moderation.services import TooManyReports
from webapp.talk.services import TooManyComments
from webapp.talk.words import WordsError
from webapp.tunes.allowance import TooManyRecordings, TooManyTunes

WORDS = {
    400: ("malformed", "The request could not be read."),
    403: ("forbidden", "This is not yours to change."),
    404: ("not_found", "There is nothing here."),
    405: ("method_not_allowed", "This address does not take that method."),
    406: ("not_acceptable", "Answers here are JSON."),
    413: ("too_large", "The request is too large."),
    415: ("unsupported_media_type", "Send JSON, with Content-Type: application/json."),
}
INVALID = ("invalid", "Some of what was sent cannot be used.")
A_MINUTE, AN_HOUR = 60, 60 * 60  # seconds
MANY_COMMENTS = "Those were many comments in a minute. Try again a little later."
THROTTLED = "That was a lot of requests at once. Try again in {} seconds."


class Spoken(exceptions.APIException):
    """Says in words of ours what is wrong; others of the framework are told by their status."""


class Conflict(Spoken):
    """It stands against what is there already."""

    status_code = 409
    default_code = "conflict"


def body(code: str, message: str, fields: dict[str, str] | None = None) -> dict:
    return {"error": {"code": code, "message": message, "fields": fields or {}}}


def error_response(status: int, code: str, message: str) -> JsonResponse:
    return JsonResponse(body(code, message), status=status)


def exception_response(error: Exception, context: dict) -> Response | None:
    """For REST_FRAMEWORK's EXCEPTION_HANDLER; None lets a real fault reach handler500."""
    match error:
        case BriefError():
            return Response(body(*INVALID, error.fields), status=400)
        case exceptions.ValidationError():
            return Response(body(*INVALID, _fields(error.detail)), status=400)
        case TooManyRecordings():
            return later(429, "too_many_recordings", str(error), error.retry_after)
        case TooManyTunes():
            return later(429, "too_many_tunes", str(error), error.retry_after)
        case exceptions.Throttled():
            wait = max(1, math.ceil(error.wait or 1))
            return later(429, "throttled", THROTTLED.format(wait), wait)
        case Http404():
            return _plain(404)
        case PermissionDenied():
            return Response(body(WORDS[403][0], str(error) or WORDS[403][1]), status=403)
        case WordsError():
            return Response(body(*INVALID, {"text": str(error)}), status=400)
        case TooManyComments():
            return later(429, "too_many_comments", MANY_COMMENTS, A_MINUTE)
        case TooManyReports():
            return later(429, "too_many_reports", str(error), AN_HOUR)
        case Spoken():
            return _spoken(error)
        case exceptions.APIException():
            return _plain(error.status_code)
    return None


def _spoken(error: Spoken) -> Response:
    answer = Response(body(error.get_codes(), str(error.detail)), status=error.status_code)
    if header := getattr(error, "auth_header", None):
        answer["WWW-Authenticate"] = header
    return answer


def _plain(status: int) -> Response:
    code, message = WORDS.get(status, ("error", "The request could not be answered."))
    return Response(body(code, message), status=status)


def later(status: int, code: str, message: str, seconds: int) -> Response:
    answer = Response(body(code, message), status=status)
    answer["Retry-After"] = str(seconds)
    return answer


def _fields(detail: object, path: str = "") -> dict[str, str]:
    """DRF's nested detail, flattened to one sentence a field."""
    if isinstance(detail, dict):
        found: dict[str, str] = {}
        for name, inner in detail.items():
            own = path if name == "non_field_errors" else _sayable(str(name))
            found |= _fields(inner, own)
        return found
    first = detail[0] if isinstance(detail, list) and detail else detail
    if isinstance(first, dict | list):
        return _fields(first, path)
    return {path or "body": _sayable(str(first))}


def _sayable(text: str) -> str:
    """Half a surrogate pair can be sent as JSON, and cannot be written down."""
    return text.encode("utf-8", "replace").decode()
