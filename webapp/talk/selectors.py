"""Every read of talk: what a tune's page shows of it, whom a listener follows, and their notices."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber
from django.http import Http404

from webapp.accounts.models import Profile
from webapp.paging import Cursor
from webapp.ratings.models import Favourite, Rating
from webapp.talk.access import live, may_talk
from webapp.talk.models import Comment, Follow, Notice
from webapp.tunes.access import listed, still_opens
from webapp.tunes.listeners import Listener
from webapp.tunes.models import Tune
from webapp.tunes.selectors import tune_for

PAGE_THREADS = 20
PAGE_REPLIES = 50
REPLIES_AT_FIRST = 5
PAGE_NOTICES = 30
PAGE_MAKERS = 60
PAGE_TUNES = 24
MOST_UNREAD = 10  # shown as "9+"
THREADS = Cursor("threads", "created")
REPLIES = Cursor("replies", "created")
NOTICES = Cursor("notices", "created")
FOLLOWS = Cursor("follows", "created")
FOLLOWED_TUNES = Cursor("followed-tunes", "published")


@dataclass(frozen=True)
class Standing:
    """What this listener has done with a tune and with its maker."""

    stars: int | None
    favourite: bool
    follows: bool


def standing_of(*, tune: Tune, listener: Listener) -> Standing:
    """One question for all three: a tune's page asks many."""
    mine = {"listener": listener.key}
    stars = Rating.objects.filter(tune=OuterRef("pk"), **mine).values("stars")[:1]
    favourite = Favourite.objects.filter(tune=OuterRef("pk"), **mine)
    follow = Follow.objects.filter(maker=OuterRef("owner"), **mine)
    asked = Tune.objects.filter(pk=tune.pk).values_list(Subquery(stars), Exists(favourite), Exists(follow))
    return Standing(*asked.get())


@dataclass
class Talk:
    """Comments as a page shows them; `form` is what somebody wrote and could not be kept."""

    is_open: bool
    threads: list[Comment]
    next_cursor: str = ""
    after: str = ""
    form: object | None = None


def talk_of(*, tune: Tune, listener: Listener, after: str = "", form: object | None = None) -> Talk:
    """Newest threads first, with the last replies to each: two questions, however much was said."""
    if not may_talk(listener, tune):
        return Talk(is_open=False, threads=[])
    page, next_cursor = THREADS.page(_threads(tune), after, PAGE_THREADS)
    _bring_replies(page)
    return Talk(True, page, next_cursor, after, form)


def _threads(tune: Tune) -> QuerySet[Comment]:
    """Those that stand, and the empty places of those that answers hang on."""
    answers = Comment.objects.filter(live(), parent=OuterRef("pk")).values("pk")
    # One answer and not EXISTS, for which PostgreSQL would read every comment there is at the first empty place.
    threads = tune.comments.alias(answer=Subquery(answers[:1])).filter(parent=None)
    return threads.filter(live() | Q(answer__isnull=False)).select_related("author")


def _bring_replies(threads: list[Comment]) -> None:
    within = {"partition_by": F("parent_id")}
    replies = (
        Comment.objects.filter(live(), parent__in=[thread.pk for thread in threads])
        .annotate(place=Window(RowNumber(), order_by=["-created", "-pk"], **within), of=Window(Count("pk"), **within))
        .filter(place__lte=REPLIES_AT_FIRST)
        .order_by("created", "pk")
        .select_related("author")
    )
    under = defaultdict(list)
    for reply in replies if threads else ():
        under[reply.parent_id].append(reply)
    for thread in threads:
        thread.shown_replies = under[thread.pk]
        thread.reply_count = under[thread.pk][0].of if under[thread.pk] else 0


def comment_for(comment_id: int, *, listener: Listener) -> Comment:
    """A comment on a tune that this listener may talk about; its tune comes along."""
    comment = Comment.objects.filter(pk=comment_id).select_related("author", "parent__author", "tune").first()
    if comment is None or not may_talk(listener, comment.tune):
        raise Http404("There is no such comment.")
    return comment


def own_comment_for(comment_id: int, *, listener: Listener) -> Comment:
    """One's own, wherever the tune has gone; somebody else's is not there."""
    own = Comment.objects.filter(pk=comment_id, deleted=False, author=listener.profile, author__isnull=False)
    comment = own.select_related("author", "tune").first()
    if comment is None:
        raise Http404("There is no such comment of yours.")
    return comment


@dataclass
class Thread:
    comment: Comment
    replies: list[Comment]
    earlier: str  # the cursor of the page before
    is_latest: bool
    form: object | None = None


def thread_of(asked: Comment, *, after: str = "", form: object | None = None) -> Thread:
    """The thread of a comment, or as far as one answer in it: the last page first, each in the order it was said."""
    comment = asked.parent or asked
    answers = comment.replies.filter(live()).select_related("author")
    if not asked.is_live and (asked.parent or not answers.exists()):
        raise Http404("There is no such comment.")
    if asked.parent:
        answers = answers.filter(Q(created__lt=asked.created) | Q(created=asked.created, pk__lte=asked.pk))
    page, earlier = REPLIES.page(answers, after, PAGE_REPLIES)
    return Thread(comment, page[::-1], earlier, not after and not asked.parent, form)


def is_followed(maker: Profile, listener: Listener) -> bool:
    return Follow.objects.filter(maker=maker, listener=listener.key).exists()


def follows_page(listener: Listener, cursor: str = "") -> tuple[list[Follow], str]:
    follows = Follow.objects.filter(listener=listener.key, maker__user__is_active=True).select_related("maker")
    return FOLLOWS.page(follows, cursor, PAGE_MAKERS)


def followed_tunes(listener: Listener, cursor: str = "") -> tuple[list[Tune], str]:
    """What the makers whom one follows have published, the newest first."""
    makers = Follow.objects.filter(listener=listener.key).values("maker_id")
    tunes = Tune.objects.filter(listed(), owner_id__in=makers).select_related("owner")
    return FOLLOWED_TUNES.page(tunes, cursor, PAGE_TUNES)


def notices_shown(listener: Listener) -> QuerySet[Notice]:
    """Only what leads somewhere: a tune that is gone or not shown any more takes its notices along."""
    kind = Notice.Kind
    of_tunes = Q(kind__in=(kind.TUNE, kind.REMIX)) & listed("tune__")
    of_words = Q(kind__in=(kind.COMMENT, kind.REPLY)) & live("comment__") & still_opens(listener)
    of_staff = Q(kind__in=(kind.HIDDEN, kind.RESTORED)) & still_opens(listener)
    of_people = Q(kind__in=(kind.BLOCKED, kind.UNBLOCKED))
    return Notice.objects.filter(of_tunes | of_words | of_staff | of_people, listener=listener.key)


def notices_page(listener: Listener, cursor: str = "") -> tuple[list[Notice], str]:
    notices = notices_shown(listener).select_related("tune", "comment", "actor")
    notices = notices.defer("tune__abc", "tune__given", "tune__checks")
    return NOTICES.page(notices, cursor, PAGE_NOTICES)


def notices_unread(listener: Listener) -> int:
    """Counted no further than is shown."""
    return notices_shown(listener).filter(read=None)[:MOST_UNREAD].count() if listener.known else 0


def tune_talked_about(tune_id: str, *, listener: Listener) -> Tune:
    """A tune that this listener may comment on, once they have signed in."""
    tune = tune_for(tune_id, listener=listener)
    if not may_talk(listener, tune):
        raise Http404("There is no such tune to talk about.")
    return tune
