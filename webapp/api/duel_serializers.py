"""JSON faces of duels: blind before the choice, with names after it."""

from __future__ import annotations

from rest_framework import serializers

from generator import RHYTHMS
from webapp.api.asking import StrictSerializer, Text
from webapp.duels.models import Maker, Standing, State


class DuelAskSerializer(StrictSerializer):
    rhythm = serializers.ChoiceField(
        choices=[(name, name) for name in RHYTHMS], required=False, allow_blank=True, help_text="Any dance when absent."
    )


class ToldSideSerializer(serializers.Serializer):
    """Who wrote it, how often it was chosen, and the tune itself where you may see it."""

    composer = serializers.CharField()
    times = serializers.IntegerField()
    tune = serializers.CharField(allow_null=True)


class SideSerializer(serializers.Serializer):
    side = serializers.CharField(help_text="Stands for the tune in your choice; it is random and tells nothing.")
    abc = serializers.CharField()
    told = ToldSideSerializer(allow_null=True, help_text="null until you have chosen.")


class DuelSerializer(serializers.Serializer):
    """Both tunes in an order of your own, without names until you have chosen."""

    id = serializers.CharField()
    status = serializers.ChoiceField(choices=State.choices)
    successor = serializers.CharField(allow_null=True, help_text="The duel to ask for in place of one that failed.")
    prompt = serializers.CharField()
    sides = SideSerializer(many=True, help_text="Empty until both are written.")
    voted = serializers.BooleanField()
    chosen = serializers.CharField(allow_null=True, help_text="Your choice; null when you skipped.")


class VoteSerializer(StrictSerializer):
    side = Text(required=False, max_length=22)
    skip = serializers.BooleanField(required=False)
    heard = serializers.IntegerField(required=False, min_value=0, max_value=2, help_text="How many were played.")

    def validate(self, sent: dict) -> dict:
        if bool(sent.get("side")) == bool(sent.get("skip")):
            raise serializers.ValidationError({"side": "Choose one of the two sides, or skip them."})
        return sent


class GuessedSerializer(serializers.Serializer):
    said = serializers.ChoiceField(choices=Maker.choices)
    right = serializers.BooleanField()
    title = serializers.CharField()
    source = serializers.CharField(help_text="The book it is from; empty for a composer's.")
    composer = serializers.CharField(help_text="Empty for a person's.")
    tune = serializers.CharField(allow_null=True, help_text="The composer's tune, where you may see it.")


class RiddleSerializer(serializers.Serializer):
    id = serializers.CharField()
    abc = serializers.CharField()
    tempo_qpm = serializers.IntegerField()
    guess = GuessedSerializer(allow_null=True, help_text="null until you have guessed.")


class RiddleAskedSerializer(serializers.Serializer):
    riddle = RiddleSerializer(allow_null=True, help_text="null while tunes are being laid ready: ask again.")


class GuessSerializer(StrictSerializer):
    said = serializers.ChoiceField(choices=Maker.choices)


class StandingSerializer(serializers.ModelSerializer):
    title = serializers.CharField(help_text="The composer's name for people; empty for all together.")

    class Meta:
        model = Standing
        fields = ("kind", "composer", "title", "value", "low", "high", "count", "hits")
        extra_kwargs = {
            "value": {"help_text": "Bradley-Terry strength, or the share that was taken for the other."},
            "low": {"help_text": "The lower end of the interval of 95 %."},
            "high": {"help_text": "Its upper end."},
            "count": {"help_text": "How many choices or guesses it rests on."},
            "hits": {"help_text": "How many of those were for it, or mistaken."},
        }


class RankingSerializer(serializers.Serializer):
    made = serializers.DateTimeField(allow_null=True)
    standings = StandingSerializer(many=True, help_text="Composers, strongest first.")
    fooled = StandingSerializer(many=True, help_text="How often people were fooled: all together, then by composer.")
