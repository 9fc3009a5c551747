"""JSON faces of tunes: as they are listed, as they are whole, and of what may be changed about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import ValidationError as FormError
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from webapp.accounts.models import Profile
from webapp.api.asking import StrictSerializer, Text
from webapp.api.serializers import AcceptedSerializer, ConditionsSerializer
from webapp.tunes.briefs import CONDITION_NAMES
from webapp.tunes.keeping_forms import MOST_TAGS, description_of_words, tags_of, title_of_words
from webapp.tunes.models import LONGEST_DESCRIPTION, LONGEST_TAG, LONGEST_TITLE, Tune, Visibility
from webapp.tunes.reworking import WORKS
from webapp.tunes.tweaks import TWEAKS

Kept = TypeVar("Kept")
CC0 = (
    "draft, private: yours alone. unlisted: whoever has the link. public: everybody, in the gallery and in the nightly "
    "dump, given away under CC0 1.0: anyone may use it for anything, and that cannot be taken back."
)


class MakerNameSerializer(serializers.ModelSerializer):
    url = serializers.SerializerMethodField()

    class Meta:
        model = Profile
        fields = ("slug", "name", "url")

    def get_url(self, maker: Profile) -> str:
        return self.context["request"].build_absolute_uri(maker.get_absolute_url())


class StarsSerializer(serializers.Serializer):
    average = serializers.FloatField(source="stars_average", allow_null=True)
    count = serializers.IntegerField(source="stars_count")


class ParentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Tune
        fields = ("id", "title")


class ListedTuneSerializer(AcceptedSerializer):
    """`abc`, `conditions` and `checks` are null until the tune is ready; `reason` unless it failed."""

    url = serializers.SerializerMethodField(help_text="The tune's page.")
    abc = serializers.SerializerMethodField()
    conditions = serializers.SerializerMethodField()
    checks = serializers.SerializerMethodField()
    reason = serializers.SerializerMethodField()
    tags = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)
    visibility = serializers.ChoiceField(choices=Visibility.choices, help_text=CC0)
    maker = MakerNameSerializer(source="owner", allow_null=True, help_text="null: somebody without an account.")
    stars = StarsSerializer(source="*")

    class Meta:
        model = Tune
        fields = (
            *("id", "status", "url", "title", "prompt", "seed", "composer", "checkpoint", "temperature", "attempt"),
            *("created", "abc", "conditions", "checks", "reason"),
            *("description", "tags", "visibility", "published", "maker", "valence", "arousal", "stars"),
        )

    def get_url(self, tune: Tune) -> str:
        return self.context["request"].build_absolute_uri(tune.get_absolute_url())

    # What is not there yet is null: notes of a tune still being made come as events, not here.
    def get_abc(self, tune: Tune) -> str | None:
        return tune.abc if tune.is_ready else None

    @extend_schema_field(ConditionsSerializer(allow_null=True))
    def get_conditions(self, tune: Tune) -> dict | None:
        return tune.conditions if tune.is_ready else None

    @extend_schema_field(serializers.DictField(allow_null=True))
    def get_checks(self, tune: Tune) -> dict | None:
        return tune.checks if tune.is_ready else None

    def get_reason(self, tune: Tune) -> str | None:
        return tune.reason or None


class TuneSerializer(ListedTuneSerializer):
    parent = ParentSerializer(
        source="parent_shown", allow_null=True, help_text="What it was tweaked from, where that is yours or public."
    )
    tweak = serializers.CharField(help_text="What was done to the parent; empty where there is none.")
    my_stars = serializers.IntegerField(allow_null=True, help_text="Those of the token's account.")
    my_favourite = serializers.BooleanField()

    class Meta(ListedTuneSerializer.Meta):
        fields = (*ListedTuneSerializer.Meta.fields, "parent", "tweak", "my_stars", "my_favourite")


class TuneChangeSerializer(StrictSerializer):
    """What is absent stays as it is."""

    title = Text(required=False, max_length=LONGEST_TITLE)
    description = Text(required=False, allow_blank=True, max_length=LONGEST_DESCRIPTION)
    tags = serializers.ListField(child=Text(max_length=LONGEST_TAG), required=False, max_length=MOST_TAGS)
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False, help_text=CC0)

    def validate_title(self, title: str) -> str:
        return _as_form(title_of_words, title)

    def validate_description(self, description: str) -> str:
        return _as_form(description_of_words, description)

    def validate_tags(self, tags: list[str]) -> list[str]:
        return _as_form(tags_of, ",".join(tags))


def _as_form(read: Callable[[str], Kept], text: str) -> Kept:
    """What the form of the tune's page makes of it, with its sentences."""
    try:
        return read(text)
    except FormError as error:
        raise serializers.ValidationError(error.messages) from error


class TweakSerializer(StrictSerializer):
    tweak = serializers.ChoiceField(choices=TWEAKS)
    locked = serializers.ListField(
        child=serializers.ChoiceField(choices=[(name, name) for name in CONDITION_NAMES]),
        required=False,
        max_length=len(CONDITION_NAMES),
        help_text="Conditions that must stay as they are.",
    )


class WorkSerializer(StrictSerializer):
    task = serializers.ChoiceField(
        choices=[(work, work) for work in WORKS],
        help_text="vary: another version. continue: go on from it. fill: write `bars` anew. chords: the same melody "
        "over other chords, ready at once.",
    )
    strength = serializers.FloatField(
        required=False, allow_null=True, min_value=0, max_value=1, help_text="vary: the share of bars written anew."
    )
    bars = Text(
        required=False, allow_blank=True, max_length=1000, help_text="fill: full measures as written, as in 5-8, 11."
    )
    length = serializers.IntegerField(
        required=False, allow_null=True, help_text="continue: bars that the whole tune shall have."
    )
    style = Text(
        required=False, allow_null=True, help_text="chords: a chord style, as in conditions; absent: what fits best."
    )

    def validate(self, sent: dict) -> dict:
        if sent["task"] == "fill" and not sent.get("bars", "").strip():
            raise serializers.ValidationError({"bars": "Say which bars, as in 5-8."})
        return sent


class RelativeSerializer(serializers.Serializer):
    """A tune of the family. `tune` is null where it is not for you to come across, and only joins others."""

    number = serializers.IntegerField(help_text="Its place in this list, from 0.")
    parent = serializers.IntegerField(allow_null=True, help_text="The place of its parent in this list.")
    tune = ParentSerializer(allow_null=True)
    tweak = serializers.CharField()
    changes = serializers.ListField(child=serializers.CharField(), help_text="What the tweak changed, in words.")


class FamilySerializer(serializers.Serializer):
    more = serializers.BooleanField(help_text="There are more than are listed.")
    results = RelativeSerializer(many=True)
