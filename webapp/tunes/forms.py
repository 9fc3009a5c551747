"""The front page's form. What is musically sensible is for the generator to say; here its words reach their fields."""

from __future__ import annotations

import json

from django import forms
from django.http import HttpRequest

from generator import BriefError
from webapp.tunes.briefs import CONDITION_NAMES, brief_from
from webapp.tunes.services import new_seed

TEXT_CONDITIONS = ("key", "mode", "meter", "rhythm", "form", "tradition", "style")


def tap_of(request: HttpRequest) -> str:
    """What two taps of a double tap have in common: the page's token and everything sent with it.

    Not the token alone: a page come back to by the browser's Back still carries it, and may ask for something else.
    """
    if not request.POST.get("once"):
        return ""
    sent = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    return json.dumps([request.path, sent])


class _Locked(forms.Field):
    """A repeated field of condition names."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: list[str] | None) -> list[str]:
        names = [name for name in value or [] if name]
        if unknown := [name for name in names if name not in CONDITION_NAMES]:
            raise forms.ValidationError(f"There is no condition called {unknown[0][:40]}.")
        return names


class LockedForm(forms.Form):
    locked = _Locked(required=False)


class TuneForm(LockedForm):
    prompt = forms.CharField(required=False, strip=False)
    seed = forms.IntegerField(required=False, error_messages={"invalid": "A seed is a whole number."})
    composer = forms.CharField(required=False)
    temperature = forms.FloatField(required=False, error_messages={"invalid": "A temperature is a number."})
    feeling_v = forms.FloatField(required=False, min_value=-1, max_value=1)
    feeling_a = forms.FloatField(required=False, min_value=-1, max_value=1)
    style = forms.CharField(required=False)
    key = forms.CharField(required=False)
    mode = forms.CharField(required=False)
    meter = forms.CharField(required=False)
    rhythm = forms.CharField(required=False)
    bars = forms.IntegerField(required=False, error_messages={"invalid": "Bars are a whole number."})
    form = forms.CharField(required=False)
    tempo_qpm = forms.IntegerField(required=False, error_messages={"invalid": "A tempo is a whole number of beats."})
    tradition = forms.CharField(required=False)
    once = forms.CharField(required=False, max_length=64)

    def clean(self) -> dict:
        cleaned = super().clean()
        try:
            self.brief, self.feeling = brief_from(self._sent(cleaned), seed=new_seed())
        except BriefError as error:
            for field, message in error.fields.items():
                # A field that is already in error was left out above; its own message is the truer one.
                if field not in self.errors:
                    self.add_error(field if field in self.fields else None, message)
        return cleaned

    def _sent(self, cleaned: dict) -> dict:
        names = (*TEXT_CONDITIONS, "bars", "tempo_qpm")
        feeling = (cleaned.get("feeling_v"), cleaned.get("feeling_a"))
        return {
            **{name: cleaned.get(name) for name in ("prompt", "seed", "composer", "temperature")},
            "conditions": {name: cleaned[name] for name in names if cleaned.get(name) not in (None, "")},
            "feeling": None if None in feeling else feeling,
        }

    def error_messages(self) -> dict[str, str]:
        """One sentence a field, for a page that checks as it is typed in."""
        return {name or "": errors[0] for name, errors in self.errors.items()}
