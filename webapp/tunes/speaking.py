"""A spoken prompt: takes a recording, answers with its words, keeps nothing of either."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from generator import LARGEST_WAV, Heard, SpeechBusy, SpeechError, heard
from webapp.bodies import length_of
from webapp.tunes.allowance import TooManyRecordings, recording_spend
from webapp.tunes.listeners import Listener

TOO_LONG = "That recording is too long: it may have 12 seconds."
SOON = 5  # seconds after which it is worth trying again


def recording_hear(*, wav: bytes, listener: Listener) -> Heard:
    """Raises SpeechError, SpeechBusy, TooManyRecordings."""
    recording_spend(listener=listener)
    return heard(wav)


@never_cache
@require_POST
def speak(request: HttpRequest) -> JsonResponse:
    """The body is a WAV, not a form: Django would write a file of a form to the disk."""
    if length_of(request.META.get("CONTENT_LENGTH")) > LARGEST_WAV:
        return _refused(413, TOO_LONG)
    try:
        found = recording_hear(wav=request.read(LARGEST_WAV + 1), listener=request.listener)
    except SpeechError as error:
        return _refused(422, str(error))
    except TooManyRecordings as error:
        return _refused(429, str(error), error.retry_after)
    except SpeechBusy as error:
        return _refused(503, str(error), SOON)
    return JsonResponse({"text": found.text, "confidence": found.confidence})


def _refused(status: int, sentence: str, retry_after: int | None = None) -> JsonResponse:
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    return JsonResponse({"error": sentence}, status=status, headers=headers)
