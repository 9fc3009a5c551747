"""The same services and selectors as the pages, with JSON faces: composing, and what needs no account."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.db import connections
from django.http import Http404, HttpRequest, HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from generator import composer_cards
from webapp.api import serializers as faces
from webapp.api.asking import asked_once, checked, seen_tune
from webapp.api.authentication import REALM, BadToken, token_shown
from webapp.api.errors import WORDS, error_response
from webapp.api.given import resolved
from webapp.api.reference import api_schema
from webapp.api.tune_faces import whole
from webapp.api.tune_serializers import TuneSerializer
from webapp.tunes.briefs import brief_from, understood
from webapp.tunes.givens import abc_from
from webapp.tunes.models import Tune
from webapp.tunes.reworking import harmonise
from webapp.tunes.selectors import tune_for
from webapp.tunes.services import new_seed, tune_cancel, tune_request
from webapp.tunes.streams import stream_response


def tune_asked(request: Request) -> Response:
    sent = checked(faces.TuneRequestSerializer, request)
    given, parent = resolved(sent.get("given"), request.listener)
    brief, feeling = brief_from(sent | {"given": given}, seed=new_seed())
    interpretation = understood(brief, feeling)

    def compose(once: str) -> Tune:
        return tune_request(
            brief=brief,
            interpretation=interpretation,
            listener=request.listener,
            once=once,
            by_program=not request.listener.known,
            parent=parent,
            tweak=brief.given.task if parent else "",
        )

    return accepted(request, asked_once(request, compose))


def accepted(request: Request, tune: Tune) -> Response:
    tune.url = request.build_absolute_uri(tune.get_absolute_url())
    return Response(faces.AcceptedSerializer(tune).data, status=202)


class CancelView(APIView):
    tag, open = "composing", ("POST",)

    @extend_schema(operation_id="tune_cancel", request=None, responses={200: TuneSerializer})
    def post(self, request: Request, tune_id: str) -> Response:
        """Stop a tune that is waiting or being composed. One that has finished stays as it is."""
        tune = seen_tune(request, tune_id)
        tune_cancel(tune=tune, listener=request.listener, through_api=True)
        return Response(whole(request, tune))


class InterpretView(APIView):
    tag, open = "composing", ("POST",)

    @extend_schema(
        operation_id="interpret",
        request=faces.InterpretRequestSerializer,
        responses={200: faces.InterpretationSerializer},
    )
    def post(self, request: Request) -> Response:
        """What is understood of a prompt. Nothing is composed and nothing kept."""
        brief, feeling = brief_from(checked(faces.InterpretRequestSerializer, request), seed=0)
        return Response(understood(brief, feeling).as_dict())


class HarmoniseView(APIView):
    tag, open = "composing", ("POST",)

    @extend_schema(
        operation_id="harmonise",
        request=faces.HarmoniseRequestSerializer,
        responses={200: faces.HarmonisedSerializer},
    )
    def post(self, request: Request) -> Response:
        """Chords for a melody, in a style or as fits it best. Nothing is kept."""
        sent = checked(faces.HarmoniseRequestSerializer, request)
        abc = abc_from(sent["abc"])
        return Response({"abc": harmonise(abc, style=sent.get("style") or None)})


class ComposersView(APIView):
    tag = "composing"

    @extend_schema(operation_id="composers", responses=faces.ComposerSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Who can compose, and how well."""
        return Response([card.as_dict() for card in composer_cards()])


class SchemaView(APIView):
    """As plain JSON, so that its errors have the one shape too."""

    schema = None

    def get(self, request: Request) -> Response:
        return Response(api_schema())


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
            token_shown(request)
            tune_for(tune_id, listener=request.listener)
        finally:
            connections.close_all()

    try:
        await sync_to_async(look, thread_sensitive=False)()
    except Http404:
        return error_response(404, *WORDS[404])
    except BadToken as error:
        answer = error_response(401, error.get_codes(), str(error.detail))
        answer["WWW-Authenticate"] = REALM
        return answer
    return stream_response(tune_id, request.headers.get("Last-Event-ID", ""))
