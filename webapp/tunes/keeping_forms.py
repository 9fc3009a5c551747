"""Forms about a tune that is there."""

from __future__ import annotations

from django import forms

from webapp.plain_text import plain_line, plain_lines
from webapp.tunes.models import LONGEST_DESCRIPTION, LONGEST_TAG, LONGEST_TITLE, Visibility

MOST_TAGS = 12


class VisibilityForm(forms.Form):
    visibility = forms.ChoiceField(choices=Visibility.choices)


class DescribeForm(forms.Form):
    title = forms.CharField(max_length=LONGEST_TITLE, error_messages={"required": "Give it a name."})
    description = forms.CharField(max_length=LONGEST_DESCRIPTION, required=False, widget=forms.Textarea)
    tags = forms.CharField(max_length=(LONGEST_TAG + 2) * MOST_TAGS, required=False)

    def clean_title(self) -> str:
        return title_of_words(self.cleaned_data["title"])

    def clean_description(self) -> str:
        return description_of_words(self.cleaned_data["description"])

    def clean_tags(self) -> list[str]:
        return tags_of(self.cleaned_data["tags"])


def title_of_words(text: str) -> str:
    """One line: a line break would start another field of the ABC text. Raises ValidationError."""
    if title := plain_line(text):
        return shorter(title, LONGEST_TITLE)
    raise forms.ValidationError("Give it a name.")


def description_of_words(text: str) -> str:
    return shorter(plain_lines(text), LONGEST_DESCRIPTION)


def shorter(text: str, longest: int) -> str:
    """Measured as it is kept, which may be longer than what was sent. Raises ValidationError."""
    if len(text) > longest:
        raise forms.ValidationError(f"Use at most {longest:,} characters.")
    return text


def tags_of(text: str) -> list[str]:
    """Words between commas, in small letters, each once. Raises ValidationError."""
    names = [plain_line(word).lower() for word in text.replace("#", ",").split(",")]
    names = list(dict.fromkeys(name for name in names if name))
    if len(names) > MOST_TAGS:
        raise forms.ValidationError(f"Use at most {MOST_TAGS} tags.")
    if too_long := next((name for name in names if len(name) > LONGEST_TAG), None):
        raise forms.ValidationError(f"“{too_long[:20]}…” is too long for a tag: use at most {LONGEST_TAG} characters.")
    return names
