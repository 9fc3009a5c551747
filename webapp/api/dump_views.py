"""The files of all public tunes, and their list."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import condition, require_safe
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.api.dumping import Dump, dump_file, dumps_kept

CHUNK = 256 * 1024
KINDS = {".gz": "application/gzip", ".sha256": "text/plain; charset=utf-8", ".txt": "text/plain; charset=utf-8"}
AN_HOUR = 60 * 60


class DumpSerializer(serializers.Serializer):
    url = serializers.URLField()
    sha256_url = serializers.URLField()
    date = serializers.DateField()
    tunes = serializers.IntegerField()
    bytes = serializers.IntegerField()
    sha256 = serializers.CharField()


class DumpsSerializer(serializers.Serializer):
    licence = serializers.CharField(help_text="CC0-1.0, for every tune in it.")
    next = serializers.URLField(allow_null=True, help_text="Always null: seven nights are kept.")
    results = DumpSerializer(many=True)


class DumpsView(APIView):
    tag = "dumps"

    @extend_schema(operation_id="dumps", responses={200: DumpsSerializer})
    def get(self, request: Request) -> Response:
        """The dumps of the last nights, the newest first: every public tune, one a line, as JSON."""
        rows = [_face(request, dump) for dump in dumps_kept()]
        return Response({"licence": "CC0-1.0", "next": None, "results": rows})


def _face(request: Request, dump: Dump) -> dict:
    where = request.build_absolute_uri(reverse("dump", args=[dump.name]))
    told = {name: getattr(dump, name) for name in ("date", "tunes", "bytes", "sha256")}
    return {"url": where, "sha256_url": f"{where}.sha256", **told}


def _tag(request: HttpRequest, name: str) -> str:
    found = dump_file(name).stat()
    return f'"{found.st_mtime_ns:x}-{found.st_size:x}"'


@require_safe
@condition(etag_func=_tag)
def dump(request: HttpRequest, name: str) -> HttpResponse:
    path = dump_file(name)
    response = StreamingHttpResponse(_pieces(path), content_type=KINDS[path.suffix])
    response.headers["Content-Length"] = str(path.stat().st_size)
    response.headers["Content-Disposition"] = content_disposition_header(path.suffix == ".gz", name)
    response.headers["Cache-Control"] = f"public, max-age={AN_HOUR}"
    return response


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    """Piece by piece: a server of ours would read a plain file whole before it sent any of it."""
    with await sync_to_async(path.open, thread_sensitive=False)("rb") as file:
        while piece := await sync_to_async(file.read, thread_sensitive=False)(CHUNK):
            yield piece
