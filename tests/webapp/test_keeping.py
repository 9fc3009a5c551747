"""What a maker does with a tune that is there: who sees it, its name, words and tags, deletion and undo."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

from django.test import TestCase, override_settings
from django.utils import timezone

from tests.builders import Person, a_gallery_tune, a_queued_tune, a_ready_tune
from webapp.tunes.keeping import tunes_purge
from webapp.tunes.models import Tag, Tune, Visibility

GROWS = "\U0001d160"  # three characters once it is written the one usual way


class KeepingCase(TestCase):
    def setUp(self) -> None:
        self.alice, self.charlie = Person("alice"), Person("charlie")
        self.tune = a_ready_tune(self.alice)
        self.where = self.tune.get_absolute_url()

    def fresh(self) -> Tune:
        return Tune.objects.get(pk=self.tune.pk)

    def describe(self, **fields: str) -> int:
        sent = {"title": "The Lantern", "description": "", "tags": ""} | fields
        return self.alice.post(f"{self.where}describe/", sent).status_code


class VisibilityTest(KeepingCase):
    def show(self, visibility: str) -> int:
        return self.alice.post(f"{self.where}show/", {"visibility": visibility}).status_code

    def test_it_refuses_what_is_no_visibility(self) -> None:
        for visibility in ("gallery", "", "\x00", "PUBLIC", "x" * 5000):
            self.assertEqual(self.show(visibility), 422)
        self.assertEqual(self.fresh().visibility, Visibility.UNLISTED)

    def test_it_shows_drafts_and_private_tunes_to_their_maker_alone(self) -> None:
        for visibility in ("draft", "private"):
            self.assertEqual(self.show(visibility), 302)
            for end in ("", ".abc", ".mid", "print/", "events/", "family/"):
                where = self.where.rstrip("/") + end if end.startswith(".") else self.where + end
                self.assertEqual(self.charlie.get(where).status_code, 404, where)
            self.assertEqual(self.alice.get(self.where).status_code, 200)

    def test_it_keeps_the_day_of_the_first_publishing(self) -> None:
        self.show("public")
        first = self.fresh().published
        self.show("private")
        self.show("public")
        self.assertEqual(self.fresh().published, first)

    def test_it_tells_what_public_means_before_it_is_public(self) -> None:
        self.assertContains(self.alice.get(self.where), "CC0")

    def test_it_publishes_no_tune_without_notes(self) -> None:
        tune = a_queued_tune(self.alice)
        answer = self.alice.post(f"{tune.get_absolute_url()}show/", {"visibility": "public"})
        self.assertEqual(answer.status_code, 403)


class DescribingTest(KeepingCase):
    def test_it_takes_no_empty_and_no_endless_words_and_loses_nothing(self) -> None:
        wrongs = (
            {"title": ""},
            {"title": " \n\t "},
            {"title": "\x00"},
            {"title": "x" * 201},
            {"title": "\u200b\u202e"},
            {"title": GROWS * 200},
            {"description": "x" * 2001},
            {"description": "a\x00b"},
            {"description": GROWS * 2000},
            {"tags": ",".join(f"tag {n}" for n in range(13))},
            {"tags": "x" * 41},
            {"tags": GROWS * 40},
        )
        for fields in wrongs:
            with self.subTest(str(fields)[:40]):
                self.assertEqual(self.describe(**fields), 422)
        self.assertEqual(self.fresh().title, "The Lantern at Low Tide")
        self.assertFalse(Tag.objects.exists())
        answer = self.alice.post(f"{self.where}describe/", {"title": "", "description": "Kept, I hope", "tags": "one"})
        self.assertContains(answer, "Kept, I hope", status_code=422)
        self.assertContains(answer, "Give it a name.", status_code=422)

    def test_it_shows_markup_as_text(self) -> None:
        self.describe(title="<script>alert(1)</script>", description="<img src=x onerror=alert(1)>", tags="<b>")
        page = self.alice.get(self.where).content.decode()
        self.assertNotIn("<script>alert", page)
        self.assertNotIn("<img src=x", page)
        self.assertNotIn("<b>,", page)

    def test_it_renames_the_music_too(self) -> None:
        self.describe(title="Dawn\nK:G over | “water”")
        tune = self.fresh()
        self.assertEqual(tune.title, "Dawn K:G over | “water”")
        self.assertIn("\nT:Dawn K:G over | “water”\n", tune.abc)
        self.assertEqual(tune.abc.count("\nK:"), 1)

    def test_its_name_ends_no_line_of_the_music_and_begins_no_remark(self) -> None:
        self.describe(title="50% off \\")
        self.assertEqual(self.fresh().title, "50% off \\")
        self.assertIn("\nT:50％ off ＼\n", self.fresh().abc)

    def test_it_drops_what_turns_the_letters_round(self) -> None:
        self.describe(title="\u202eTide\u2066", description="\u202eLow\x1b\r\ntide", tags="\u202esea, \u200b")
        tune = self.fresh()
        kept = (tune.title, tune.description, [tag.name for tag in tune.tags.all()])
        self.assertEqual(kept, ("Tide", "Low\ntide", ["sea"]))

    def test_it_files_tags_in_small_letters_each_once(self) -> None:
        self.describe(tags="Session,  for  Whistle , session,, #Slow #air")
        tags = [tag.name for tag in self.fresh().tags.all()]
        self.assertEqual(tags, ["air", "for whistle", "session", "slow"])
        self.assertContains(self.alice.get(self.where), "for whistle")

    def test_it_makes_new_tags_in_order_so_that_two_makers_wait_for_one_another_and_not_for_ever(self) -> None:
        self.describe(tags="zither, air, mist")
        made = Tag.objects.order_by("pk").values_list("name", flat=True)
        self.assertEqual(list(made), ["air", "mist", "zither"])

    def test_it_lets_nobody_else_describe_or_delete(self) -> None:
        sent = {"title": "Mine now"}
        self.assertEqual(self.charlie.post(f"{self.where}describe/", sent).status_code, 403)
        self.assertEqual(self.charlie.post(f"{self.where}delete/").status_code, 403)
        self.assertEqual(self.charlie.post(f"{self.where}undelete/").status_code, 404)
        self.assertNotContains(self.charlie.get(self.where), "delete this tune")
        self.assertEqual((self.fresh().title, self.fresh().deleted), ("The Lantern at Low Tide", None))


class DeletingTest(KeepingCase):
    def test_it_deletes_and_undoes(self) -> None:
        answer = self.alice.post(f"{self.where}delete/", follow=True)
        self.assertContains(answer, "is deleted")
        for person in (self.alice, self.charlie):
            self.assertEqual(person.get(self.where).status_code, 404)
        self.assertEqual(self.charlie.post(f"{self.where}undelete/").status_code, 404)
        self.assertRedirects(self.alice.post(f"{self.where}undelete/"), self.where)
        self.assertEqual(self.charlie.get(self.where).status_code, 200)

    def test_it_offers_to_undo_only_what_one_deleted_oneself(self) -> None:
        self.alice.post(f"{self.where}delete/")
        self.assertNotContains(self.charlie.get("/my/tunes/", {"undo": self.tune.pk}), "is deleted")
        for strange in ("x", "\x00" * 22, "é" * 22, "x" * 5000):
            self.assertEqual(self.alice.get("/my/tunes/", {"undo": strange}).status_code, 200)

    def test_it_takes_a_deleted_tune_out_of_the_gallery(self) -> None:
        tune = a_gallery_tune(self.alice)
        self.alice.post(f"{tune.get_absolute_url()}delete/")
        self.assertNotContains(self.charlie.get("/gallery/"), tune.get_absolute_url())

    def test_it_purges_what_was_not_undone_in_time_and_nothing_else(self) -> None:
        old = a_ready_tune(self.alice, deleted=timezone.now() - timedelta(days=31))
        new = a_ready_tune(self.alice, deleted=timezone.now() - timedelta(days=29))
        tunes_purge()
        left = set(Tune.objects.values_list("pk", flat=True))
        self.assertEqual(left, {self.tune.pk, new.pk})
        self.assertNotIn(old.pk, left)


@override_settings(TUNES_PER_MINUTE_VISITOR=1000)
class OwnTunesTest(KeepingCase):
    def shown(self, **asked: str) -> list[str]:
        return [tune.pk for tune in self.alice.get("/my/tunes/", asked).context["page"].tunes]

    def test_it_lists_only_ones_own(self) -> None:
        a_gallery_tune(self.charlie)
        self.assertEqual(self.shown(), [self.tune.pk])

    def test_it_sorts_them_by_who_sees_them(self) -> None:
        draft = a_ready_tune(self.alice, visibility="draft")
        gone = a_ready_tune(self.alice, deleted=timezone.now())
        self.assertEqual(self.shown(show="draft"), [draft.pk])
        self.assertEqual(self.shown(show="deleted"), [gone.pk])
        self.assertEqual(self.shown(), [draft.pk, self.tune.pk])
        self.assertEqual(self.alice.get("/my/tunes/", {"show": "secret"}).status_code, 404)

    def test_it_finds_by_name_prompt_and_tag(self) -> None:
        other = a_ready_tune(self.alice, title="Rain", prompt="a wet day")
        other.tags.add(Tag.objects.create(name="session"))
        for words in ("rain", "WET", "session"):
            self.assertEqual(self.shown(q=words), [other.pk])
        self.assertEqual(self.shown(q="%"), [])
        self.assertEqual(self.shown(q="\x00'\";--"), [])

    @mock.patch("webapp.tunes.own_tunes.PAGE_TUNES", 2)
    def test_it_walks_page_by_page_and_has_no_page_for_a_forged_cursor(self) -> None:
        tunes = [self.tune, *(a_ready_tune(self.alice) for _ in range(4))]
        seen, cursor = [], ""
        while True:
            page = self.alice.get("/my/tunes/", {"after": cursor} if cursor else {}).context["page"]
            seen += [tune.pk for tune in page.tunes]
            cursor = page.next_cursor
            if not cursor:
                break
        self.assertEqual(seen, [tune.pk for tune in reversed(tunes)])
        for forged in ("x", "\x00", "W10:1:2", "x" * 5000):
            self.assertEqual(self.alice.get("/my/tunes/", {"after": forged}).status_code, 404)

    def test_it_asks_few_questions_however_many_tunes(self) -> None:
        for _ in range(20):
            a_ready_tune(self.alice).tags.add(Tag.objects.get_or_create(name="x")[0])
        with self.assertNumQueries(4):
            self.alice.get("/my/tunes/")
