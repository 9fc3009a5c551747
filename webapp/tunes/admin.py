"""For staff: look, and hide what should not be in the gallery."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from webapp.tunes.keeping import tunes_hide
from webapp.tunes.models import Tune


@admin.register(Tune)
class TuneAdmin(admin.ModelAdmin):
    list_display = ("title", "status", "visibility", "hidden", "stars_count", "composer", "created")
    list_filter = ("status", "visibility", "hidden", "composer")
    search_fields = ("id", "title", "prompt")
    date_hierarchy = "created"
    actions = ("hide", "show")

    @admin.action(description="Hide from the gallery")
    def hide(self, request: HttpRequest, queryset: QuerySet[Tune]) -> None:
        self.message_user(request, f"{tunes_hide(tunes=_ids(queryset), hidden=True)} hidden.")

    @admin.action(description="Show in the gallery again")
    def show(self, request: HttpRequest, queryset: QuerySet[Tune]) -> None:
        self.message_user(request, f"{tunes_hide(tunes=_ids(queryset), hidden=False)} shown.")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # tunes are composed, not filled in

    def save_model(self, request: HttpRequest, tune: Tune, form: ModelForm, change: bool) -> None:
        tunes_hide(tunes=[tune.pk], hidden=tune.hidden)  # this column alone: a worker may be writing the others

    def get_readonly_fields(self, request: HttpRequest, tune: Tune | None = None) -> list[str]:
        return [field.name for field in Tune._meta.fields if field.name != "hidden"]


def _ids(queryset: QuerySet[Tune]) -> list[str]:
    return list(queryset.values_list("pk", flat=True))
