"""What moderation keeps under a browser's key, when its listener signs in."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from webapp.accounts.models import Profile
from webapp.moderation.models import Block, Report


@transaction.atomic
def reports_adopt(*, old_key: str, profile: Profile) -> None:
    """A browser's reports become the account's, an open one on the same thing giving way; those against it follow."""
    own = Report.objects.filter(listener=profile.key, closed=None)
    doubled = Q(tune__in=own.values("tune")) | Q(comment__in=own.values("comment"))
    Report.objects.filter(doubled, listener=old_key, closed=None).delete()
    Report.objects.filter(listener=old_key).update(listener=profile.key)
    Report.objects.filter(against=old_key).update(against=profile.key)


@transaction.atomic
def blocks_adopt(*, old_key: str, profile: Profile) -> None:
    """A blocked browser's new account is blocked too. One that is older than the block is somebody's who shares it."""
    block = Block.objects.filter(key=old_key, created__lt=profile.created).first()
    if block and not profile.user.is_staff:
        kept = {"profile": profile, "reason": block.reason, "by": block.by}
        Block.objects.get_or_create(key=profile.key, defaults=kept)
