"""JSON faces of the token's own account, and of makers as anybody sees them."""

from __future__ import annotations

from rest_framework import serializers

from webapp.accounts.models import Profile
from webapp.api.asking import StrictSerializer, Text
from webapp.api.tune_serializers import MakerNameSerializer


class MakerSerializer(MakerNameSerializer):
    class Meta:
        model = Profile
        fields = ("slug", "name", "url", "about", "created")


class MeSerializer(MakerSerializer):
    class Meta:
        model = Profile
        fields = (*MakerSerializer.Meta.fields, "starts_as")
        extra_kwargs = {"starts_as": {"help_text": "Who may see a new tune of yours."}}


class MeChangeSerializer(StrictSerializer):
    """What is absent stays as it is. What the texts may be, the form of the settings page says."""

    name = Text(required=False, allow_blank=True, trim_whitespace=False)
    about = Text(required=False, allow_blank=True, trim_whitespace=False)
    starts_as = serializers.ChoiceField(choices=Profile.StartsAs.choices, required=False)


class FollowedSerializer(serializers.Serializer):
    following = serializers.BooleanField()
