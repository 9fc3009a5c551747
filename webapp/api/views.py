"""The same services and selectors as the pages, with JSON faces."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.db import connections
from django.http import Http404, HttpRequest, HttpResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from generator import composer_cards
from webapp.api import serializers as faces
from webapp.api.errors import WORDS, error_response
from webapp.api.given import resolved
from webapp.tunes.briefs import brief_from, understood
from webapp.tunes.givens import abc_from
from webapp.tunes.models import Tune
from webapp.tunes.reworking import harmonise
from webapp.tunes.selectors import tune_for
from webapp.tunes.services import new_seed, tune_cancel, tune_request
from webapp.tunes.streams import stream_response

LONGEST_IDEMPOTENCY_KEY = 255
ERROR = OpenApiResponse(faces.ErrorSerializer)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="The same key from the same caller gives the same tune again, so a request may be repeated safely.",
)


class TunesView(APIView):
    @extend_schema(
        operation_id="tune_request",
        request=faces.TuneRequestSerializer,
        parameters=[IDEMPOTENCY_KEY],
        responses={202: faces.AcceptedSerializer, 400: ERROR, 413: ERROR, 429: ERROR},
    )
    def post(self, request: Request) -> Response:
        """Ask for a tune, from words, from music that is given, or both.

        It is composed in its own time: follow its events, or look again.
        """
        sent = _checked(faces.TuneRequestSerializer, request)
        given, parent = resolved(sent.get("given"), request.listener)
        brief, feeling = brief_from(sent | {"given": given}, seed=new_seed())
        tune = tune_request(
            brief=brief,
            interpretation=understood(brief, feeling),
            listener=request.listener,
            once=_idempotency_key(request),
            by_program=not request.listener.known,
            parent=parent,
            tweak=brief.given.task if parent else "",
        )
        return Response(_face(faces.AcceptedSerializer, tune, request), status=202)


class TuneView(APIView):
    @extend_schema(operation_id="tune", responses={200: faces.TuneSerializer, 404: ERROR})
    def get(self, request: Request, tune_id: str) -> Response:
        """How a tune is coming along, and the tune itself once it is ready."""
        return Response(_face(faces.TuneSerializer, _tune(request, tune_id), request))


class CancelView(APIView):
    @extend_schema(
        operation_id="tune_cancel", request=None, responses={200: faces.TuneSerializer, 403: ERROR, 404: ERROR}
    )
    def post(self, request: Request, tune_id: str) -> Response:
        """Stop a tune that is waiting or being composed. One that has finished stays as it is."""
        tune = _tune(request, tune_id)
        tune_cancel(tune=tune, listener=request.listener, through_api=True)
        return Response(_face(faces.TuneSerializer, tune, request))


class InterpretView(APIView):
    @extend_schema(
        operation_id="interpret",
        request=faces.InterpretRequestSerializer,
        responses={200: faces.InterpretationSerializer, 400: ERROR},
    )
    def post(self, request: Request) -> Response:
        """What is understood of a prompt. Nothing is composed and nothing kept."""
        brief, feeling = brief_from(_checked(faces.InterpretRequestSerializer, request), seed=0)
        return Response(understood(brief, feeling).as_dict())


class HarmoniseView(APIView):
    @extend_schema(
        operation_id="harmonise",
        request=faces.HarmoniseRequestSerializer,
        responses={200: faces.HarmonisedSerializer, 400: ERROR, 413: ERROR},
    )
    def post(self, request: Request) -> Response:
        """Chords for a melody, in a style or as fits it best. Nothing is kept."""
        sent = _checked(faces.HarmoniseRequestSerializer, request)
        abc = abc_from(sent["abc"])
        return Response({"abc": harmonise(abc, style=sent.get("style") or None)})


class ComposersView(APIView):
    @extend_schema(operation_id="composers", responses=faces.ComposerSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Who can compose, and how well."""
        return Response([card.as_dict() for card in composer_cards()])


class NothingHereView(APIView):
    """Any other address under /api/, whatever the method."""

    schema = None

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        raise Http404


async def events(request: HttpRequest, tune_id: str) -> HttpResponse:
    """Server-Sent Events. Plain Django, since DRF has no async views; schema.py describes it."""
    if request.method != "GET":
        return error_response(405, *WORDS[405])

    def look() -> None:
        try:
            tune_for(tune_id, listener=request.listener)
        finally:
            connections.close_all()

    try:
        await sync_to_async(look, thread_sensitive=False)()
    except Http404:
        return error_response(404, *WORDS[404])
    return stream_response(tune_id, request.headers.get("Last-Event-ID", ""))


def _checked(serializer: type[serializers.Serializer], request: Request) -> dict:
    face = serializer(data=request.data)
    face.is_valid(raise_exception=True)
    return face.validated_data


def _tune(request: Request, tune_id: str) -> Tune:
    return tune_for(tune_id, listener=request.listener)


def _idempotency_key(request: Request) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_IDEMPOTENCY_KEY:
        raise serializers.ValidationError({"Idempotency-Key": f"Use at most {LONGEST_IDEMPOTENCY_KEY} characters."})
    return key


def _face(serializer: type[serializers.Serializer], tune: Tune, request: Request) -> dict:
    """What is not there yet is null: notes of a tune still being made come as events, not here."""
    tune.url = request.build_absolute_uri(tune.get_absolute_url())
    if not tune.is_ready:
        tune.abc = tune.conditions = tune.checks = None
    tune.reason = tune.reason or None
    return dict(serializer(tune).data)
