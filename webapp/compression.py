"""Text travels compressed; sound, fonts and live notes travel as they are."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware

# A stream of events is missing on purpose: compressed, its notes would wait for one another.
TEXT = {"text/html", "text/css", "text/javascript", "image/svg+xml", "application/json"}
WITH_A_BODY_OF_THEIR_OWN = (206, 304)  # a piece of a file, and nothing at all


class TextCompression(GZipMiddleware):
    """Django's own, with random padding so that a page's length tells nothing; for text alone."""

    def process_request(self, request: HttpRequest) -> None:
        """A compressed file's tag was weakened on its way out; WhiteNoise knows the strong one."""
        if request.path.startswith(settings.STATIC_URL) and (tag := request.META.get("HTTP_IF_NONE_MATCH")):
            request.META["HTTP_IF_NONE_MATCH"] = tag.removeprefix("W/")

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if kind not in TEXT or request.method == "HEAD" or response.status_code in WITH_A_BODY_OF_THEIR_OWN:
            return response
        return super().process_response(request, response)
