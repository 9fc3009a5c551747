"""A tune as a file to take home."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import slugify

from webapp.tunes.models import Tune


def attachment(tune: Tune, content: bytes, extension: str, content_type: str) -> HttpResponse:
    name = slugify(tune.title, allow_unicode=True)[:60] or "tune"
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.{extension}")
    return response
