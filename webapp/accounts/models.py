"""Who an account is to others: a name, a page, and the key under which everything of theirs is kept."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

LONGEST_NAME = 60
LONGEST_ABOUT = 500


def new_key() -> str:
    """Stands wherever a browser's own random key stands for somebody without an account."""
    return f"account-{secrets.token_urlsafe(16)}"


class Profile(models.Model):
    class StartsAs(models.TextChoices):
        UNLISTED = "unlisted"
        PRIVATE = "private"
        DRAFT = "draft"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile")
    key = models.CharField(max_length=64, unique=True, default=new_key, editable=False)
    name = models.CharField(max_length=LONGEST_NAME)
    slug = models.SlugField(max_length=80, unique=True)
    about = models.CharField(max_length=LONGEST_ABOUT, blank=True)
    starts_as = models.CharField(max_length=10, choices=StartsAs.choices, default=StartsAs.UNLISTED)
    created = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("maker", args=[self.slug])
