"""What allauth asks us: who a new user is to others, and what becomes theirs when they sign in."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import User
from django.forms import Form
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:
        # The profile is made of it when the user is saved.
        user.first_name = form.cleaned_data.get("name", "")
        return super().save_user(request, user, form, commit)
