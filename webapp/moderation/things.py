"""A tune or a comment as moderation sees it: whose it is, and how to tell of it after it is gone."""

from __future__ import annotations

from webapp.accounts.models import Profile
from webapp.moderation.models import LONGEST_ABOUT
from webapp.talk.models import Comment
from webapp.tunes.models import Tune


def about(thing: Tune | Comment) -> str:
    if isinstance(thing, Comment):
        return f"{thing.author.name if thing.author else 'Somebody who left'}: {thing.text}"[:LONGEST_ABOUT]
    by = f", by {thing.owner.name}" if thing.owner else ""
    return f"“{thing.title}”{by} ({thing.pk})"[:LONGEST_ABOUT]


def key_of(thing: Tune | Comment) -> str:
    """Whose it is; "" where its author has left."""
    if isinstance(thing, Comment):
        return thing.author.key if thing.author else ""
    return thing.maker


def profile_of_key(key: str) -> Profile | None:
    return Profile.objects.select_related("user").filter(key=key).first()
