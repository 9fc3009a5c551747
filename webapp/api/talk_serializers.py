"""JSON faces of what listeners say about tunes, and of what the site tells them."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from webapp.api.asking import StrictSerializer, Text
from webapp.api.tune_serializers import MakerNameSerializer, ParentSerializer, StarsSerializer
from webapp.moderation.models import LONGEST_NOTE, Reason
from webapp.ratings.models import FEWEST_STARS, MOST_STARS
from webapp.talk.models import LONGEST_COMMENT, Comment, Notice

HIGHEST_ID = 2**63 - 1


class RatingSerializer(StrictSerializer):
    stars = serializers.IntegerField(min_value=FEWEST_STARS, max_value=MOST_STARS)


class RatedSerializer(serializers.Serializer):
    my_stars = serializers.IntegerField(allow_null=True)
    stars = StarsSerializer(source="*")


class FavouriteSerializer(serializers.Serializer):
    my_favourite = serializers.BooleanField()


class WordsSerializer(StrictSerializer):
    # Any text goes through: the sentences about it are those of the comments' own page.
    text = Text(
        trim_whitespace=False, allow_blank=True, help_text=f"Plain text of at most {LONGEST_COMMENT} characters."
    )


class CommentWordsSerializer(WordsSerializer):
    reply_to = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=HIGHEST_ID,
        help_text="The comment that this answers; an answer is not answered.",
    )


class CommentSerializer(serializers.ModelSerializer):
    author = MakerNameSerializer(allow_null=True, help_text="null: somebody who has left.")
    text = serializers.SerializerMethodField(help_text="Empty where only a place is kept for the answers.")
    mine = serializers.SerializerMethodField()

    class Meta:
        model = Comment
        fields = ("id", "author", "text", "created", "edited", "mine")

    def get_text(self, comment: Comment) -> str:
        return comment.text if comment.is_live else ""

    def get_mine(self, comment: Comment) -> bool:
        profile = self.context["request"].listener.profile
        return profile is not None and comment.author_id == profile.pk


class ThreadSerializer(CommentSerializer):
    """A comment with the last answers to it; all of them are at comments/{id}/."""

    replies = CommentSerializer(many=True, source="shown_replies")
    reply_count = serializers.IntegerField()

    class Meta(CommentSerializer.Meta):
        fields = (*CommentSerializer.Meta.fields, "replies", "reply_count")


class WholeThreadSerializer(serializers.Serializer):
    comment = CommentSerializer()
    next = serializers.URLField(allow_null=True, help_text="Earlier answers.")
    results = CommentSerializer(many=True, help_text="The answers, in the order they were given.")


class NoticeSerializer(serializers.ModelSerializer):
    tune = ParentSerializer(allow_null=True)
    comment = serializers.SerializerMethodField()
    actor = MakerNameSerializer(allow_null=True, help_text="Who did it, where that is told.")

    class Meta:
        model = Notice
        fields = ("kind", "created", "read", "tune", "comment", "actor")

    @extend_schema_field(serializers.IntegerField(allow_null=True, help_text="The id of a comment."))
    def get_comment(self, notice: Notice) -> int | None:
        return notice.comment_id


class NoticesSerializer(serializers.Serializer):
    unread = serializers.IntegerField(help_text="Counted up to 10.")
    next = serializers.URLField(allow_null=True)
    results = NoticeSerializer(many=True)


class ReportSerializer(StrictSerializer):
    """Of a tune or of a comment."""

    tune = Text(required=False, max_length=22)
    comment = serializers.IntegerField(required=False, min_value=1, max_value=HIGHEST_ID)
    reason = serializers.ChoiceField(choices=Reason.choices)
    note = Text(required=False, allow_blank=True, help_text=f"At most {LONGEST_NOTE} characters.")

    def validate(self, sent: dict) -> dict:
        if ("tune" in sent) == ("comment" in sent):
            raise serializers.ValidationError({"tune": "Say which tune or which comment, one of them."})
        return sent


class ReportedSerializer(serializers.Serializer):
    reason = serializers.CharField()
    note = serializers.CharField()
