"""What becomes of a tune once it is there: its name, its words and tags, who sees it, and its deletion with undo."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from webapp.gallery.services import entries_refresh
from webapp.moderation.blocking import refuse_blocked
from webapp.talk.noticing import tune_tell
from webapp.tunes.abc_headers import retitled
from webapp.tunes.access import Verb, may
from webapp.tunes.listeners import Listener
from webapp.tunes.models import Tag, Tune, Visibility
from webapp.tunes.services import NotAllowed

KEPT_AFTER_DELETING = timedelta(days=30)


@transaction.atomic
def tune_show(*, tune: Tune, listener: Listener, visibility: Visibility) -> None:
    """Decides who sees a tune. Only a finished one can be shown to everybody."""
    public = visibility == Visibility.PUBLIC
    if not may(listener, Verb.CHANGE, tune) or (public and not tune.is_ready):
        raise NotAllowed
    if public:
        refuse_blocked(listener)
    tune.visibility = visibility
    tune.save(update_fields=["visibility"])
    if public and _published_first(tune):
        tune_tell(tune=tune)
    entries_refresh(tunes=[tune.pk])


def _published_first(tune: Tune) -> bool:
    """Whether this is the moment; of two taps at once, one."""
    now = timezone.now()
    first = Tune.objects.filter(pk=tune.pk, published=None).update(published=now) == 1
    if first:
        tune.published = now
    return first


@transaction.atomic
def tune_describe(
    *,
    tune: Tune,
    listener: Listener,
    title: str | None = None,
    description: str | None = None,
    tags: Sequence[str] | None = None,
) -> None:
    """Sets what is not None. The texts were checked by a form; tags are words in small letters."""
    if not may(listener, Verb.CHANGE, tune) or not tune.is_ready:
        raise NotAllowed
    if tune.visibility == Visibility.PUBLIC:
        refuse_blocked(listener)
    if title is not None:
        # The name stands in the music too, so that the file and the printed sheet carry it.
        tune.title, tune.abc = title, retitled(tune.abc, title)
    if description is not None:
        tune.description = description
    tune.save(update_fields=["title", "abc", "description"])
    if tags is not None:
        # In order, so that two who bring the same new words at once wait for one another instead of for ever.
        tune.tags.set([Tag.objects.get_or_create(name=name)[0] for name in sorted(tags)])
    entries_refresh(tunes=[tune.pk])


@transaction.atomic
def tune_delete(*, tune: Tune, listener: Listener) -> None:
    """Out of everybody's sight at once, and gone for good when its maker has not undone it in time."""
    if not may(listener, Verb.CHANGE, tune):
        raise NotAllowed
    tune.deleted = timezone.now()
    tune.save(update_fields=["deleted"])
    entries_refresh(tunes=[tune.pk])


@transaction.atomic
def tune_undelete(*, tune: Tune, listener: Listener) -> None:
    if not may(listener, Verb.UNDO, tune):
        raise NotAllowed
    tune.deleted = None
    tune.save(update_fields=["deleted"])
    entries_refresh(tunes=[tune.pk])


def tunes_purge() -> int:
    """Ends the time for undoing. A task of the night."""
    gone = Tune.objects.filter(deleted__lt=timezone.now() - KEPT_AFTER_DELETING)
    return gone.delete()[0]
