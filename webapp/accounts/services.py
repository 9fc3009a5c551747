"""Every write of accounts."""

from __future__ import annotations

import secrets

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from webapp.accounts.models import LONGEST_NAME, Profile

TRIES = 5


def profile_create(*, user: User, name: str = "") -> Profile:
    """A page's address is made of the name once, and stays when the name changes, so that links hold."""
    name = (name or user.get_full_name() or "A new maker").strip()[:LONGEST_NAME]
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                return Profile.objects.create(user=user, name=name, slug=_free_slug(name))
        except IntegrityError:
            continue  # somebody of the same name was faster
    return Profile.objects.create(user=user, name=name, slug=secrets.token_hex(8))


def _free_slug(name: str) -> str:
    slug = slugify(name)[:60] or "maker"
    taken = Profile.objects.filter(slug=slug).exists()
    return f"{slug}-{secrets.token_hex(3)}" if taken else slug
