"""Every write of moderation: reports by listeners, and acts of the staff, each with its line in the log."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from webapp.accounts.models import Profile
from webapp.gallery.services import entries_refresh
from webapp.moderation.blocking import refuse_blocked
from webapp.moderation.models import LONGEST_MODERATOR, LONGEST_NOTE, Act, Block, Outcome, Reason, Report
from webapp.moderation.things import about, key_of, profile_of_key
from webapp.talk.access import may_talk
from webapp.talk.models import Comment, Notice
from webapp.talk.words import clean_words
from webapp.tunes.access import Verb, may
from webapp.tunes.listeners import Listener
from webapp.tunes.models import Tune
from webapp.tunes.services import NotAllowed

REPORTS_PER_HOUR = 20
OWN = "This is yours: change or delete it instead."


class TooManyReports(Exception):
    def __init__(self) -> None:
        super().__init__("Those were many reports in an hour. Thank you; please leave the next one for later.")


@transaction.atomic
def report_write(
    *, listener: Listener, reason: str, text: str = "", tune: Tune | None = None, comment: Comment | None = None
) -> Report:
    """One open report a listener and thing: a second one replaces the words of the first. Raises WordsError."""
    thing = comment or tune
    if not _may_be_reported(listener, thing):
        raise NotAllowed
    if key_of(thing) == listener.key:
        raise NotAllowed(OWN)
    refuse_blocked(listener)
    words = {"reason": Reason(reason), "note": clean_words(text, LONGEST_NOTE, may_be_empty=True)}
    which = {"listener": listener.key, "tune": None if comment else tune, "comment": comment, "closed": None}
    first = words | {"about": about(thing), "against": key_of(thing)}
    if not Report.objects.filter(**which).exists():
        _count_reports(listener)
    return Report.objects.update_or_create(**which, defaults=words, create_defaults=which | first)[0]


def _may_be_reported(listener: Listener, thing: Tune | Comment) -> bool:
    if isinstance(thing, Comment):
        return thing.is_live and may_talk(listener, thing.tune)
    return may(listener, Verb.SEE, thing)


def _count_reports(listener: Listener) -> None:
    hour_ago = timezone.now() - timedelta(hours=1)
    if Report.objects.filter(listener=listener.key, created__gt=hour_ago).count() >= REPORTS_PER_HOUR:
        raise TooManyReports


def hide(*, moderator: User, tune: Tune | None = None, comment: Comment | None = None, note: str = "") -> bool:
    """Out of others' sight. False where it was hidden already."""
    return _set_hidden(moderator, comment or tune, hidden=True, note=note)


def restore(*, moderator: User, tune: Tune | None = None, comment: Comment | None = None, note: str = "") -> bool:
    return _set_hidden(moderator, comment or tune, hidden=False, note=note)


@transaction.atomic
def _set_hidden(moderator: User, thing: Tune | Comment, *, hidden: bool, note: str) -> bool:
    _only_staff(moderator)
    if hidden:
        _close(_open_reports(thing), Outcome.UPHELD)
    changed = type(thing).objects.filter(pk=thing.pk, hidden=not hidden).update(hidden=hidden) == 1
    if not changed:
        return False
    _log(moderator, Act.Verb.HIDE if hidden else Act.Verb.RESTORE, thing, note)
    _tell_maker(thing, Notice.Kind.HIDDEN if hidden else Notice.Kind.RESTORED)
    entries_refresh(tunes=[thing.tune_id if isinstance(thing, Comment) else thing.pk])
    return True


def _tell_maker(thing: Tune | Comment, kind: str) -> None:
    if not (key := key_of(thing)):
        return
    comment = thing if isinstance(thing, Comment) else None
    Notice.objects.create(listener=key, kind=kind, comment=comment, tune=comment.tune if comment else thing)


@transaction.atomic
def dismiss(*, moderator: User, report: Report, note: str = "") -> bool:
    """Nothing is wrong with it: closes every open report on the same thing."""
    _only_staff(moderator)
    thing = report.comment or report.tune
    reports = _open_reports(thing) if thing else Report.objects.filter(pk=report.pk, closed=None)
    if not _close(reports, Outcome.DISMISSED):
        return False
    _write(moderator, Act.Verb.DISMISS, report.about, report.against, note, tune=report.tune, comment=report.comment)
    return True


@transaction.atomic
def block(*, moderator: User, key: str, note: str = "") -> bool:
    """They keep what they have and may leave, and do nothing more that others would see. False: was blocked already."""
    _only_staff(moderator)
    profile = profile_of_key(key)
    if profile and profile.user.is_staff:
        raise NotAllowed("Staff cannot be blocked; take their rights away first.")
    made = {"profile": profile, "reason": note[:LONGEST_NOTE], "by": moderator}
    _, first = Block.objects.get_or_create(key=key, defaults=made)
    if first:
        _write(moderator, Act.Verb.BLOCK, _person(key, profile), key, note)
        Notice.objects.create(listener=key, kind=Notice.Kind.BLOCKED)
    return first


@transaction.atomic
def unblock(*, moderator: User, key: str, note: str = "") -> bool:
    _only_staff(moderator)
    if not Block.objects.filter(key=key).delete()[0]:
        return False
    _write(moderator, Act.Verb.UNBLOCK, _person(key, profile_of_key(key)), key, note)
    Notice.objects.create(listener=key, kind=Notice.Kind.UNBLOCKED)
    return True


def _only_staff(moderator: User) -> None:
    if not (moderator.is_active and moderator.is_staff):
        raise NotAllowed


def _open_reports(thing: Tune | Comment) -> QuerySet[Report]:
    which = {"comment": thing} if isinstance(thing, Comment) else {"tune": thing}
    return Report.objects.filter(**which, closed=None)


def _close(reports: QuerySet[Report], outcome: str) -> int:
    return reports.update(closed=timezone.now(), outcome=outcome)


def _person(key: str, profile: Profile | None) -> str:
    return f"{profile.name} ({profile.slug})" if profile else f"a browser without account ({key})"


def _log(moderator: User, verb: str, thing: Tune | Comment, note: str) -> None:
    comment = thing if isinstance(thing, Comment) else None
    _write(moderator, verb, about(thing), key_of(thing), note, tune=comment.tune if comment else thing, comment=comment)


def _write(moderator: User, verb: str, what: str, key: str, note: str, **things: object) -> None:
    name = f"{moderator.profile.name} ({moderator.get_username()})"[:LONGEST_MODERATOR]
    told = {"about": what, "key": key, "note": note[:LONGEST_NOTE]}
    Act.objects.create(moderator=moderator, moderator_name=name, verb=verb, **told, **things)
