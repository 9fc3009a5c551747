"""The form of a new token."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone

from webapp.api.models import LONGEST_NAME, Token
from webapp.plain_text import plain_line
from webapp.tunes.keeping_forms import shorter

NEVER = ""
LASTS = (("30", "for 30 days"), ("90", "for 90 days"), ("365", "for a year"), (NEVER, "until I revoke it"))


class TokenForm(forms.Form):
    name = forms.CharField(max_length=LONGEST_NAME, error_messages={"required": "Say what it is for."})
    scopes = forms.ChoiceField(
        choices=Token.Scopes.choices,
        initial=Token.Scopes.READ,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it may do.", "invalid_choice": "Choose what it may do."},
    )
    lasts = forms.ChoiceField(
        choices=LASTS, initial="90", required=False, error_messages={"invalid_choice": "Choose how long it lasts."}
    )

    def clean_name(self) -> str:
        if name := plain_line(self.cleaned_data["name"]):
            return shorter(name, LONGEST_NAME)
        raise forms.ValidationError("Say what it is for.")

    @property
    def expires(self) -> datetime | None:
        days = self.cleaned_data["lasts"]
        return timezone.now() + timedelta(days=int(days)) if days else None
