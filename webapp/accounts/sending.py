"""A file sent piece by piece, so that a large one is never whole in memory, and closed when it has been sent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import IO

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse

PIECE = 256 * 1024


def file_response(request: HttpRequest, file: IO[bytes], *, name: str, content_type: str) -> StreamingHttpResponse:
    # Under ASGI Django would gather what a plain iterator gives before it sends the first of it.
    pieces = _pieces_async(file) if isinstance(request, ASGIRequest) else _pieces(file)
    response = StreamingHttpResponse(pieces, content_type=content_type)
    response.headers["Content-Length"] = str(file.seek(0, 2))
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    file.seek(0)
    response._resource_closers.append(file.close)
    return response


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


async def _pieces_async(file: IO[bytes]) -> AsyncIterator[bytes]:
    while piece := await sync_to_async(file.read, thread_sensitive=False)(PIECE):
        yield piece
