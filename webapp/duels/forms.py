"""What a listener sends from the pages of duels."""

from __future__ import annotations

from django import forms

from generator import RHYTHMS


class AskForm(forms.Form):
    rhythm = forms.ChoiceField(
        choices=[("", "any dance"), *((name, name) for name in RHYTHMS)],
        required=False,
        error_messages={"invalid_choice": "There is no such dance here; choose one from the list."},
    )


class ChooseForm(forms.Form):
    """Which side, by its token; none skips. How many were played is told by a script and may be missing."""

    side = forms.CharField(required=False, max_length=22)
    skip = forms.BooleanField(required=False)
    heard = forms.IntegerField(required=False, min_value=0, max_value=2)

    def clean(self) -> dict:
        cleaned = super().clean()
        if bool(cleaned.get("side")) == bool(cleaned.get("skip")):
            raise forms.ValidationError("Choose one of the two tunes on the page, or skip them.")
        return cleaned
