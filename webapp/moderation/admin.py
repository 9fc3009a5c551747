"""The queue of reports, comments, blocks, and the log."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Case, Count, Exists, F, OuterRef, QuerySet, Subquery, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from webapp.moderation import services
from webapp.moderation.desk import DeskAdmin
from webapp.moderation.models import Act, Block, Report
from webapp.moderation.things import key_of
from webapp.talk.models import Comment
from webapp.tunes.access import SEEN_BY_LINK


@admin.register(Report)
class ReportAdmin(DeskAdmin):
    """Open ones first, the oldest of them on top."""

    list_display = ("what", "place", "reports_on_it", "reason", "note", "state", "whose", "outcome", "created")
    list_filter = ("outcome", "reason")
    search_fields = ("about", "note", "against")
    list_select_related = ("tune", "comment__tune", "comment__author")
    ordering = (F("closed").desc(nulls_first=True), "created")
    actions = ("hide", "restore", "dismiss", "block", "unblock")
    readonly_fields = ("place", "reports_on_it", "state", "whose")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        def on_same(name: str) -> Subquery:
            same = Report.objects.filter(**{name: OuterRef(name)}).order_by().values(name)
            return Subquery(same.annotate(count=Count("pk")).values("count"))

        count = Case(When(comment__isnull=False, then=on_same("comment")), default=on_same("tune"))
        blocked = Exists(Block.objects.filter(key=OuterRef("against")))
        return super().get_queryset(request).annotate(same=count, is_blocked=blocked)

    def thing(self, report: Report) -> dict:
        if report.comment:
            return {"comment": report.comment}
        return {"tune": report.tune} if report.tune else {}

    def person(self, report: Report) -> str:
        return report.against

    @admin.action(description="Dismiss: nothing is wrong with it")
    def dismiss(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        self._act(request, queryset, "dismissed", lambda report, how: services.dismiss(report=report, **how))

    @admin.display(description="What was reported")
    def what(self, report: Report) -> str:
        return f"comment by {report.about}" if report.comment else report.about

    @admin.display(description="Look")
    def place(self, report: Report) -> str:
        thing = report.comment or report.tune
        return format_html('<a href="{}">open</a>', _address(thing)) if thing else "gone"

    @admin.display(description="Reports on it")
    def reports_on_it(self, report: Report) -> int:
        return report.same or 1

    @admin.display(description="Now")
    def state(self, report: Report) -> str:
        thing = report.comment or report.tune
        if thing is None:
            return "gone"
        return "deleted by its maker" if thing.deleted else "hidden" if thing.hidden else "shown"

    @admin.display(description="Made by")
    def whose(self, report: Report) -> str:
        who = "an account" if report.against.startswith("account-") else "a browser"
        return f"{who}, blocked" if report.is_blocked else who


def _address(thing: object) -> str:
    """A comment's page; a tune's in the admin where nobody but its maker may open its own page."""
    if isinstance(thing, Comment) or thing.visibility in SEEN_BY_LINK:
        return thing.get_absolute_url()
    return reverse("admin:tunes_tune_change", args=[thing.pk])


@admin.register(Comment)
class CommentAdmin(DeskAdmin):
    """What stands where others may come across it, and what was reported."""

    list_display = ("text", "author", "tune", "hidden", "created")
    list_filter = ("hidden",)
    search_fields = ("text", "author__name")
    list_select_related = ("author", "tune")
    date_hierarchy = "created"
    actions = ("hide", "restore", "block", "unblock")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        shown = {"tune__visibility__in": SEEN_BY_LINK, "tune__deleted": None}
        reported = Exists(Report.objects.filter(comment=OuterRef("pk")))
        comments = super().get_queryset(request).filter(deleted=False)
        return comments.filter(**shown) | comments.filter(reported)

    def thing(self, comment: Comment) -> dict:
        return {"comment": comment}

    def person(self, comment: Comment) -> str:
        return key_of(comment)

    def view_on_site(self, comment: Comment) -> str:
        return comment.get_absolute_url()


@admin.register(Block)
class BlockAdmin(DeskAdmin):
    list_display = ("__str__", "reason", "by", "created")
    search_fields = ("key", "profile__name", "reason")
    list_select_related = ("profile", "by")
    actions = ("unblock",)

    def person(self, block: Block) -> str:
        return block.key


@admin.register(Act)
class ActAdmin(DeskAdmin):
    """To be read, by nobody to be changed."""

    list_display = ("created", "moderator_name", "verb", "about", "note")
    list_filter = ("verb",)
    search_fields = ("about", "moderator_name", "note", "key")
    date_hierarchy = "created"
