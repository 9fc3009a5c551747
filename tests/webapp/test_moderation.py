"""Reports by listeners, and what the staff do about them: seen, logged, and told to whom it befalls."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.admin.utils import quote
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client, TestCase, override_settings
from django.utils import timezone

from tests.builders import Person, a_comment, a_gallery_tune, a_moderator, a_ready_tune, a_token, an_account
from webapp.accounts.adopting import listener_adopt
from webapp.accounts.leaving import account_leave
from webapp.gallery.models import Entry
from webapp.moderation import services
from webapp.moderation.models import Act, Block, LogIsKept, Outcome, Report
from webapp.moderation.selectors import is_blocked
from webapp.moderation.services import REPORTS_PER_HOUR
from webapp.ratings.models import Favourite, Rating
from webapp.talk.models import Comment
from webapp.tunes.models import Tune
from webapp.tunes.services import NotAllowed


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


class ReportTest(ModerationCase):
    def test_it_keeps_nothing_of_what_is_no_report(self) -> None:
        for reason, note in (
            ("", ""),
            ("boring", ""),
            ("\x00", ""),
            ("spam", "x" * 501),
            ("spam", "\x00"),
            ("x" * 999, ""),
        ):
            with self.subTest(reason=reason[:9]):
                answer = self.report(self.charlie, self.tune, reason, note)
                self.assertEqual(answer.status_code, 422)
        self.assertContains(
            self.report(self.charlie, self.tune, "boring", "a word"), "a word</textarea>", status_code=422
        )
        self.assertFalse(Report.objects.exists())

    def test_anybody_reports_what_they_see_and_is_thanked(self) -> None:
        self.assertContains(self.charlie.get(f"/comments/{self.comment.pk}/report/"), "Buy my strings")
        for thing in (self.tune, self.comment):
            answer = self.report(self.charlie, thing, note="Look at <b>this</b>")
            self.assertEqual(answer.url, self.tune.get_absolute_url())
        self.assertContains(self.charlie.get("/about/"), "Somebody of our staff will look at it.")
        about = set(Report.objects.values_list("about", "against"))
        self.assertIn(("Bob: Buy my strings", self.bob.profile.key), about)
        self.assertIn((f"“{self.tune.title}”, by Alice ({self.tune.pk})", self.alice.profile.key), about)

    def test_one_is_open_a_listener_and_thing(self) -> None:
        for note in ("first", "second"):
            self.report(self.charlie, self.tune, note=note)
        self.assertEqual(Report.objects.get().note, "second")
        with self.assertRaises(IntegrityError), transaction.atomic():
            Report.objects.create(listener=self.charlie.listener.key, tune=self.tune, reason="spam")
        services.dismiss(moderator=self.dana.user, report=Report.objects.get())
        self.report(self.charlie, self.tune)
        self.assertEqual(Report.objects.count(), 2)

    def test_nobody_reports_what_is_their_own_or_what_they_cannot_see(self) -> None:
        self.assertEqual(self.report(self.alice, self.tune).status_code, 403)
        self.assertEqual(self.report(self.bob, self.comment).status_code, 403)
        private = a_gallery_tune(self.alice, visibility="private")
        said = a_comment(self.alice, private)
        gone = a_comment(self.bob, self.tune, hidden=True)
        for thing in (private, said, gone):
            self.assertEqual(self.report(self.charlie, thing).status_code, 404)
        for where in ("/comments/999999999/report/", f"/comments/{10**30}/report/", f"/tunes/{'x' * 22}/report/"):
            self.assertEqual(self.charlie.post(where, {"reason": "spam"}).status_code, 404)
        self.assertFalse(Report.objects.exists())

    def test_it_takes_no_flood_of_them(self) -> None:
        for _ in range(REPORTS_PER_HOUR):
            self.assertEqual(self.report(self.charlie, a_gallery_tune(self.alice)).status_code, 302)
        answer = self.report(self.charlie, self.tune, note="one more")
        self.assertContains(answer, "one more</textarea>", status_code=429)
        Report.objects.update(created=timezone.now() - timedelta(hours=2))
        self.assertEqual(self.report(self.charlie, self.tune).status_code, 302)

    def test_what_was_said_stays_in_the_report_when_its_author_deletes_it(self) -> None:
        self.report(self.charlie, self.comment)
        self.bob.post(f"/comments/{self.comment.pk}/delete/")
        self.assertEqual(Report.objects.get().about, "Bob: Buy my strings")
        self.assertContains(self.dana.get("/admin/moderation/report/"), "Buy my strings")
        self.act("moderation/report", "dismiss", Report.objects.get())
        self.assertEqual(Report.objects.get().outcome, Outcome.DISMISSED)

    def test_signing_in_brings_reports_along_each_once(self) -> None:
        for person in (self.charlie, self.bob):
            self.report(person, self.tune)
        self.report(self.charlie, self.comment)
        dora = an_account("dora")
        listener_adopt(key=self.charlie.listener.key, profile=dora.profile)
        listener_adopt(key=self.bob.listener.key, profile=dora.profile)
        self.assertEqual(Report.objects.filter(listener=dora.profile.key, tune=self.tune).count(), 1)
        self.assertEqual(Report.objects.count(), 2)

    def test_a_report_by_somebody_who_leaves_is_nobodys(self) -> None:
        self.report(self.bob, self.tune)
        account_leave(profile=self.bob.profile, with_tunes=True)
        self.assertTrue(Report.objects.get().listener.startswith("nobody-"))


class QueueTest(ModerationCase):
    def test_it_shows_open_ones_first_with_how_many_there_are_on_the_same_thing(self) -> None:
        old = a_gallery_tune(self.alice, title="Seen to")
        self.report(self.charlie, old)
        services.dismiss(moderator=self.dana.user, report=Report.objects.get())
        for person in (self.charlie, self.alice):
            self.report(person, self.comment)
        answer = self.dana.get("/admin/moderation/report/")
        rows = list(answer.context["cl"].result_list)
        self.assertEqual([row.outcome for row in rows], ["open", "open", "dismissed"])
        self.assertEqual([row.same for row in rows], [2, 2, 1])
        self.assertContains(answer, "Bob: Buy my strings")
        self.assertContains(answer, f"/comments/{self.comment.pk}/")

    def test_it_asks_as_much_for_one_as_for_twenty(self) -> None:
        self.report(self.charlie, self.tune)
        self.dana.get("/admin/moderation/report/")
        with self.assertNumQueries(6):
            self.dana.get("/admin/moderation/report/")
        for number in range(10):
            person = Person(f"number {number}")
            self.report(person, self.comment)
            self.report(person, self.tune)
        with self.assertNumQueries(6):
            self.dana.get("/admin/moderation/report/")

    def test_hiding_takes_it_from_others_and_closes_every_report_on_it(self) -> None:
        for person in (self.charlie, self.bob):
            self.report(person, self.tune)
        report = Report.objects.first()
        self.assertContains(self.act("moderation/report", "hide", report, note="A copy"), "1 hidden.")
        self.assertEqual(set(Report.objects.values_list("outcome", flat=True)), {"upheld"})
        self.assertEqual(self.charlie.get(self.tune.get_absolute_url()).status_code, 404)
        self.assertFalse(Entry.objects.filter(tune=self.tune).exists())
        self.assertContains(self.alice.get("/my/notices/"), "taken your tune")
        self.act("moderation/report", "restore", report)
        self.assertEqual(self.charlie.get(self.tune.get_absolute_url()).status_code, 200)
        self.assertTrue(Entry.objects.filter(tune=self.tune).exists())
        self.assertContains(self.alice.get("/my/notices/"), "can be seen by others again")
        self.assertEqual(self.acts(), [("hide", "A copy"), ("restore", "")])

    def test_a_hidden_comment_is_gone_from_the_page_and_its_author_is_told(self) -> None:
        self.report(self.charlie, self.comment)
        self.act("moderation/report", "hide", Report.objects.get())
        self.assertNotContains(self.charlie.get(self.tune.get_absolute_url()), "Buy my strings")
        self.assertEqual(self.charlie.get(f"/comments/{self.comment.pk}/").status_code, 404)
        self.assertContains(self.bob.get("/my/notices/"), "taken down your")
        self.assertContains(self.bob.get(f"/comments/{self.comment.pk}/edit/"), "Buy my strings")
        answer = self.bob.post(f"/comments/{self.comment.pk}/edit/", {"text": "Sell"})
        self.assertContains(answer, "taken this comment down", status_code=403)
        self.assertNotIn("strings", Entry.objects.get(tune=self.tune).words)
        self.act("talk/comment", "restore", self.comment)
        self.assertContains(self.charlie.get(self.tune.get_absolute_url()), "Buy my strings")

    def test_an_answered_one_that_is_hidden_leaves_its_place(self) -> None:
        a_comment(self.alice, self.tune, "No thanks", parent=self.comment)
        self.act("talk/comment", "hide", self.comment)
        page = self.charlie.get(self.tune.get_absolute_url())
        self.assertContains(page, "Our staff have taken this comment down.")
        self.assertNotContains(page, "Buy my strings")
        self.assertContains(page, "No thanks")

    def test_dismissing_closes_all_on_the_thing_and_touches_nothing(self) -> None:
        for person in (self.charlie, self.alice):
            self.report(person, self.comment)
        self.act("moderation/report", "dismiss", *Report.objects.all(), note="Only a joke")
        self.assertEqual(set(Report.objects.values_list("outcome", flat=True)), {"dismissed"})
        self.assertContains(self.charlie.get(self.tune.get_absolute_url()), "Buy my strings")
        self.assertEqual(self.acts(), [("dismiss", "Only a joke")])

    def test_doing_it_twice_is_logged_once(self) -> None:
        for _ in range(2):
            self.act("tunes/tune", "hide", self.tune)
        self.assertEqual(self.acts(), [("hide", "")])

    def test_it_is_for_staff_alone(self) -> None:
        self.report(self.charlie, self.tune)
        for person in (self.alice, self.charlie):
            for where in ("moderation/report", "moderation/act", "moderation/block", "talk/comment", "tunes/tune"):
                self.assertEqual(person.get(f"/admin/{where}/").status_code, 302)
            self.act("tunes/tune", "hide", self.tune, person=person)
        for act in (services.hide, services.restore):
            with self.assertRaises(NotAllowed):
                act(moderator=self.alice.user, tune=self.tune)
        with self.assertRaises(NotAllowed):
            services.block(moderator=self.alice.user, key=self.bob.profile.key)
        self.assertFalse(Act.objects.exists())

    def test_staff_need_no_more_than_to_be_staff(self) -> None:
        self.report(self.charlie, self.tune)
        erin = an_account("erin", is_staff=True)
        self.assertContains(erin.get("/admin/moderation/report/"), self.tune.title)
        self.act("moderation/report", "hide", Report.objects.get(), person=erin)
        self.assertTrue(Tune.objects.get(pk=self.tune.pk).hidden)
        self.assertIn("Erin", Act.objects.get().moderator_name)


class TuneDeskTest(ModerationCase):
    def listed(self, model: str) -> set:
        return {row.pk for row in self.dana.get(f"/admin/{model}/").context["cl"].result_list}

    def test_it_shows_staff_no_draft_and_nothing_private_that_nobody_has_reported(self) -> None:
        kept = [a_ready_tune(self.alice, visibility=kind) for kind in ("draft", "private")]
        said = [a_comment(self.alice, tune) for tune in kept]
        unlisted = a_ready_tune(self.alice)
        self.report(self.charlie, unlisted)
        self.report(self.charlie, self.comment)
        Tune.objects.filter(pk__in=(unlisted.pk, self.tune.pk)).update(visibility="private")
        self.assertEqual(self.listed("tunes/tune"), {unlisted.pk})
        self.assertEqual(self.listed("talk/comment"), {self.comment.pk})
        for tune in kept:
            where = f"/admin/tunes/tune/{quote(tune.pk)}/change/"
            self.assertEqual(self.dana.get(where).status_code, 302)  # to the list, as for one that is not there
            self.dana.post(where, {"hidden": "on"})
            self.act("tunes/tune", "hide", tune)
        for comment in said:
            self.assertEqual(self.dana.get(f"/admin/talk/comment/{comment.pk}/change/").status_code, 302)
        self.assertFalse(Tune.objects.filter(hidden=True).exists())
        self.assertEqual(self.dana.get(f"/admin/tunes/tune/{quote(unlisted.pk)}/change/").status_code, 200)

    def test_the_checkbox_writes_into_the_log_too(self) -> None:
        where = f"/admin/tunes/tune/{quote(self.tune.pk)}/change/"
        for sent in ({"hidden": "on"}, {"hidden": "on"}, {}):
            self.assertEqual(self.dana.post(where, sent).status_code, 302)
        self.assertEqual(self.acts(), [("hide", ""), ("restore", "")])

    def test_staff_delete_no_tunes_and_no_comments(self) -> None:
        for where, row in (("tunes/tune", self.tune), ("talk/comment", self.comment)):
            self.act(where, "delete_selected", row)
            self.assertEqual(
                self.dana.post(f"/admin/{where}/{quote(row.pk)}/delete/", {"post": "yes"}).status_code, 403
            )
        self.assertTrue(Tune.objects.filter(pk=self.tune.pk).exists())
        self.assertTrue(Comment.objects.filter(pk=self.comment.pk).exists())


class LogTest(ModerationCase):
    def test_nobody_adds_changes_or_deletes_a_line_of_it(self) -> None:
        services.hide(moderator=self.dana.user, tune=self.tune, note="A copy")
        act = Act.objects.get()
        self.assertContains(self.dana.get("/admin/moderation/act/"), "A copy")
        self.assertEqual(self.dana.get(f"/admin/moderation/act/{act.pk}/change/").status_code, 200)
        for where in ("add/", f"{act.pk}/change/", f"{act.pk}/delete/"):
            answer = self.dana.post(f"/admin/moderation/act/{where}", {"note": "Nothing", "post": "yes"})
            self.assertEqual(answer.status_code, 403)
        self.act("moderation/act", "delete_selected", act)
        with self.assertRaises(LogIsKept):
            act.delete()
        with self.assertRaises(LogIsKept):
            act.save()
        self.assertEqual(self.acts(), [("hide", "A copy")])

    def test_it_outlives_the_thing_its_maker_and_the_moderator(self) -> None:
        services.hide(moderator=self.dana.user, comment=self.comment)
        services.block(moderator=self.dana.user, key=self.bob.profile.key)
        for person in (self.bob, self.alice):
            account_leave(profile=person.profile, with_tunes=True)
        self.dana.user.delete()
        hide, block = Act.objects.order_by("pk")
        self.assertEqual(
            (hide.about, hide.tune, hide.comment, hide.moderator), ("Bob: Buy my strings", None, None, None)
        )
        self.assertIn("Dana", hide.moderator_name)
        self.assertIn("Bob", block.about)


class BlockTest(ModerationCase):
    def block(self, person: Person) -> None:
        services.block(moderator=self.dana.user, key=person.listener.key, note="Advertises")

    def test_somebody_blocked_does_nothing_that_others_would_see(self) -> None:
        own = a_ready_tune(self.bob)
        public = a_gallery_tune(self.bob)
        self.block(self.bob)
        self.assertTrue(is_blocked(self.bob.listener))
        for where, sent in (
            (f"/tunes/{own.pk}/show/", {"visibility": "public"}),
            (f"/tunes/{public.pk}/describe/", {"title": "Buy"}),
            (f"/tunes/{self.tune.pk}/comments/", {"text": "Buy"}),
            (f"/comments/{self.comment.pk}/edit/", {"text": "Buy"}),
            (f"/tunes/{self.tune.pk}/rate/", {"stars": 1}),
            (f"/tunes/{self.tune.pk}/favourite/", {"favourite": "yes"}),
            (f"/tunes/{self.tune.pk}/report/", {"reason": "spam"}),
        ):
            with self.subTest(where):
                self.assertContains(self.bob.post(where, sent), "Our staff have blocked", status_code=403)
        counts = [model.objects.count() for model in (Rating, Favourite, Report)]
        self.assertEqual((counts, Comment.objects.get().text), ([0, 0, 0], "Buy my strings"))

    def test_a_program_of_theirs_hears_the_same(self) -> None:
        self.block(self.bob)
        program = Client(headers={"Authorization": f"Bearer {a_token(self.bob)}"})
        where = f"/api/v1/tunes/{self.tune.pk}/rating/"
        answer = program.put(where, {"stars": 1}, content_type="application/json")
        self.assertContains(answer, "Our staff have blocked", status_code=403)
        self.assertFalse(Rating.objects.exists())

    def test_they_still_listen_take_things_home_take_things_back_and_leave(self) -> None:
        own = a_gallery_tune(self.bob)
        self.bob.post(f"/tunes/{self.tune.pk}/favourite/", {"favourite": "yes"})
        self.block(self.bob)
        for where in (self.tune.get_absolute_url(), f"/tunes/{self.tune.pk}.mid", "/my/export/", "/gallery/"):
            self.assertEqual(self.bob.get(where).status_code, 200)
        self.assertEqual(self.bob.post(f"/tunes/{own.pk}/show/", {"visibility": "private"}).status_code, 302)
        self.assertEqual(self.bob.post(f"/tunes/{self.tune.pk}/favourite/", {"favourite": "no"}).status_code, 302)
        self.assertEqual(self.bob.post(f"/comments/{self.comment.pk}/delete/").status_code, 302)
        self.assertEqual(self.bob.post("/", {"prompt": "hopeful"}).status_code, 302)
        self.assertContains(self.bob.get("/my/notices/"), "Our staff have blocked you")
        account_leave(profile=self.bob.profile, with_tunes=True)

    def test_it_blocks_from_a_report_a_comment_and_a_tune_and_unblocks(self) -> None:
        self.report(self.charlie, self.comment)
        for where, row, person in (
            ("moderation/report", Report.objects.get(), self.bob),
            ("talk/comment", self.comment, self.bob),
            ("tunes/tune", self.tune, self.alice),
        ):
            self.act(where, "block", row, note="Enough")
            self.assertTrue(is_blocked(person.listener))
            self.act(where, "unblock", row)
            self.assertFalse(is_blocked(person.listener))
        self.act("tunes/tune", "block", self.tune)
        self.act("moderation/block", "unblock", Block.objects.get())
        self.assertFalse(Block.objects.exists())
        verbs = [verb for verb, _ in self.acts()]
        self.assertEqual(verbs, ["block", "unblock"] * 4)

    def test_it_blocks_a_browser_without_account(self) -> None:
        tune = a_gallery_tune(self.charlie)
        self.act("tunes/tune", "block", tune)
        self.assertEqual(self.charlie.post(f"/tunes/{self.tune.pk}/rate/", {"stars": 1}).status_code, 403)

    def test_it_blocks_none_of_the_staff(self) -> None:
        tune = a_gallery_tune(self.dana)
        erin = an_account("erin", is_staff=True)
        self.assertContains(self.act("tunes/tune", "block", tune, person=erin), "Staff cannot be blocked")
        self.assertFalse(Block.objects.exists())

    def test_a_blocked_browsers_new_account_is_blocked_and_an_older_one_is_not(self) -> None:
        self.block(self.charlie)
        new = an_account("new")
        listener_adopt(key=self.charlie.listener.key, profile=self.bob.profile)
        listener_adopt(key=self.charlie.listener.key, profile=new.profile)
        self.assertFalse(is_blocked(self.bob.listener))
        self.assertTrue(is_blocked(new.listener))
