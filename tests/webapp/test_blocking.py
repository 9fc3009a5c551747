"""Blocked people: what they can do no longer, what they still can, and who becomes one."""

from __future__ import annotations

from django.test import Client

from tests.builders import Person, a_gallery_tune, a_ready_tune, a_token, an_account
from tests.webapp.moderating import ModerationCase
from webapp.accounts.adopting import listener_adopt
from webapp.accounts.leaving import account_leave
from webapp.moderation import services
from webapp.moderation.models import Block, Report
from webapp.moderation.selectors import is_blocked
from webapp.ratings.models import Favourite, Rating
from webapp.talk.models import Comment


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

    def test_somebody_blocked_writes_nothing_new_where_others_read_about_them(self) -> None:
        was = {"name": self.bob.profile.name, "about": "", "starts_as": "unlisted"}
        program = Client(headers={"Authorization": f"Bearer {a_token(self.bob)}"})
        self.block(self.bob)
        for change in ({"name": "Shouting"}, {"about": "Shouting"}):
            answer = self.bob.post("/my/settings/", was | change)
            self.assertContains(answer, "Our staff have blocked", status_code=403)
            answer = program.patch("/api/v1/me/", change, "application/json")
            self.assertContains(answer, "Our staff have blocked", status_code=403)
        self.assertEqual(self.bob.post("/my/settings/", was | {"starts_as": "private"}).status_code, 302)
        self.bob.profile.refresh_from_db()
        self.assertEqual((self.bob.profile.name, self.bob.profile.starts_as), (was["name"], "private"))

    def test_a_browser_that_is_new_at_every_request_gets_round_nothing(self) -> None:
        where = f"/tunes/{self.tune.pk}"
        for address, sent in (
            (f"{where}/rate/", {"stars": 1}),
            (f"{where}/favourite/", {"favourite": "yes"}),
            (f"{where}/report/", {"reason": "spam"}),
            (f"/makers/{self.alice.profile.slug}/follow/", {"follow": "yes"}),
        ):
            self.assertContains(Client().post(address, sent), "no cookie", status_code=403)
        self.assertFalse(self.tune.ratings.exists() or self.tune.favourites.exists() or self.tune.reports.exists())

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
        wren = an_account("wren", is_staff=True)
        self.assertContains(self.act("tunes/tune", "block", tune, person=wren), "Staff cannot be blocked")
        self.assertFalse(Block.objects.exists())

    def test_a_blocked_browsers_new_account_is_blocked_and_an_older_one_is_not(self) -> None:
        self.block(self.charlie)
        wren = an_account("wren")
        listener_adopt(key=self.charlie.listener.key, profile=self.bob.profile)
        listener_adopt(key=self.charlie.listener.key, profile=wren.profile)
        self.assertFalse(is_blocked(self.bob.listener))
        self.assertTrue(is_blocked(wren.listener))
