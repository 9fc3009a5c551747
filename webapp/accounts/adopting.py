"""What was composed and rated in a browser before signing up becomes the account's."""

from __future__ import annotations

from django.db import transaction

from webapp.accounts.models import Profile
from webapp.ratings.services import ratings_adopt
from webapp.tunes.models import Tune


@transaction.atomic
def listener_adopt(*, key: str, profile: Profile) -> int:
    """Moves all that is kept under a browser's key to the account's; says how many tunes came along."""
    if key == profile.key:
        return 0
    ratings_adopt(old_key=key, profile=profile)
    return Tune.objects.filter(maker=key, owner=None).update(maker=profile.key, owner=profile)
