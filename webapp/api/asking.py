"""What the API's views have in common: reading what was sent, and the pages of a list."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlencode

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.api.errors import Conflict
from webapp.api.services import KeyReused, sent_keep
from webapp.tunes.access import Verb
from webapp.tunes.models import Tune
from webapp.tunes.selectors import tune_for

LONGEST_IDEMPOTENCY_KEY = 255
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="The same key from the same caller with the same request gives the same tune again, so a request may be"
    " repeated safely; with another request it is refused (409).",
)
AFTER = OpenApiParameter("after", str, description="Where the page begins; `next` of the page before has it.")
Face = TypeVar("Face", bound=serializers.Serializer)


class StrictSerializer(serializers.Serializer):
    """A field that is not there is told about, so that no program waits for what its misspelt field should do."""

    def to_internal_value(self, sent: object) -> dict:
        if isinstance(sent, dict) and (unknown := set(sent) - set(self.fields)):
            raise serializers.ValidationError({str(name)[:60]: "There is no field of this name." for name in unknown})
        return super().to_internal_value(sent)


class Text(serializers.CharField):
    """A number where words belong is a mistake, not a text of digits."""

    def to_internal_value(self, sent: object) -> str:
        if not isinstance(sent, str):
            self.fail("invalid")
        return super().to_internal_value(sent)


def checked(serializer: type[serializers.Serializer], request: Request, **options: object) -> dict:
    face = serializer(data=request.data, **options)
    face.is_valid(raise_exception=True)
    return face.validated_data


def seen_tune(request: Request, tune_id: str, verb: Verb = Verb.SEE) -> Tune:
    """The tune as whoever asks may see it; Http404 otherwise."""
    return tune_for(tune_id, listener=request.listener, verb=verb)


def idempotency_key(request: Request) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_IDEMPOTENCY_KEY:
        raise serializers.ValidationError({"Idempotency-Key": f"Use at most {LONGEST_IDEMPOTENCY_KEY} characters."})
    return key


def asked_once(request: Request, compose: Callable[[str], Tune]) -> Tune:
    """What `compose` makes, given the idempotency key; with a key that came with something else, a conflict."""
    key = idempotency_key(request)
    if not key:
        return compose("")
    try:
        with transaction.atomic():
            tune = compose(key)
            sent_keep(tune=tune, path=request.path, sent=request.data)
            return tune
    except KeyReused as error:
        raise Conflict(str(error), code="idempotency_key_reused") from error


def page_of(request: Request, results: list, next_cursor: str) -> Response:
    """{"next": the address of the next page or null, "results": […]}, with what was asked kept in the address."""
    return Response({"next": next_page(request, next_cursor), "results": results})


def next_page(request: Request, cursor: str) -> str | None:
    """The address of the next page, with all that was asked of this one."""
    if not cursor:
        return None
    asked = {name: value for name, value in request.query_params.items() if name != "after"}
    return request.build_absolute_uri(f"{request.path}?{urlencode(asked | {'after': cursor})}")


def cursor_of(request: Request) -> str:
    return request.query_params.get("after", "")
