"""JSON faces of what listeners say about tunes."""

from __future__ import annotations

from rest_framework import serializers

from webapp.api.asking import StrictSerializer
from webapp.api.tune_serializers import StarsSerializer
from webapp.ratings.models import FEWEST_STARS, MOST_STARS


class RatingSerializer(StrictSerializer):
    stars = serializers.IntegerField(min_value=FEWEST_STARS, max_value=MOST_STARS)


class RatedSerializer(serializers.Serializer):
    my_stars = serializers.IntegerField(allow_null=True)
    stars = StarsSerializer(source="*")
