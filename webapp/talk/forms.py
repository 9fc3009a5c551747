"""The box for a comment. What was written in it is never lost: a page that turns it away shows it again."""

from __future__ import annotations

from django import forms

from webapp.talk.models import LONGEST_COMMENT
from webapp.talk.words import WordsError, clean_words


class WordsField(forms.CharField):
    """Plain text; its own sentences in place of Django's."""

    def __init__(self, longest: int, *, may_be_empty: bool = False) -> None:
        super().__init__(required=False, strip=False)
        self.longest, self.may_be_empty = longest, may_be_empty
        # NUL among them: the sentence of clean_words is the clearer one.
        self.validators = []

    def clean(self, value: object) -> str:
        try:
            return clean_words(super().clean(value), self.longest, may_be_empty=self.may_be_empty)
        except WordsError as error:
            raise forms.ValidationError(str(error)) from error


class CommentForm(forms.Form):
    text = WordsField(LONGEST_COMMENT)
    reply_to = forms.IntegerField(required=False)
    comments = forms.CharField(required=False)  # the page of comments it was written on

    status = 422  # of the page it comes back on

    def refuse(self, sentence: str, status: int) -> None:
        self.add_error("text", sentence)
        self.status = status
