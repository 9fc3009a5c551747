"""Stars, favourites, comments and reports."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.api import talk_serializers as faces
from webapp.api.asking import checked
from webapp.api.examples import STARS
from webapp.api.tune_views import ready_tune
from webapp.ratings.selectors import stars_of
from webapp.ratings.services import tune_rate
from webapp.tunes.models import Tune


class RatingView(APIView):
    tag = "talk"

    @extend_schema(
        operation_id="tune_rate",
        request=faces.RatingSerializer,
        responses={200: faces.RatedSerializer},
        examples=[STARS],
    )
    def put(self, request: Request, tune_id: str) -> Response:
        """Give a tune one to five stars; a second rating replaces the first."""
        tune = ready_tune(request, tune_id)
        stars = checked(faces.RatingSerializer, request)["stars"]
        tune_rate(tune=tune, listener=request.listener, stars=stars)
        return _rated(request, tune)


def _rated(request: Request, tune: Tune) -> Response:
    tune.refresh_from_db(fields=["stars_sum", "stars_count"])
    tune.my_stars = stars_of(tune=tune, listener=request.listener)
    return Response(faces.RatedSerializer(tune).data)
