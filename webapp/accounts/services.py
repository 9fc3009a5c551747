"""Every write of accounts."""

from __future__ import annotations

import secrets
from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.text import slugify

from webapp.accounts.models import LONGEST_NAME, Profile
from webapp.gallery.services import entries_refresh
from webapp.moderation.blocking import refuse_blocked
from webapp.plain_text import plain_line
from webapp.tunes.listeners import listener_of_profile
from webapp.tunes.models import Tune, Visibility

TRIES = 5


def profile_create(*, user: User, name: str = "") -> Profile:
    """A page's address is made of the name once, and stays when the name changes, so that links hold."""
    name = plain_line(name or user.get_full_name())[:LONGEST_NAME] or "A new maker"
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                return Profile.objects.create(user=user, name=name, slug=_free_slug(name))
        except IntegrityError:
            continue  # somebody of the same name was faster
    return Profile.objects.create(user=user, name=name, slug=secrets.token_hex(8))


@transaction.atomic
def profile_change(*, profile: Profile, name: str, about: str, starts_as: str) -> None:
    """The texts were checked by a form. Public tunes are found by their maker's name, so they are entered anew."""
    was = Profile.objects.get(pk=profile.pk)
    renamed = was.name != name
    if renamed or was.about != about:
        refuse_blocked(listener_of_profile(profile, address=""))
    profile.name, profile.about, profile.starts_as = name, about, starts_as
    profile.save(update_fields=["name", "about", "starts_as"])
    if renamed:
        shown = Tune.objects.filter(owner=profile, visibility=Visibility.PUBLIC).values_list("pk", flat=True)
        entries_refresh(tunes=list(shown))


def visit_end(*, profile: Profile, visit_id: int) -> None:
    """Signs a browser out from afar. Raises Http404 for one that is not this person's."""
    visit = UserSession.objects.filter(pk=visit_id, user_id=profile.user_id).first()
    if visit is None:
        raise Http404("There is no such visit.")
    visit.end()


def sessions_purge() -> None:
    """Drops what is over: sessions that have run out, and what was noted about them. A task of the night."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def _free_slug(name: str) -> str:
    slug = slugify(name)[:60] or "maker"
    taken = Profile.objects.filter(slug=slug).exists()
    return f"{slug}-{secrets.token_hex(3)}" if taken else slug
