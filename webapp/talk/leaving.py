"""What becomes of the words of somebody who leaves."""

from __future__ import annotations

from webapp.accounts.leaving import Leaver, on_leaving
from webapp.gallery.services import entries_refresh
from webapp.talk.models import Comment, Follow, Notice
from webapp.talk.services import comment_clear


@on_leaving
def words_go(leaver: Leaver) -> None:
    """Where others have answered, the place of a comment stays, without its words."""
    mine = list(Comment.objects.filter(author=leaver.profile, deleted=False).select_related("parent").order_by("-pk"))
    for comment in mine:
        comment_clear(comment=comment)
    entries_refresh(tunes=sorted({comment.tune_id for comment in mine}))


@on_leaving
def follows_go(leaver: Leaver) -> None:
    Follow.objects.filter(listener=leaver.key).delete()
    Notice.objects.filter(listener=leaver.key).delete()
    Notice.objects.filter(actor=leaver.profile).delete()  # others' notices, which would tell of nobody
