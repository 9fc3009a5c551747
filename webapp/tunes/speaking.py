"""A spoken prompt: takes a recording, answers with its words, keeps nothing of either."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from generator import LARGEST_WAV, SpeechBusy, SpeechError, heard
from webapp.tunes.allowance import TooManyRecordings, recording_spend

SOON = 5  # seconds after which it is worth trying again


@never_cache
@require_POST
def speak(request: HttpRequest) -> JsonResponse:
    """The body is a WAV, not a form: Django would write a file of a form to the disk."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_WAV:
        return _refused(413, "That recording is too long.")
    try:
        recording_spend(listener=request.listener)
        found = heard(request.read(LARGEST_WAV + 1))
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
