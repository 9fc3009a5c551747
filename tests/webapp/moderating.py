"""A tune and a comment that somebody may report, and somebody of the staff."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import TestCase, override_settings

from tests.builders import Person, a_comment, a_gallery_tune, a_moderator, an_account
from webapp.moderation.models import Act
from webapp.talk.models import Comment
from webapp.tunes.models import Tune


@override_settings(TUNES_PER_MINUTE_VISITOR=1000, TUNES_PER_MINUTE_ADDRESS=1000)
class ModerationCase(TestCase):
    def setUp(self) -> None:
        self.alice, self.bob, self.charlie = an_account("alice"), an_account("bob"), Person("charlie")
        self.dana = a_moderator()
        self.tune = a_gallery_tune(self.alice)
        self.comment = a_comment(self.bob, self.tune, "Buy my strings")

    def report(self, person: Person, thing: Tune | Comment, reason: str = "spam", note: str = "") -> HttpResponse:
        where = f"/comments/{thing.pk}/report/" if isinstance(thing, Comment) else f"/tunes/{thing.pk}/report/"
        return person.post(where, {"reason": reason, "note": note})

    def act(self, model: str, action: str, *rows: object, note: str = "", person: Person | None = None) -> HttpResponse:
        chosen = {"action": action, "_selected_action": [row.pk for row in rows], "note": note}
        return (person or self.dana).post(f"/admin/{model}/", chosen, follow=True)

    def acts(self) -> list[tuple[str, str]]:
        return list(Act.objects.order_by("pk").values_list("verb", "note"))
