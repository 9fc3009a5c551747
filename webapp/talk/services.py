"""Every write of talk: comments, follows, and notices being read."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from webapp.accounts.models import Profile
from webapp.gallery.entries import COMMENT
from webapp.gallery.services import entries_refresh, tune_cool, tune_warm
from webapp.moderation.blocking import NO_COOKIE, refuse_blocked
from webapp.talk.access import live, may_talk
from webapp.talk.models import LONGEST_COMMENT, Comment, Follow, Notice
from webapp.talk.noticing import comment_tell
from webapp.talk.words import clean_words
from webapp.tunes.listeners import Listener
from webapp.tunes.models import Tune
from webapp.tunes.services import NotAllowed

COMMENTS_PER_MINUTE = 10
KEPT_AFTER_READING = timedelta(days=90)


class TooManyComments(Exception):
    """The sentence is for the page that the words come back on."""

    def __init__(self) -> None:
        super().__init__("Those were many comments in a minute. Your words are still here; send them a little later.")


@transaction.atomic
def comment_write(*, tune: Tune, listener: Listener, text: str, reply_to: Comment | None = None) -> Comment:
    """Raises WordsError for text that cannot be kept. The second tap of a double tap gives the first one's comment."""
    if listener.profile is None or not may_talk(listener, tune):
        raise NotAllowed
    refuse_blocked(listener)
    if reply_to is not None and not _answerable(tune).select_for_update(no_key=True).filter(pk=reply_to.pk).exists():
        raise NotAllowed("What you answer is not there any more.")
    text = clean_words(text, LONGEST_COMMENT)
    for recent in _latest(listener.profile):
        if (recent.tune_id, recent.parent_id, recent.text) == (tune.pk, reply_to and reply_to.pk, text):
            return recent
    comment = Comment.objects.create(tune=tune, author=listener.profile, parent=reply_to, text=text)
    comment_tell(comment=comment)
    _warm(comment, listener)
    entries_refresh(tunes=[tune.pk])
    return comment


def _warm(comment: Comment, listener: Listener) -> None:
    """The first word of somebody else makes a tune trend; whoever says ten things says them for themselves.

    After the comment is written: ratings, too, lock a tune first and its row in the gallery then.
    """
    others = comment.tune.comments.filter(author=listener.profile).exclude(pk=comment.pk)
    if comment.tune.maker != listener.key and not others.exists():
        tune_warm(tune=comment.tune_id, weight=COMMENT)


def _answerable(tune: Tune) -> QuerySet[Comment]:
    """One level: an answer is not answered."""
    return tune.comments.filter(live(), parent=None)


def _latest(author: Profile) -> list[Comment]:
    """The last minute's. Counted under the author's lock, so that ten at the same moment are ten."""
    Profile.objects.select_for_update(no_key=True).get(pk=author.pk)
    latest = list(Comment.objects.filter(author=author, created__gt=timezone.now() - timedelta(minutes=1)))
    if len(latest) >= COMMENTS_PER_MINUTE:
        raise TooManyComments
    return latest


@transaction.atomic
def comment_edit(*, comment: Comment, listener: Listener, text: str) -> None:
    """What the staff have taken out of sight stays as it was."""
    if not _is_own(comment, listener) or comment.deleted:
        raise NotAllowed
    if comment.hidden:
        raise NotAllowed("Our staff have taken this comment down. You can delete it, but not change it.")
    refuse_blocked(listener)
    text = clean_words(text, LONGEST_COMMENT)
    if text == comment.text:
        return
    comment.text, comment.edited = text, timezone.now()
    comment.save(update_fields=["text", "edited"])
    entries_refresh(tunes=[comment.tune_id])


@transaction.atomic
def comment_delete(*, comment: Comment, listener: Listener) -> None:
    """Gone, unless replies hang on it: then a place is kept that says so."""
    if not _is_own(comment, listener) or comment.deleted:
        raise NotAllowed
    tune = comment.tune_id
    comment_clear(comment=comment)
    tune_cool(tune=tune)
    entries_refresh(tunes=[tune])


@transaction.atomic
def comment_clear(*, comment: Comment) -> None:
    """Takes a comment away, and the empty place it hung on where it was the last there."""
    list(Comment.objects.select_for_update().filter(pk=comment.thread_id))  # an answer may be on its way
    if comment.replies.exists():
        Comment.objects.filter(pk=comment.pk).update(text="", deleted=True)
        Notice.objects.filter(comment=comment).delete()
        return
    comment.delete()
    Comment.objects.filter(pk=comment.parent_id, deleted=True, replies=None).delete()


def _is_own(comment: Comment, listener: Listener) -> bool:
    return listener.profile is not None and comment.author_id == listener.profile.pk


@transaction.atomic
def maker_follow(*, maker: Profile, listener: Listener, follow: bool) -> None:
    """Following twice changes nothing, and nobody follows themselves."""
    if not follow:
        Follow.objects.filter(maker=maker, listener=listener.key).delete()
    elif maker.key == listener.key:
        raise NotAllowed("These are your own tunes; there is nothing to follow.")
    elif not listener.known:
        raise NotAllowed(NO_COOKIE)
    else:
        Follow.objects.get_or_create(maker=maker, listener=listener.key)


def notices_read(*, listener: Listener) -> None:
    Notice.objects.filter(listener=listener.key, read=None).update(read=timezone.now())


def notices_forget() -> int:
    """What was read long ago is told to nobody any more. A task of the night."""
    return Notice.objects.filter(read__lt=timezone.now() - KEPT_AFTER_READING).delete()[0]


@transaction.atomic
def follows_adopt(*, old_key: str, profile: Profile) -> None:
    """Whom a browser followed, the account follows; nobody follows themselves."""
    own = Follow.objects.filter(listener=profile.key).values("maker_id")
    Follow.objects.filter(Q(maker_id__in=own) | Q(maker=profile), listener=old_key).delete()
    Follow.objects.filter(listener=old_key).update(listener=profile.key)


def notices_adopt(*, old_key: str, profile: Profile) -> None:
    Notice.objects.filter(listener=old_key).update(listener=profile.key)
