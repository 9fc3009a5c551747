"""JSON faces of the token's own account, and of makers as anybody sees them."""

from __future__ import annotations

from webapp.accounts.models import Profile
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
