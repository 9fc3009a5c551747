"""Makers with accounts that nobody can sign in to."""

from __future__ import annotations

import random

from django.contrib.auth.models import User
from django.utils.text import slugify

from webapp.accounts.models import Profile
from webapp.gallery.seeding.texts import a_person, a_place

BATCH = 2000
FEWEST, MOST = 3, 10_000


def makers_sown(tunes: int, chance: random.Random) -> list[Profile]:
    """One for a hundred tunes."""
    profiles = [_maker(chance) for _ in range(max(FEWEST, min(MOST, tunes // 100)))]
    User.objects.bulk_create([profile.user for profile in profiles], batch_size=BATCH)
    for profile in profiles:
        profile.user_id = profile.user.pk
    return Profile.objects.bulk_create(profiles, batch_size=BATCH)


def _maker(chance: random.Random) -> Profile:
    name, mark = a_person(chance), f"{chance.getrandbits(48):012x}"
    user = User(username=f"made-up-{mark}", password="!")  # noqa: S106 (no password fits this)
    about = f"Plays at the session in {a_place(chance)}." if chance.random() < 0.5 else ""
    return Profile(user=user, key=f"account-made-up-{mark}", name=name, slug=f"{slugify(name)}-{mark}", about=about)
