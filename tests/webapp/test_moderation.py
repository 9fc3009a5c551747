"""What the staff do about what was reported: seen, logged, and told to whom it befalls."""

from __future__ import annotations

from django.contrib.admin.utils import quote

from tests.builders import Person, a_comment, a_gallery_tune, a_ready_tune, an_account
from tests.webapp.moderating import ModerationCase
from webapp.accounts.leaving import account_leave
from webapp.gallery.models import Entry
from webapp.moderation import services
from webapp.moderation.models import Act, LogIsKept, Report
from webapp.talk.models import Comment
from webapp.tunes.models import Tune
from webapp.tunes.services import NotAllowed


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
        wren = an_account("wren", is_staff=True)
        self.assertContains(wren.get("/admin/moderation/report/"), self.tune.title)
        self.act("moderation/report", "hide", Report.objects.get(), person=wren)
        self.assertTrue(Tune.objects.get(pk=self.tune.pk).hidden)
        self.assertIn("Wren", Act.objects.get().moderator_name)


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
