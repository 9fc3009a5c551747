"""What the admin's pages of moderation share: staff see them, and acts carry a note and go through services."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from webapp.moderation import services
from webapp.moderation.models import LONGEST_NOTE
from webapp.tunes.services import NotAllowed


class NoteForm(ActionForm):
    note = forms.CharField(required=False, max_length=LONGEST_NOTE, label="Note for the log:")


class DeskAdmin(admin.ModelAdmin):
    """For everybody of the staff, to look at; what is done is done by actions."""

    action_form = NoteForm
    actions: tuple[str, ...] = ()

    def thing(self, row: Model) -> dict[str, Model]:
        """The tune or the comment that a row is about, by its name; nothing where it is gone."""
        raise NotImplementedError

    def person(self, row: Model) -> str:
        """The key of who made it."""
        raise NotImplementedError

    @admin.action(description="Hide from others")
    def hide(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._act(request, queryset, "hidden", lambda row, how: (t := self.thing(row)) and services.hide(**t, **how))

    @admin.action(description="Restore")
    def restore(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._act(
            request, queryset, "restored", lambda row, how: (t := self.thing(row)) and services.restore(**t, **how)
        )

    @admin.action(description="Block who made it")
    def block(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._act(
            request, queryset, "blocked", lambda row, how: (k := self.person(row)) and services.block(key=k, **how)
        )

    @admin.action(description="Unblock who made it")
    def unblock(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._act(
            request, queryset, "unblocked", lambda row, how: (k := self.person(row)) and services.unblock(key=k, **how)
        )

    def _act(self, request: HttpRequest, rows: QuerySet, done: str, act: Callable[[Model, dict], object]) -> None:
        how = {"moderator": request.user, "note": request.POST.get("note", "").replace("\x00", "")}
        try:
            count = sum(bool(act(row, how)) for row in rows)
        except NotAllowed as error:
            self.message_user(request, str(error), messages.ERROR)
            return
        self.message_user(request, f"{count} {done}.")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _is_staff(request)

    def has_view_permission(self, request: HttpRequest, row: Model | None = None) -> bool:
        return _is_staff(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, row: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, row: Model | None = None) -> bool:
        return False


def _is_staff(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.is_staff
