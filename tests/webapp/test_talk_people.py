"""Following makers, and what the site tells its listeners."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from unittest import mock

from django.http import HttpResponse
from django.test import TestCase, override_settings
from django.utils import timezone

from tests.builders import Person, a_comment, a_gallery_tune, a_moderator, a_ready_tune, an_account
from webapp.accounts.adopting import listener_adopt
from webapp.accounts.exporting import export_of
from webapp.accounts.leaving import account_leave
from webapp.moderation.services import hide
from webapp.talk.models import Comment, Follow, Notice
from webapp.talk.noticing import AT_ONCE
from webapp.talk.selectors import notices_unread
from webapp.talk.tasks import forget_notices
from webapp.tunes.keeping import tune_show
from webapp.tunes.models import Tune

GENEROUS = override_settings(TUNES_PER_MINUTE_VISITOR=1000, TUNES_PER_MINUTE_ADDRESS=1000)


def follow(person: Person, maker: Person, wanted: str = "yes", **more: str) -> HttpResponse:
    return person.post(f"/makers/{maker.profile.slug}/follow/", {"follow": wanted} | more)


def publish(maker: Person, tune: Tune | None = None) -> Tune:
    tune = Tune.objects.select_related("parent", "owner").get(pk=(tune or a_ready_tune(maker)).pk)
    tune_show(tune=tune, listener=maker.listener, visibility=Tune.Visibility.PUBLIC)
    return tune


@GENEROUS
class FollowTest(TestCase):
    def setUp(self) -> None:
        self.alice, self.bob = an_account("alice"), Person("bob")

    def test_it_refuses_to_follow_oneself_and_what_is_neither_yes_nor_no(self) -> None:
        self.assertContains(follow(self.alice, self.alice), "your own tunes", status_code=403)
        for wanted in ("", "1", "\x00"):
            self.assertEqual(follow(self.bob, self.alice, wanted).status_code, 422)
        self.assertEqual(self.bob.post("/makers/nobody/follow/", {"follow": "yes"}).status_code, 404)
        self.assertFalse(Follow.objects.exists())

    def test_it_follows_once_however_often_and_stops(self) -> None:
        for _ in range(2):
            self.assertEqual(follow(self.bob, self.alice).url, f"/makers/{self.alice.profile.slug}/")
        self.assertEqual(Follow.objects.count(), 1)
        self.assertContains(self.bob.get(f"/makers/{self.alice.profile.slug}/"), "following · stop")
        for _ in range(2):
            follow(self.bob, self.alice, "no")
        self.assertFalse(Follow.objects.exists())

    def test_it_comes_back_to_our_own_pages_alone(self) -> None:
        self.assertEqual(follow(self.bob, self.alice, next="/my/following/").url, "/my/following/")
        for foreign in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example", "x"):
            self.assertEqual(follow(self.bob, self.alice, next=foreign).url, f"/makers/{self.alice.profile.slug}/")

    def test_its_page_shows_the_makers_and_their_newest_public_tunes(self) -> None:
        shown = [a_gallery_tune(self.alice, published=timezone.now() - timedelta(hours=n)) for n in range(2)]
        a_ready_tune(self.alice)
        a_gallery_tune(self.alice, hidden=True)
        a_gallery_tune(an_account("wren"))
        follow(self.bob, self.alice)
        context = self.bob.get("/my/following/").context
        self.assertEqual([row.maker for row in context["follows"]], [self.alice.profile])
        self.assertEqual(context["page"], shown)
        with mock.patch("webapp.talk.selectors.PAGE_TUNES", 1):
            cursor = self.bob.get("/my/following/").context["next_cursor"]
            self.assertEqual(self.bob.get("/my/following/", {"after": cursor}).context["page"], shown[1:])
        for name in ("after", "makers"):
            self.assertEqual(self.bob.get("/my/following/", {name: "forged"}).status_code, 404)

    def test_a_maker_whose_account_is_closed_is_not_followed_any_more(self) -> None:
        follow(self.bob, self.alice)
        self.alice.user.is_active = False
        self.alice.user.save()
        self.assertEqual(self.bob.get("/my/following/").context["follows"], [])

    def test_signing_in_brings_follows_along_each_once_and_none_of_oneself(self) -> None:
        account, wren = an_account("bob"), an_account("wren")
        for person, maker in ((self.bob, self.alice), (self.bob, wren), (account, wren), (self.bob, account)):
            follow(person, maker)
        listener_adopt(key=self.bob.listener.key, profile=account.profile)
        makers = Follow.objects.filter(listener=account.profile.key).values_list("maker", flat=True)
        self.assertCountEqual(makers, [self.alice.profile.pk, wren.profile.pk])
        self.assertEqual(Follow.objects.count(), 2)


@GENEROUS
class NoticeTest(TestCase):
    def setUp(self) -> None:
        self.alice, self.bob, self.charlie = an_account("alice"), an_account("bob"), Person("charlie")

    def told(self, person: Person) -> list[tuple[str, str]]:
        return [(notice.kind, notice.tune_id) for notice in person.get("/my/notices/").context["page"]]

    def say(self, person: Person, tune: Tune, **more: object) -> Comment:
        person.post(f"/tunes/{tune.pk}/comments/", {"text": "Lovely."} | more)
        return Comment.objects.latest("pk")

    def test_followers_hear_of_a_tune_when_it_is_first_public_and_only_then(self) -> None:
        for person in (self.bob, self.charlie):
            follow(person, self.alice)
        tune = publish(self.alice)
        for visibility in ("unlisted", "public"):
            tune_show(tune=tune, listener=self.alice.listener, visibility=visibility)
        for person in (self.bob, self.charlie):
            self.assertEqual(self.told(person), [("tune", tune.pk)])
        self.assertEqual(self.told(self.alice), [])

    def test_it_tells_many_followers_in_a_few_writes(self) -> None:
        many = 2 * AT_ONCE + 7
        maker = self.alice.profile
        Follow.objects.bulk_create(Follow(listener=f"listener-{n}", maker=maker) for n in range(many))
        with mock.patch.object(Notice.objects, "bulk_create", wraps=Notice.objects.bulk_create) as writes:
            tune = publish(self.alice)
        self.assertEqual(writes.call_count, 3)
        self.assertEqual(Notice.objects.filter(tune=tune).count(), many)

    def test_whose_tune_it_came_from_hears_of_it_once(self) -> None:
        source = a_gallery_tune(self.alice)
        follow(self.alice, self.bob)
        child = publish(self.bob, a_ready_tune(self.bob, parent=source, root=source.pk, tweak="faster"))
        self.assertEqual(self.told(self.alice), [("remix", child.pk)])
        own = publish(self.alice, a_ready_tune(self.alice, parent=source, root=source.pk, tweak="faster"))
        self.assertNotIn(("remix", own.pk), self.told(self.alice))

    def test_the_maker_hears_of_comments_and_whoever_is_answered_of_the_answer(self) -> None:
        tune = a_gallery_tune(self.alice)
        thread = self.say(self.bob, tune)
        self.assertEqual(self.told(self.alice), [("comment", tune.pk)])
        self.say(self.alice, tune, reply_to=thread.pk)
        self.assertEqual(self.told(self.bob), [("reply", tune.pk)])
        wren = an_account("wren")
        self.say(wren, tune, reply_to=thread.pk)
        self.assertEqual([kind for kind, _ in self.told(self.bob)], ["reply", "reply"])
        self.assertEqual([kind for kind, _ in self.told(self.alice)], ["comment", "comment"])

    def test_nobody_hears_of_what_they_did_themselves(self) -> None:
        tune = a_gallery_tune(self.alice)
        thread = self.say(self.alice, tune)
        self.say(self.alice, tune, reply_to=thread.pk)
        self.assertFalse(Notice.objects.exists())

    def test_a_maker_answered_on_their_own_tune_hears_of_it_once(self) -> None:
        tune = a_gallery_tune(self.alice)
        thread = self.say(self.alice, tune)
        self.say(self.bob, tune, reply_to=thread.pk)
        self.assertEqual(self.told(self.alice), [("reply", tune.pk)])

    def test_it_shows_nothing_that_leads_nowhere(self) -> None:
        follow(self.bob, self.alice)
        tune = publish(self.alice)
        said = self.say(self.bob, tune)
        self.assertEqual((notices_unread(self.bob.listener), notices_unread(self.alice.listener)), (1, 1))
        for changes in ({"visibility": "private"}, {"hidden": True}, {"deleted": timezone.now()}):
            before = {name: getattr(tune, name) for name in changes}
            Tune.objects.filter(pk=tune.pk).update(**changes)
            self.assertEqual((notices_unread(self.bob.listener), self.told(self.bob)), (0, []))
            Tune.objects.filter(pk=tune.pk).update(**before)
            Notice.objects.update(read=None)
        Tune.objects.filter(pk=tune.pk).update(visibility="unlisted")
        self.assertEqual(self.told(self.bob), [])
        self.bob.post(f"/comments/{said.pk}/delete/")
        self.assertEqual(self.told(self.alice), [])

    def test_what_staff_did_to_a_comment_does_not_name_a_tune_that_was_taken_back(self) -> None:
        tune = a_gallery_tune(self.alice)
        hide(moderator=a_moderator().user, comment=a_comment(self.bob, tune))
        self.assertContains(self.bob.get("/my/notices/"), tune.title)
        Tune.objects.filter(pk=tune.pk).update(visibility="private", title="My secret")
        self.assertNotContains(self.bob.get("/my/notices/"), "My secret")
        self.assertEqual(notices_unread(self.bob.listener), 0)

    def test_it_is_new_once_and_counted_no_further_than_nine(self) -> None:
        tune = a_gallery_tune(self.alice)
        self.assertNotContains(self.alice.get("/about/"), "masthead-new")
        for number in range(12):
            Notice.objects.create(
                listener=self.alice.listener.key,
                kind="comment",
                tune=tune,
                comment=a_comment(self.bob, tune, str(number)),
            )
        self.assertContains(self.alice.get("/about/"), "Notices <b>9+</b>")
        first = self.alice.get("/my/notices/")
        self.assertContains(first, 'class="new"', count=12)
        second = self.alice.get("/my/notices/")
        self.assertNotContains(second, 'class="new"')
        self.assertNotContains(second, "masthead-new")

    def test_it_goes_back_page_by_page_and_refuses_a_forged_cursor(self) -> None:
        tune = a_gallery_tune(self.alice)
        for number in range(5):
            comment = a_comment(self.bob, tune, str(number))
            Notice.objects.create(listener=self.alice.listener.key, kind="comment", tune=tune, comment=comment)
        with mock.patch("webapp.talk.selectors.PAGE_NOTICES", 2):
            seen, cursor = [], ""
            while True:
                context = self.alice.get("/my/notices/", {"after": cursor} if cursor else {}).context
                seen += [notice.comment.text for notice in context["page"]]
                cursor = context["next_cursor"]
                if not cursor:
                    break
        self.assertEqual(seen, ["4", "3", "2", "1", "0"])
        for forged in ("x", "\x00", "W10:1:2"):
            self.assertEqual(self.alice.get("/my/notices/", {"after": forged}).status_code, 404)

    def test_it_asks_as_much_for_one_as_for_thirty(self) -> None:
        tune = a_gallery_tune(self.alice)
        counts = []
        self.alice.get("/about/")  # the first visit of a session is noted
        for number in (1, 29):
            for _ in range(number):
                comment = a_comment(an_account(f"p{number}"), tune)
                Notice.objects.create(
                    listener=self.alice.listener.key, kind="comment", tune=tune, comment=comment, actor=comment.author
                )
            with self.assertNumQueries(6):
                counts.append(len(self.alice.get("/my/notices/").context["page"]))
        self.assertEqual(counts, [1, 30])

    def test_what_was_read_long_ago_is_forgotten(self) -> None:
        key, long_ago = self.alice.listener.key, timezone.now() - timedelta(days=91)
        for read in (None, timezone.now(), long_ago):
            Notice.objects.create(listener=key, kind="blocked", created=long_ago, read=read)
        forget_notices()
        self.assertFalse(Notice.objects.filter(read=long_ago).exists())
        self.assertEqual(Notice.objects.count(), 2)

    def test_signing_in_brings_a_browsers_notices_along(self) -> None:
        follow(self.charlie, self.alice)
        tune = publish(self.alice)
        listener_adopt(key=self.charlie.listener.key, profile=self.bob.profile)
        self.assertEqual(self.told(self.bob), [("tune", tune.pk)])

    def test_leaving_takes_words_and_follows_along_and_leaves_places_for_answers(self) -> None:
        tune = a_gallery_tune(self.alice)
        alone, answered = self.say(self.bob, tune), self.say(self.bob, tune, text="Twice lovely.")
        answer = self.say(self.alice, tune, reply_to=answered.pk)
        follow(self.bob, self.alice)
        account_leave(profile=self.bob.profile, with_tunes=False)
        self.assertFalse(Comment.objects.filter(pk=alone.pk).exists())
        answered.refresh_from_db()
        self.assertEqual((answered.text, answered.deleted, answered.author), ("", True, None))
        self.assertTrue(Comment.objects.filter(pk=answer.pk).exists())
        self.assertFalse(Follow.objects.exists())
        self.assertContains(self.charlie.get(tune.get_absolute_url()), "This comment was deleted.")

    def test_all_of_it_is_taken_home(self) -> None:
        tune = a_gallery_tune(self.alice)
        self.say(self.bob, tune)
        follow(self.bob, self.alice)
        self.bob.post(f"/tunes/{tune.pk}/favourite/", {"favourite": "yes"})
        self.bob.post(f"/tunes/{tune.pk}/report/", {"reason": "spam", "note": "An advertisement"})
        with export_of(self.bob.listener) as file, zipfile.ZipFile(file) as archive:
            held = {
                name: json.loads(archive.read(f"{name}.json"))
                for name in ("comments", "following", "favourites", "reports")
            }
        self.assertEqual(held["comments"][0]["text"], "Lovely.")
        self.assertEqual(held["following"][0]["maker"], "Alice")
        self.assertEqual(held["favourites"][0]["tune"], tune.pk)
        self.assertEqual(held["reports"][0]["note"], "An advertisement")
