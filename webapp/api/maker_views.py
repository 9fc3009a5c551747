"""Makers as anybody sees them, and following them."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.accounts.selectors import maker_for
from webapp.api.me_serializers import FollowedSerializer, MakerSerializer
from webapp.talk.services import maker_follow


class MakerView(APIView):
    tag = "makers"

    @extend_schema(operation_id="maker", responses={200: MakerSerializer})
    def get(self, request: Request, slug: str) -> Response:
        """A maker. Their public tunes are the gallery's with `maker` set to their slug."""
        return Response(MakerSerializer(maker_for(slug), context={"request": request}).data)


class FollowView(APIView):
    tag = "makers"

    @extend_schema(operation_id="maker_follow", request=None, responses={200: FollowedSerializer})
    def put(self, request: Request, slug: str) -> Response:
        """Follow a maker: a notice tells you of each new public tune."""
        return self._set(request, slug, follow=True)

    @extend_schema(operation_id="maker_unfollow", responses={200: FollowedSerializer})
    def delete(self, request: Request, slug: str) -> Response:
        """Follow a maker no more."""
        return self._set(request, slug, follow=False)

    def _set(self, request: Request, slug: str, *, follow: bool) -> Response:
        maker_follow(maker=maker_for(slug), listener=request.listener, follow=follow)
        return Response({"following": follow})
