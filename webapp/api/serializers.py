"""JSON faces of briefs and tunes."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from generator import FORMS, GIVEN_TASKS, METERS, MODES, RHYTHMS, TRADITIONS
from webapp.tunes.givens import LONGEST_ABC
from webapp.tunes.models import Status, Tune


def _free(field: type[serializers.Field], told: str, **options: object) -> serializers.Field:
    return field(allow_null=True, required=False, help_text=told, **options)


class ConditionsSerializer(serializers.Serializer):
    """What a tune is asked to be; null or absent is free."""

    key = _free(serializers.CharField, "The tonic, as in D or Bb.")
    mode = _free(serializers.CharField, f"{', '.join(MODES)}.")
    meter = _free(serializers.CharField, f"{', '.join(METERS)}.")
    rhythm = _free(serializers.CharField, f"The dance: {', '.join(RHYTHMS)}.")
    bars = _free(serializers.IntegerField, "Full measures as written, repeats not unfolded.")
    form = _free(serializers.CharField, f"The parts: {', '.join(FORMS)}.")
    tempo_qpm = _free(serializers.IntegerField, "Quarter notes a minute.")
    density = _free(serializers.FloatField, "How busy, 0 to 1, among known tunes of that dance.")
    register = _free(serializers.FloatField, "How high, 0 to 1, likewise.")
    tradition = _free(serializers.CharField, f"{', '.join(TRADITIONS)}.")
    style = _free(serializers.CharField, "A chord style.")
    chords = _free(serializers.ListField, "One for each bar; a bar of two has a comma.", child=serializers.CharField())


@extend_schema_field(ConditionsSerializer)
class SentConditions(serializers.Field):
    """Passed through as sent: whether it makes musical sense is for the generator to say, in its own words."""

    default_error_messages = {"not_a_dict": "Conditions are an object of names and values."}

    def to_internal_value(self, sent: object) -> dict:
        if not isinstance(sent, dict):
            self.fail("not_a_dict")
        return sent

    def to_representation(self, conditions: dict) -> dict:
        return conditions


@extend_schema_field(
    {
        "oneOf": [
            {"type": "array", "items": {"type": "integer", "minimum": 1}},
            {"type": "string", "example": "5-8, 11"},
        ]
    }
)
class BarsField(serializers.Field):
    """Numbers from 1, as a list or as people write them."""


class GivenSerializer(serializers.Serializer):
    """Music that a tune starts from: `abc`, or `tune`, the id of a tune that the caller may see."""

    abc = serializers.CharField(
        required=False, allow_null=True, help_text=f"One tune, at most {LONGEST_ABC} characters."
    )
    tune = serializers.CharField(required=False, allow_null=True)
    task = serializers.ChoiceField(
        choices=[(task, task) for task in GIVEN_TASKS],
        help_text="continue: go on from it until conditions.bars are full. vary: another version of it. "
        "fill: write `bars` anew and keep all else to the letter.",
    )
    bars = BarsField(
        required=False,
        allow_null=True,
        help_text="fill: full measures as written, counted from 1; a second ending goes with the first.",
    )
    strength = serializers.FloatField(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=1,
        help_text="vary: the share of bars written anew, 0.5 when absent.",
    )


@extend_schema_field(GivenSerializer)
class SentGiven(serializers.Field):
    """Passed through as sent, as conditions are."""

    default_error_messages = {"not_a_dict": "Given music is an object with abc or tune, and task."}

    def to_internal_value(self, sent: object) -> dict:
        if not isinstance(sent, dict):
            self.fail("not_a_dict")
        return sent

    def to_representation(self, given: dict) -> dict:
        return given


class _PromptSerializer(serializers.Serializer):
    # Empty and over-long prompts go through: the generator's sentences about them are the ones shown everywhere.
    prompt = serializers.CharField(trim_whitespace=False, allow_blank=True)
    seed = serializers.IntegerField(required=False, allow_null=True)
    conditions = SentConditions(required=False, allow_null=True)
    feeling = serializers.ListField(
        child=serializers.FloatField(),
        min_length=2,
        max_length=2,
        required=False,
        allow_null=True,
        help_text="Valence and arousal, each -1 to 1, where they are not to be taken from the prompt.",
    )


class TuneRequestSerializer(_PromptSerializer):
    prompt = serializers.CharField(
        trim_whitespace=False, allow_blank=True, required=False, help_text="May be absent where music is given."
    )
    given = SentGiven(required=False, allow_null=True)
    composer = serializers.CharField(required=False, allow_null=True)
    temperature = serializers.FloatField(required=False, allow_null=True)


class InterpretRequestSerializer(_PromptSerializer):
    pass


class HarmoniseRequestSerializer(serializers.Serializer):
    # The music goes through: the generator's sentences about it are the ones shown everywhere.
    abc = serializers.CharField(trim_whitespace=False, allow_blank=True, help_text="One tune in ABC.")
    style = serializers.CharField(
        required=False, allow_null=True, help_text="A chord style, as in conditions; absent: what fits the melody best."
    )


class HarmonisedSerializer(serializers.Serializer):
    abc = serializers.CharField()


class AcceptedSerializer(serializers.ModelSerializer):
    status = serializers.ChoiceField(choices=Status.choices)
    url = serializers.URLField()

    class Meta:
        model = Tune
        fields = ("id", "status", "url")


class KeywordSerializer(serializers.Serializer):
    text = serializers.CharField()
    negated = serializers.BooleanField()
    intensity = serializers.FloatField()


class StyleSerializer(serializers.Serializer):
    name = serializers.CharField()
    progression = serializers.ListField(child=serializers.CharField())
    score = serializers.FloatField()


class InterpretationSerializer(serializers.Serializer):
    keywords = KeywordSerializer(many=True)
    valence = serializers.FloatField()
    arousal = serializers.FloatField()
    language = serializers.CharField()
    styles = StyleSerializer(many=True)
    conditions = ConditionsSerializer()


class ComposerSerializer(serializers.Serializer):
    name = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    menu = serializers.CharField(help_text="The same in one sentence.")
    kind = serializers.ChoiceField(
        choices=("tune", "text", "piece", "chords"),
        help_text="tune: one melody under the rules of bars and form. text: letters of ABC, which need not be a tune. "
        "piece: several voices that were MIDI first. chords: chords alone.",
    )
    takes = serializers.ListField(
        child=serializers.CharField(), help_text="The conditions that it can be asked for; others are refused with 400."
    )
    hears = serializers.BooleanField(help_text="Whether the feeling of a prompt reaches it.")
    mends = serializers.CharField(help_text="The faithful composer whose fault it mends; empty for the others.")
    parameters = serializers.IntegerField()
    trained_on = serializers.CharField()
    bits_per_character = serializers.FloatField(allow_null=True)
    checkpoint = serializers.CharField()


class ErrorDetailSerializer(serializers.Serializer):
    code = serializers.CharField()
    message = serializers.CharField()
    fields = serializers.DictField(child=serializers.CharField())


class ErrorSerializer(serializers.Serializer):
    error = ErrorDetailSerializer()
