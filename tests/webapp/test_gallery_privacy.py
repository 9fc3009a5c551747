"""Who must not be found, by any search, on SQLite and PostgreSQL."""

from __future__ import annotations

from django.test import TestCase
from django.utils import timezone

from tests.builders import a_moderator, an_account
from tests.webapp.gallery_asking import named, titles
from webapp.gallery.query import Query
from webapp.gallery.selectors import gallery_page
from webapp.gallery.services import entries_refresh, words_recount
from webapp.moderation.services import hide, restore
from webapp.tunes.keeping import tune_delete, tune_describe, tune_show, tune_undelete
from webapp.tunes.models import Status, Tag, Visibility


class WhoIsFoundTest(TestCase):
    """Every way to ask, for a tune that nobody else may come across."""

    def setUp(self) -> None:
        self.alice = an_account("alice")
        self.tune = named("The Lantern", by=self.alice, prompt="unmistakable", conditions={"key": "F#"})
        self.tune.tags.add(Tag.objects.create(name="secret"))
        entries_refresh(tunes=[self.tune.pk])
        self.asked = [{"words": "lantern"}, {"words": "unmistak"}, {"words": "lantren"}, {"words": "secret"},
                      {"words": "alice"}, {"tag": "secret"}, {"melody": (2, 2, 1)}, {"key": "F#"},
                      {"maker": self.alice.profile.slug}, {}]  # fmt: skip

    def assert_found(self, found: bool) -> None:
        for asked in self.asked:
            with self.subTest(str(asked)):
                page = gallery_page(Query(**asked))
                self.assertEqual([tune.pk for tune in page.tunes], [self.tune.pk] if found else [])
                if not found:
                    self.assertEqual(page.corrected, "", "not even its words are known")

    def test_it_finds_a_public_one(self) -> None:
        self.assert_found(True)

    def test_it_loses_what_is_no_longer_public_at_once(self) -> None:
        for visibility in (Visibility.DRAFT, Visibility.PRIVATE, Visibility.UNLISTED):
            tune_show(tune=self.tune, listener=self.alice.listener, visibility=visibility)
            self.assert_found(False)
            tune_show(tune=self.tune, listener=self.alice.listener, visibility=Visibility.PUBLIC)
            self.assert_found(True)

    def test_it_loses_what_is_hidden_or_deleted_at_once(self) -> None:
        hide(moderator=a_moderator().user, tune=self.tune)
        self.assert_found(False)
        restore(moderator=a_moderator().user, tune=self.tune)
        self.assert_found(True)
        tune_delete(tune=self.tune, listener=self.alice.listener)
        self.assert_found(False)
        tune_undelete(tune=self.tune, listener=self.alice.listener)
        self.assert_found(True)

    def test_it_never_knew_what_was_never_public(self) -> None:
        for change in ({"visibility": Visibility.UNLISTED}, {"hidden": True}, {"deleted": timezone.now()},
                       {"status": Status.FAILED}):  # fmt: skip
            named("Hushed", **change)
        self.assertEqual(titles(words="hushed"), [])

    def test_it_forgets_an_old_name(self) -> None:
        tune_describe(tune=self.tune, listener=self.alice.listener, title="The Kettle", tags=["tea"])
        self.assertEqual(titles(words="kettle"), ["The Kettle"])
        self.assertEqual(titles(tag="tea"), ["The Kettle"])
        self.assertEqual(titles(words="lantern"), [])
        self.assertEqual(titles(tag="secret"), [])

    def test_it_forgets_at_night_the_words_that_are_in_no_tune(self) -> None:
        hide(moderator=a_moderator().user, tune=self.tune)
        named("The Lanturn")
        words_recount()
        self.assertEqual(gallery_page(Query(words="lantern")).corrected, "lanturn")
