"""The gallery, single tunes, and what their makers do with them."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404, HttpResponse
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.api import serializers as faces
from webapp.api import tune_serializers as tune_forms
from webapp.api.asking import AFTER, IDEMPOTENCY_KEY, asked_once, checked, cursor_of, page_of, seen_tune
from webapp.api.errors import Conflict
from webapp.api.examples import ACCEPTED, BRIEF, CHANGE, TWEAK, VARY
from webapp.api.gallery_parameters import GALLERY
from webapp.api.page_schema import page_serializer
from webapp.api.tune_faces import family_face, listed, whole
from webapp.api.views import accepted, tune_asked
from webapp.gallery.query import QueryError, query_from
from webapp.gallery.selectors import gallery_page
from webapp.tunes.access import Verb, may
from webapp.tunes.families import family_of
from webapp.tunes.files import NoMidi, attachment, midi_attachment
from webapp.tunes.keeping import tune_delete, tune_describe, tune_show, tune_undelete
from webapp.tunes.models import Tune, Visibility
from webapp.tunes.reworking import CHORDS, tune_rechord, tune_rework
from webapp.tunes.services import NotAllowed
from webapp.tunes.tweaks import tune_again

UNREADY = "This tune has no notes yet; wait until it is ready."


class TunesView(APIView):
    tag, open = "tunes", (*SAFE_METHODS, "POST")

    @extend_schema(
        operation_id="gallery",
        parameters=[*GALLERY, AFTER],
        responses={200: page_serializer(tune_forms.ListedTuneSerializer)},
    )
    def get(self, request: Request) -> Response:
        """The gallery: public tunes, searched and filtered.

        The parameters are those of the gallery's own address, so that a view found there can be asked for here.
        """
        try:
            query = query_from(request.query_params)
        except QueryError as error:
            raise serializers.ValidationError(error.fields) from error
        page = gallery_page(query, cursor_of(request))
        return page_of(request, listed(request, page.tunes), page.next_cursor)

    @extend_schema(
        operation_id="tune_request",
        tags=["composing"],
        request=faces.TuneRequestSerializer,
        parameters=[IDEMPOTENCY_KEY],
        responses={202: faces.AcceptedSerializer},
        examples=[BRIEF, ACCEPTED],
    )
    def post(self, request: Request) -> Response:
        """Ask for a tune, from words, from music that is given, or both.

        It is composed in its own time: follow its events, or look again. With a token it belongs to your account and
        starts as your account says (unlisted, private or draft); without one it is unlisted.
        """
        return tune_asked(request)


class TuneView(APIView):
    tag = "tunes"

    @extend_schema(operation_id="tune", responses={200: tune_forms.TuneSerializer})
    def get(self, request: Request, tune_id: str) -> Response:
        """How a tune is coming along, and the tune itself once it is ready."""
        return Response(whole(request, seen_tune(request, tune_id)))

    @extend_schema(
        operation_id="tune_change",
        request=tune_forms.TuneChangeSerializer,
        responses={200: tune_forms.TuneSerializer},
        examples=[CHANGE],
    )
    def patch(self, request: Request, tune_id: str) -> Response:
        """Name a tune of yours, describe it, tag it, and decide who may see it.

        Public gives it to everybody under CC0 1.0: anyone may use it for anything without asking.
        """
        tune = seen_tune(request, tune_id)
        if not may(request.listener, Verb.CHANGE, tune):
            raise NotAllowed
        sent = checked(tune_forms.TuneChangeSerializer, request)
        visibility = sent.pop("visibility", None)
        if not tune.is_ready and (sent or visibility == Visibility.PUBLIC):
            raise Conflict(UNREADY, code="not_ready")
        with transaction.atomic():
            if sent:
                tune_describe(tune=tune, listener=request.listener, **sent)
            if visibility:
                tune_show(tune=tune, listener=request.listener, visibility=Visibility(visibility))
        return Response(whole(request, tune))

    @extend_schema(operation_id="tune_delete", responses={204: None})
    def delete(self, request: Request, tune_id: str) -> Response:
        """Delete a tune of yours. It can be brought back for 30 days."""
        tune_delete(tune=seen_tune(request, tune_id), listener=request.listener)
        return Response(status=204)


class UndeleteView(APIView):
    tag = "tunes"

    @extend_schema(operation_id="tune_undelete", request=None, responses={200: tune_forms.TuneSerializer})
    def post(self, request: Request, tune_id: str) -> Response:
        """Bring back a tune of yours that you deleted."""
        tune = seen_tune(request, tune_id, Verb.UNDO)
        tune_undelete(tune=tune, listener=request.listener)
        return Response(whole(request, tune))


class AgainView(APIView):
    tag = "composing"

    @extend_schema(
        operation_id="tune_again",
        request=tune_forms.TweakSerializer,
        parameters=[IDEMPOTENCY_KEY],
        responses={202: faces.AcceptedSerializer},
        examples=[TWEAK, ACCEPTED],
    )
    def post(self, request: Request, tune_id: str) -> Response:
        """Tweak and again: a sibling of any tune you may see, changed as asked."""
        tune = seen_tune(request, tune_id)
        sent = checked(tune_forms.TweakSerializer, request)
        wanted = {"tune": tune, "tweak": sent["tweak"], "locked": sent.get("locked", [])}
        made = asked_once(request, lambda once: tune_again(listener=request.listener, once=once, **wanted))
        return accepted(request, made)


class ReworkView(APIView):
    tag = "composing"

    @extend_schema(
        operation_id="tune_rework",
        request=tune_forms.WorkSerializer,
        parameters=[IDEMPOTENCY_KEY],
        responses={202: faces.AcceptedSerializer},
        examples=[VARY, ACCEPTED],
    )
    def post(self, request: Request, tune_id: str) -> Response:
        """Work with the notes of any tune you may see: vary it, go on, write bars again, or find other chords."""
        tune = ready_tune(request, tune_id)
        sent = checked(tune_forms.WorkSerializer, request)
        common = {"tune": tune, "listener": request.listener}

        def compose(once: str) -> Tune:
            if sent["task"] == CHORDS:
                return tune_rechord(style=sent.get("style") or None, once=once, **common)
            wanted = {name: sent.get(name) for name in ("task", "strength", "length")}
            return tune_rework(bars=sent.get("bars", ""), once=once, **wanted, **common)

        return accepted(request, asked_once(request, compose))


class FamilyView(APIView):
    tag = "tunes"

    @extend_schema(operation_id="tune_family", responses={200: tune_forms.FamilySerializer})
    def get(self, request: Request, tune_id: str) -> Response:
        """Everything that was tweaked from the same beginning, and what each tweak changed."""
        return Response(family_face(family_of(seen_tune(request, tune_id), listener=request.listener)))


class AnyAccept(BaseContentNegotiation):
    """A file is what it is, whatever a program says it takes; its errors are JSON."""

    def select_renderer(
        self, request: Request, renderers: list[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class AbcView(APIView):
    tag, content_negotiation_class = "tunes", AnyAccept

    @extend_schema(operation_id="tune_abc", responses={(200, "text/vnd.abc"): OpenApiTypes.STR})
    def get(self, request: Request, tune_id: str) -> HttpResponse:
        """A tune as an ABC file."""
        tune = _finished_tune(request, tune_id)
        return attachment(tune, tune.abc.encode(), "abc", "text/vnd.abc; charset=utf-8")


class MidiView(APIView):
    tag, content_negotiation_class = "tunes", AnyAccept

    @extend_schema(operation_id="tune_midi", responses={(200, "audio/midi"): OpenApiTypes.BINARY})
    def get(self, request: Request, tune_id: str) -> HttpResponse:
        """A tune as a MIDI file."""
        try:
            return midi_attachment(_finished_tune(request, tune_id))
        except NoMidi as error:
            raise Conflict(str(error), code="no_midi") from error


def ready_tune(request: Request, tune_id: str) -> Tune:
    tune = seen_tune(request, tune_id)
    if not tune.is_ready:
        raise Conflict(UNREADY, code="not_ready")
    return tune


def _finished_tune(request: Request, tune_id: str) -> Tune:
    tune = seen_tune(request, tune_id)
    if not tune.is_ready:
        raise Http404
    return tune
