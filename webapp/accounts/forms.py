"""Forms of accounts."""

from __future__ import annotations

from allauth.account.forms import SignupForm as EmailSignupForm
from django import forms

from webapp.accounts.models import LONGEST_NAME


class SignupForm(EmailSignupForm):
    """A name for others to see, beside the address and the password that they never see."""

    name = forms.CharField(
        label="Name for others to see",
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    field_order = ["name", "email", "password1"]
