"""Reports by listeners: of what they see, one on a thing, and no flood of them."""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.builders import a_comment, a_gallery_tune, an_account
from tests.webapp.moderating import ModerationCase
from webapp.accounts.adopting import listener_adopt
from webapp.accounts.leaving import account_leave
from webapp.moderation import services
from webapp.moderation.models import Outcome, Report
from webapp.moderation.services import REPORTS_PER_HOUR


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
        wren = an_account("wren")
        listener_adopt(key=self.charlie.listener.key, profile=wren.profile)
        listener_adopt(key=self.bob.listener.key, profile=wren.profile)
        self.assertEqual(Report.objects.filter(listener=wren.profile.key, tune=self.tune).count(), 1)
        self.assertEqual(Report.objects.count(), 2)

    def test_a_report_by_somebody_who_leaves_is_nobodys(self) -> None:
        self.report(self.bob, self.tune)
        account_leave(profile=self.bob.profile, with_tunes=True)
        self.assertTrue(Report.objects.get().listener.startswith("nobody-"))
