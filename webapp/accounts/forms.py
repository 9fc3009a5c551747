"""Forms of accounts. allauth's own are worded our way: the label says what to type, so nothing stands in the field."""

from __future__ import annotations

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse

from webapp.accounts.models import LONGEST_ABOUT, LONGEST_NAME, Profile
from webapp.plain_text import plain_line, plain_lines

LABELS = {
    "login": "E-mail address",
    "email": "E-mail address",
    "password": "Password",
    "remember": "Stay signed in on this computer",
    "oldpassword": "Current password",
    "code": "Code",
}
GOOD_PASSWORD = "At least eight characters. A few words in a row are easy to remember and hard to guess."  # noqa: S105


class OurWords:
    """For a form of allauth: our labels, no words inside the fields, one sentence on passwords."""

    labels: dict[str, str] = {}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = (LABELS | self.labels).get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            if name == "password1":
                field.help_text = GOOD_PASSWORD
            if name == "code":
                field.widget.attrs["inputmode"] = "numeric"


class NameField(forms.CharField):
    def __init__(self, **options: object) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "nickname"})
        said = {"required": "Write a name that others can see."}
        super().__init__(
            label="Name for others to see", max_length=LONGEST_NAME, widget=widget, error_messages=said, **options
        )

    def to_python(self, value: object) -> str:
        # Before it is measured; signs that nobody sees do not count. NUL stays to be refused.
        text = super().to_python(value)
        return text if "\0" in text else plain_line(text)


class SignupForm(OurWords, account.SignupForm):
    """A name for others to see, beside the address and the password that they never see."""

    labels = {"password1": "Password"}
    name = NameField()
    field_order = ["name", "email", "password1"]

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        if self.account_already_exists:
            # Takes as long as it does for a new account, so that the clock tells nothing either.
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)


class LoginForm(OurWords, account.LoginForm):
    pass


class AddEmailForm(OurWords, account.AddEmailForm):
    labels = {"email": "New address"}


class ChangePasswordForm(OurWords, account.ChangePasswordForm):
    labels = {"password1": "New password", "password2": "New password once more"}


class SetPasswordForm(OurWords, account.SetPasswordForm):
    labels = {"password1": "Password", "password2": "Password once more"}


class ResetPasswordForm(OurWords, account.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(OurWords, account.ResetPasswordKeyForm):
    labels = {"password1": "New password", "password2": "New password once more"}


class ReauthenticateForm(OurWords, account.ReauthenticateForm):
    pass


class SecondFactorForm(OurWords, mfa.AuthenticateForm):
    pass


class SecondFactorAgainForm(OurWords, mfa.ReauthenticateForm):
    pass


class ActivateForm(OurWords, totp.ActivateTOTPForm):
    labels = {"code": "The six figures"}


class ProfileForm(forms.ModelForm):
    name = NameField()
    about = forms.CharField(
        label="About you",
        required=False,
        max_length=LONGEST_ABOUT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"For your page, up to {LONGEST_ABOUT} characters.",
    )
    starts_as = forms.ChoiceField(
        label="A new tune starts as",
        widget=forms.RadioSelect,
        choices=[
            (Profile.StartsAs.UNLISTED, "unlisted: whoever has its link can hear it"),
            (Profile.StartsAs.PRIVATE, "private: yours alone"),
            (Profile.StartsAs.DRAFT, "a draft: yours alone, and kept apart as unfinished"),
        ],
    )

    class Meta:
        model = Profile
        fields = ("name", "about", "starts_as")

    def clean_about(self) -> str:
        return plain_lines(self.cleaned_data["about"])


class LeavingForm(forms.Form):
    KEEP, DELETE = "keep", "delete"
    tunes = forms.ChoiceField(
        label="Your tunes",
        widget=forms.RadioSelect,
        choices=[
            (KEEP, "stay, without your name: public tunes in the gallery, unlisted ones for whoever has the link"),
            (DELETE, "are deleted, all of them, with what others said about your tunes"),
        ],
        error_messages={"required": "Say what is to become of your tunes.", "invalid_choice": "Choose one of the two."},
    )
