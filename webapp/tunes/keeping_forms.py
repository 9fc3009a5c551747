"""Forms about a tune that is there."""

from __future__ import annotations

import re
import unicodedata

from django import forms

from webapp.tunes.models import LONGEST_DESCRIPTION, LONGEST_TAG, LONGEST_TITLE, Visibility

MOST_TAGS = 12
_LINE_BREAKS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


class VisibilityForm(forms.Form):
    visibility = forms.ChoiceField(choices=Visibility.choices)


class DescribeForm(forms.Form):
    title = forms.CharField(max_length=LONGEST_TITLE, error_messages={"required": "Give it a name."})
    description = forms.CharField(max_length=LONGEST_DESCRIPTION, required=False, widget=forms.Textarea)
    tags = forms.CharField(max_length=(LONGEST_TAG + 2) * MOST_TAGS, required=False)

    def clean_title(self) -> str:
        """One line: a line break would start another field of the ABC text."""
        if title := plain_line(self.cleaned_data["title"]):
            return title
        raise forms.ValidationError("Give it a name.")

    def clean_tags(self) -> list[str]:
        return tags_of(self.cleaned_data["tags"])


def plain_line(text: str) -> str:
    return _LINE_BREAKS.sub(" ", unicodedata.normalize("NFC", text)).strip()


def tags_of(text: str) -> list[str]:
    """Words between commas, in small letters, each once. Raises ValidationError."""
    names = [" ".join(plain_line(word).lower().split()) for word in text.replace("#", ",").split(",")]
    names = list(dict.fromkeys(name for name in names if name))
    if len(names) > MOST_TAGS:
        raise forms.ValidationError(f"Use at most {MOST_TAGS} tags.")
    if too_long := next((name for name in names if len(name) > LONGEST_TAG), None):
        raise forms.ValidationError(f"“{too_long[:20]}…” is too long for a tag: use at most {LONGEST_TAG} characters.")
    return names
