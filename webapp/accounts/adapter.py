"""What allauth asks us: who a new user is to others, whence a request comes, and how its refusals are worded."""

from __future__ import annotations

import logging
import secrets
from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.contrib.auth.models import User
from django.forms import Form
from django.http import HttpRequest

log = logging.getLogger(__name__)
SENT = "account/messages/email_confirmation_sent.txt"
NOT_SENT = "The letter could not be sent just now. Try again in a few minutes."
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
        # The profile is made of it when the user is saved, and is the one place that keeps it.
        user.maker_name = form.cleaned_data.get("name", "")
        return super().save_user(request, user, form, commit)

    def generate_unique_username(self, texts: list[str | None], regex: str | None = None) -> str:
        """Django wants one. People sign in by their address, so it tells nothing and is never shown."""
        return f"maker-{secrets.token_hex(8)}"

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """A letter that cannot be sent undoes nothing of what it tells; the same is said for any address."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:  # smtplib's own errors are such
            log.exception("A letter could not be sent: %s", template_prefix)
            self.request.letter_failed = True
            self.add_message(self.request, messages.ERROR, message=NOT_SENT)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: object, **kwargs: object
    ) -> None:
        if message_template == SENT and getattr(request, "letter_failed", False):
            return
        super().add_message(request, level, message_template, *args, **kwargs)

    def get_client_ip(self, request: HttpRequest) -> str:
        """For counting attempts, which stay in memory; it is never stored."""
        return request.META.get("REMOTE_ADDR") or NOWHERE


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages: ClassVar = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code is not right, or no longer.",
        "add_email_blocked": "Do without the second factor while you change your address, then set it up again.",
        "unverified_email": "Confirm your address first; then you can set up a second factor.",
    }
