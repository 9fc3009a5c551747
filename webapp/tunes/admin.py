"""For staff: look at what others may come across, and hide what should not be seen. Every act goes into the log."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from webapp.moderation import services as moderation
from webapp.moderation.desk import DeskAdmin
from webapp.moderation.models import Report
from webapp.tunes.access import SEEN_BY_LINK
from webapp.tunes.models import Tune


@admin.register(Tune)
class TuneAdmin(DeskAdmin):
    list_display = ("title", "status", "visibility", "hidden", "stars_count", "composer", "created")
    list_filter = ("status", "visibility", "hidden", "composer")
    search_fields = ("id", "title", "prompt")
    date_hierarchy = "created"
    actions = ("hide", "restore", "block", "unblock")
    exclude = ("tags", "receipt", "claim", "midi")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tune]:
        """No draft and nothing private, unless somebody has seen it and reported it; nothing that was deleted."""
        tunes = super().get_queryset(request).filter(deleted=None)
        reported = Exists(Report.objects.filter(tune=OuterRef("pk")))
        return tunes.filter(visibility__in=SEEN_BY_LINK) | tunes.filter(reported)

    def thing(self, tune: Tune) -> dict:
        return {"tune": tune}

    def person(self, tune: Tune) -> str:
        return tune.maker

    def has_change_permission(self, request: HttpRequest, tune: Tune | None = None) -> bool:
        return self.has_view_permission(request, tune)

    def save_model(self, request: HttpRequest, tune: Tune, form: ModelForm, change: bool) -> None:
        """This column alone: a worker may be writing the others."""
        if "hidden" in form.changed_data:
            act = moderation.hide if tune.hidden else moderation.restore
            act(moderator=request.user, tune=tune)

    def get_readonly_fields(self, request: HttpRequest, tune: Tune | None = None) -> list[str]:
        return [field.name for field in Tune._meta.fields if field.name != "hidden"]
