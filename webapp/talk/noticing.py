"""Who hears of what. Nobody hears of what they did themselves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from webapp.gallery.entries import REMIX
from webapp.gallery.services import tune_warm
from webapp.talk.models import Comment, Notice
from webapp.tunes.models import Tune

Kind = Notice.Kind
AT_ONCE = 1000


def tune_tell(*, tune: Tune) -> None:
    """A tune is public for the first time: its maker's followers hear of it, and whose tune it came from."""
    source = tune.parent.maker if tune.parent else None
    if source not in (None, tune.maker):
        tune_warm(tune=tune.parent_id, weight=REMIX)
        Notice.objects.create(listener=source, kind=Kind.REMIX, tune=tune, actor=tune.owner)
    followers = (key for key in _followers(tune) if key not in (source, tune.maker))
    notices = (Notice(listener=key, kind=Kind.TUNE, tune=tune, actor=tune.owner) for key in followers)
    while part := list(islice(notices, AT_ONCE)):
        Notice.objects.bulk_create(part)


def _followers(tune: Tune) -> Iterator[str]:
    if tune.owner is None:
        return iter(())
    return tune.owner.followers.values_list("listener", flat=True).iterator(chunk_size=AT_ONCE)


def comment_tell(*, comment: Comment) -> None:
    """Whoever is answered hears of the answer; the tune's maker hears of everything said there."""
    told = {comment.author.key}
    thread = comment.parent
    if thread and thread.author and thread.author.key not in told:
        _tell(thread.author.key, Kind.REPLY, comment)
        told.add(thread.author.key)
    if comment.tune.maker not in told:
        _tell(comment.tune.maker, Kind.COMMENT, comment)


def _tell(key: str, kind: Kind, comment: Comment) -> None:
    Notice.objects.create(listener=key, kind=kind, tune=comment.tune, comment=comment, actor=comment.author)
