"""What allauth asks us: who a new user is to others, whence a request comes, and how its refusals are worded."""

from __future__ import annotations

import secrets
from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.models import User
from django.forms import Form
from django.http import HttpRequest

NOWHERE = "0.0.0.0"  # noqa: S104 - a server behind a socket knows no address; nothing is bound to this one


class AccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "This address and password do not belong together.",
        "too_many_login_attempts": "That was tried too often. Wait five minutes, then try again.",
        "rate_limited": "That was tried too often. Wait a few minutes, then try again.",
        "incorrect_password": "That is not your password.",
        "enter_current_password": "That is not your password.",
        "incorrect_code": "This code is not right, or no longer.",
        "duplicate_email": "That is your address already.",
    }

    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:
        # The profile is made of it when the user is saved.
        user.first_name = form.cleaned_data.get("name", "")
        return super().save_user(request, user, form, commit)

    def generate_unique_username(self, texts: list[str | None], regex: str | None = None) -> str:
        """Django wants one. People sign in by their address, so it tells nothing and is never shown."""
        return f"maker-{secrets.token_hex(8)}"

    def get_client_ip(self, request: HttpRequest) -> str:
        """For counting attempts, which stay in memory; it is never stored."""
        return request.META.get("REMOTE_ADDR") or NOWHERE


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages: ClassVar = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code is not right, or no longer.",
        "add_email_blocked": "Do without the second factor while you change your address, then set it up again.",
        "unverified_email": "Confirm your address first; then you can set up a second factor.",
    }
