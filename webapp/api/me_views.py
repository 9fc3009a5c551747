"""What belongs to the account of the token."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.accounts.selectors import maker_for
from webapp.api.asking import AFTER, cursor_of, page_of
from webapp.api.me_serializers import MakerSerializer, MeSerializer
from webapp.api.pages_of import page_serializer
from webapp.api.tune_faces import listed
from webapp.api.tune_serializers import ListedTuneSerializer
from webapp.tunes.own_tunes import SHOWN, own_tunes_page

SHOW = OpenApiParameter(
    "show",
    str,
    enum=[value for value, _ in SHOWN if value],
    description="Only those of one kind; all but deleted when absent.",
)
WORDS = OpenApiParameter("q", str, description="Words of the title or the prompt, or a tag.")


class MeView(APIView):
    tag, open = "me", ()

    @extend_schema(operation_id="me", responses={200: MeSerializer})
    def get(self, request: Request) -> Response:
        """Whose token this is."""
        return Response(MeSerializer(request.listener.profile, context={"request": request}).data)


class MyTunesView(APIView):
    tag, open = "me", ()

    @extend_schema(
        operation_id="my_tunes", parameters=[SHOW, WORDS, AFTER], responses={200: page_serializer(ListedTuneSerializer)}
    )
    def get(self, request: Request) -> Response:
        """Tunes of yours, the newest first, also those that nobody else may see."""
        asked = {"show": request.query_params.get("show", ""), "words": request.query_params.get("q", "")}
        page = own_tunes_page(request.listener, cursor=cursor_of(request), **asked)
        return page_of(request, listed(request, page.tunes), page.next_cursor)


class MakerView(APIView):
    tag = "makers"

    @extend_schema(operation_id="maker", responses={200: MakerSerializer})
    def get(self, request: Request, slug: str) -> Response:
        """A maker. Their public tunes are the gallery's with `maker` set to their slug."""
        return Response(MakerSerializer(maker_for(slug), context={"request": request}).data)
