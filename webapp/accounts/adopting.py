"""What was composed and rated in a browser before signing up becomes the account's."""

from __future__ import annotations

from django.db import transaction

from webapp.accounts.models import Profile
from webapp.duels.services import votes_adopt
from webapp.gallery.services import entries_refresh
from webapp.moderation.adopting import blocks_adopt, reports_adopt
from webapp.ratings.services import favourites_adopt, ratings_adopt
from webapp.talk.services import follows_adopt, notices_adopt
from webapp.tunes.models import Tune, Visibility

ADOPTS = (ratings_adopt, favourites_adopt, follows_adopt, notices_adopt, reports_adopt, blocks_adopt, votes_adopt)


@transaction.atomic
def listener_adopt(*, key: str, profile: Profile) -> int:
    """Moves all that is kept under a browser's key to the account's; says how many tunes came along."""
    if key == profile.key:
        return 0
    for adopt in ADOPTS:
        adopt(old_key=key, profile=profile)
    return _tunes_adopt(key, profile)


def _tunes_adopt(key: str, profile: Profile) -> int:
    """Also those that are waiting or being composed: a worker writes by its claim, and never whose a tune is."""
    tunes = Tune.objects.filter(maker=key, owner=None)
    shown = list(tunes.filter(visibility=Visibility.PUBLIC).values_list("pk", flat=True))
    count = tunes.update(maker=profile.key, owner=profile)
    entries_refresh(tunes=shown)
    return count
