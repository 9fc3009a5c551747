"""The form of a report."""

from __future__ import annotations

from django import forms

from webapp.moderation.models import LONGEST_NOTE, Reason
from webapp.talk.forms import WordsField


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        choices=Reason.choices,
        error_messages={"required": "Choose what is wrong.", "invalid_choice": "Choose what is wrong."},
    )
    note = WordsField(LONGEST_NOTE, may_be_empty=True)
