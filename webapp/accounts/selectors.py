"""Every read of accounts."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import Http404

from webapp.accounts.models import Profile


def profile_of(user: AbstractBaseUser) -> Profile | None:
    """The profile of somebody signed in; it comes with its user, so that asking for either costs one question."""
    if not user.is_authenticated:
        return None
    profile = Profile.objects.filter(user_id=user.pk).first()
    if profile is not None:
        profile.user = user
    return profile


def maker_for(slug: str) -> Profile:
    """The maker whose page this is; an account that was closed by staff has none."""
    profile = Profile.objects.select_related("user").filter(slug=slug, user__is_active=True).first()
    if profile is None:
        raise Http404("There is no such maker.")
    return profile
