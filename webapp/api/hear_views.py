"""A spoken prompt for programs: the recording comes as it is, its words go back as JSON, and neither is kept."""

from __future__ import annotations

from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from generator import LARGEST_WAV, SpeechBusy, SpeechError
from webapp.api import examples
from webapp.api.errors import Spoken, later
from webapp.api.serializers import ErrorSerializer
from webapp.bodies import length_of
from webapp.tunes.speaking import SOON, TOO_LONG, recording_hear


class TooLong(Spoken):
    status_code = 413
    default_code = "too_large"


class HeardSerializer(serializers.Serializer):
    text = serializers.CharField(help_text="Small letters, no punctuation; fit to be a prompt.")
    confidence = serializers.FloatField(help_text="0 to 1: how sure the recogniser is of the words, on average.")


@method_decorator(never_cache, name="dispatch")
class HearView(APIView):
    tag, open = "composing", ("POST",)

    @extend_schema(
        operation_id="hear",
        request={"audio/wav": OpenApiTypes.BINARY},
        responses={
            200: HeardSerializer,
            413: OpenApiResponse(ErrorSerializer, "The recording is longer than 12 seconds."),
            503: OpenApiResponse(ErrorSerializer, "Several people are speaking; `Retry-After` says when to try again."),
        },
        examples=[examples.HEARD],
    )
    def post(self, request: Request) -> Response:
        """The words of a spoken prompt, in English.

        A WAV of one channel, 16 bits and 16,000 samples a second, at most 12 seconds. It is recognised here, among
        words of feelings and music, and kept nowhere; nothing is composed.
        """
        # Whatever a program calls it: what is no WAV is refused in the same words as a broken one.
        if length_of(request.META.get("CONTENT_LENGTH")) > LARGEST_WAV:
            raise TooLong(TOO_LONG)
        wav = request.read(LARGEST_WAV + 1)
        if len(wav) > LARGEST_WAV:
            raise TooLong(TOO_LONG)
        try:
            found = recording_hear(wav=wav, listener=request.listener)
        except SpeechError as error:
            raise serializers.ValidationError({"recording": str(error)}) from error
        except SpeechBusy as error:
            return later(503, "busy", str(error), SOON)
        return Response({"text": found.text, "confidence": found.confidence})
