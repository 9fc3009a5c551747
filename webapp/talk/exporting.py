"""What a listener said, whom they follow and what they were told, as they take it home."""

from __future__ import annotations

from collections.abc import Iterator

from webapp.accounts.exporting import exports
from webapp.talk.models import Comment, Follow, Notice
from webapp.tunes.listeners import Listener

AT_ONCE = 500


@exports("comments.json")
def comments(listener: Listener) -> Iterator[dict]:
    if listener.profile is None:
        return
    mine = Comment.objects.filter(author=listener.profile, deleted=False).order_by("created", "pk")
    for comment in mine.iterator(AT_ONCE):
        row = {name: getattr(comment, name) for name in ("id", "text", "created", "edited", "hidden")}
        yield row | {"tune": comment.tune_id, "reply_to": comment.parent_id}


@exports("following.json")
def follows(listener: Listener) -> Iterator[dict]:
    mine = Follow.objects.filter(listener=listener.key).select_related("maker").order_by("created", "pk")
    for follow in mine.iterator(AT_ONCE):
        yield {"maker": follow.maker.name, "page": follow.maker.get_absolute_url(), "since": follow.created}


@exports("notices.json")
def notices(listener: Listener) -> Iterator[dict]:
    for notice in Notice.objects.filter(listener=listener.key).order_by("created", "pk").iterator(AT_ONCE):
        row = {name: getattr(notice, name) for name in ("kind", "created", "read")}
        yield row | {"tune": notice.tune_id, "comment": notice.comment_id}
