"""Leaving: the account goes with everything of the person; tunes stay without a name, or go as well.

An app that keeps something under a listener's key adds a module `leaving.py` with a function that removes it, or takes
the person out of it:

    @on_leaving
    def follows_go(leaver: Leaver) -> None:
        Follow.objects.filter(listener=leaver.key).delete()

All run in one transaction, before the user's row is deleted with all that refers to it. Where a figure has to stay
(stars that others see in a mean), it stays under a key that is made for the occasion and leads nowhere.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.db import transaction

from webapp.accounts.models import Profile


@dataclass(frozen=True)
class Leaver:
    profile: Profile
    with_tunes: bool  # they want their tunes deleted

    @property
    def key(self) -> str:
        return self.profile.key

    def nobody(self) -> str:
        """A key that was never anybody's; a new one each time, so that what stays cannot be put together again."""
        return f"nobody-{secrets.token_urlsafe(16)}"


Step = Callable[[Leaver], None]
_steps: list[Step] = []


def on_leaving(step: Step) -> Step:
    _steps.append(step)
    return step


@transaction.atomic
def account_leave(*, profile: Profile, with_tunes: bool) -> None:
    leaver = Leaver(profile, with_tunes)
    for step in _steps:
        step(leaver)
    for visit in UserSession.objects.filter(user=profile.user):
        visit.end()
    profile.user.delete()
