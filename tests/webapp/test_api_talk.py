"""Favourites, comments, follows, notices and reports through the API, and the account itself."""

from __future__ import annotations

from unittest import mock

from tests.builders import a_comment, a_gallery_tune, a_moderator, a_ready_tune
from tests.webapp.test_api_tunes import WithPeople
from webapp.moderation.models import Block, Report
from webapp.moderation.services import hide
from webapp.ratings.models import Favourite, Rating
from webapp.talk.models import LONGEST_COMMENT, Comment, Follow


class TalkCase(WithPeople):
    def setUp(self) -> None:
        super().setUp()
        self.tune = a_gallery_tune(self.alice)
        self.where = f"tunes/{self.tune.pk}/"


class BadTalkTest(TalkCase):
    def test_it_refuses_comments_that_are_none(self) -> None:
        texts = (None, 7, [], {}, True, "", " \n ", "\u200b", "a\x00b", "x" * (LONGEST_COMMENT + 1), "\ud800")
        for text in texts:
            with self.subTest(ascii(text)[:30]):
                self.refused("POST", f"{self.where}comments/", self.bob, {"text": text}, 400, "text")
        self.refused("POST", f"{self.where}comments/", self.bob, {"text": "x" * 1_000_000}, 413)
        self.refused("POST", f"{self.where}comments/", self.bob, {}, 400, "text")
        self.refused("POST", f"{self.where}comments/", self.bob, {"text": "Lovely.", "author": 1}, 400, "author")
        self.assertFalse(Comment.objects.exists())

    def test_it_refuses_answers_to_what_is_not_there(self) -> None:
        elsewhere = a_comment(self.alice, a_gallery_tune(self.alice))
        thread = a_comment(self.alice, self.tune)
        answer = a_comment(self.bob, self.tune, parent=thread)
        hidden = a_comment(self.alice, self.tune, hidden=True)
        for reply_to in (elsewhere.pk, answer.pk, hidden.pk, 0, -1, 10**9, 10**30, "x", [], {}, 1.5, True):
            with self.subTest(str(reply_to)):
                sent = {"text": "Yes.", "reply_to": reply_to}
                self.refused("POST", f"{self.where}comments/", self.bob, sent, 400, "reply_to")
        self.assertEqual(Comment.objects.count(), 4)

    def test_it_refuses_to_touch_words_of_others(self) -> None:
        comment = a_comment(self.alice, self.tune, "Mine.")
        self.refused("PATCH", f"comments/{comment.pk}/", self.bob, {"text": "Yours."}, 404)
        self.refused("DELETE", f"comments/{comment.pk}/", self.bob, None, 404)
        for text in ("", "a\x00b", None, "x" * (LONGEST_COMMENT + 1)):
            self.refused("PATCH", f"comments/{comment.pk}/", self.alice, {"text": text}, 400, "text")
        for number in (0, 10**9, 10**30):
            self.refused("PATCH", f"comments/{number}/", self.alice, {"text": "x"}, 404)
        self.assertEqual(Comment.objects.get().text, "Mine.")

    def test_it_refuses_reports_that_are_none(self) -> None:
        comment = a_comment(self.alice, self.tune)
        secret = a_ready_tune(self.alice, visibility="private")
        of_tune = {"tune": self.tune.pk}
        for sent in (
            {"reason": "spam"},
            {"reason": "spam", "tune": self.tune.pk, "comment": comment.pk},
            {"reason": "spam", "tune": "x"},
            {"reason": "spam", "tune": "\x00" * 22},
            {"reason": "spam", "tune": secret.pk},
            {"reason": "spam", "tune": 7},
            {"reason": "spam", "comment": 10**30},
            {"reason": "spam", "comment": "x"},
            {"reason": "boring"} | of_tune,
            {"reason": None} | of_tune,
            {"reason": "spam", "note": "x" * 501} | of_tune,
            {"reason": "spam", "note": "a\x00b"} | of_tune,
            {"reason": "spam", "note": 7} | of_tune,
        ):
            with self.subTest(ascii(sent)[:60]):
                self.refused("POST", "reports/", self.bob, sent, 400)
        self.refused("POST", "reports/", self.alice, {"reason": "spam"} | of_tune, 403)
        self.assertFalse(Report.objects.exists())

    def test_it_refuses_names_that_are_none(self) -> None:
        before = self.alice.profile.name
        for sent in (
            {"name": ""},
            {"name": " \u200b "},
            {"name": "a\x00b"},
            {"name": "x" * 61},
            {"name": None},
            {"name": 7},
            {"about": "x" * 501},
            {"about": None},
            {"about": "a\x00b"},
            {"starts_as": "public"},
            {"starts_as": None},
            {"slug": "bob"},
            {"key": self.bob.profile.key},
            {"email": "a@example.org"},
        ):
            with self.subTest(ascii(sent)[:40]):
                self.refused("PATCH", "me/", self.alice, sent, 400)
        self.alice.profile.refresh_from_db()
        self.assertEqual(self.alice.profile.name, before)

    def test_it_says_so_to_those_who_are_blocked(self) -> None:
        Block.objects.create(key=self.bob.profile.key, profile=self.bob.profile)
        for method, where, sent in (
            ("PUT", f"{self.where}rating/", {"stars": 1}),
            ("PUT", f"{self.where}favourite/", None),
            ("POST", f"{self.where}comments/", {"text": "x"}),
            ("POST", "reports/", {"tune": self.tune.pk, "reason": "spam"}),
        ):
            with self.subTest(where):
                error = self.refused(method, where, self.bob, sent, 403)
                self.assertIn("blocked", error["message"])
        self.assertFalse(Rating.objects.exists() or Favourite.objects.exists() or Comment.objects.exists())


class TalkTest(TalkCase):
    def test_it_comments_answers_edits_and_deletes(self) -> None:
        text = "<script>alert(1)</script> Lovely."
        first = self.ask("POST", f"{self.where}comments/", self.bob, {"text": text})
        self.assertEqual((first.status_code, first.json()["text"], first.json()["mine"]), (201, text, True))
        number = first.json()["id"]
        self.ask("POST", f"{self.where}comments/", self.alice, {"text": "Thank you.", "reply_to": number})
        [thread] = self.ask("GET", f"{self.where}comments/").json()["results"]
        self.assertEqual((thread["author"]["slug"], thread["reply_count"]), (self.bob.profile.slug, 1))
        self.assertEqual(thread["replies"][0]["text"], "Thank you.")
        edited = self.ask("PATCH", f"comments/{number}/", self.bob, {"text": "Lovelier."}).json()
        self.assertEqual(edited["text"], "Lovelier.")
        self.assertIsNotNone(edited["edited"])
        self.assertEqual(self.ask("DELETE", f"comments/{number}/", self.bob).status_code, 204)
        whole = self.ask("GET", f"comments/{number}/").json()
        self.assertEqual((whole["comment"]["text"], len(whole["results"])), ("", 1))

    def test_it_pages_comments(self) -> None:
        for number in range(45):
            a_comment(self.bob, self.tune, f"number {number}")
        where, texts = f"/api/v1/{self.where}comments/", []
        while where:
            page = self.program.get(where).json()
            texts += [thread["text"] for thread in page["results"]]
            where = page["next"]
        self.assertEqual(texts, [f"number {number}" for number in range(44, -1, -1)])
        self.refused("GET", f"{self.where}comments/?after=forged", None, None, 404)

    def test_it_shows_nothing_that_staff_have_hidden(self) -> None:
        comment = a_comment(self.bob, self.tune, "Unkind words")
        hide(moderator=a_moderator().user, comment=comment)
        self.assertEqual(self.ask("GET", f"{self.where}comments/").json()["results"], [])
        self.refused("GET", f"comments/{comment.pk}/", None, None, 404)
        self.refused("PATCH", f"comments/{comment.pk}/", self.bob, {"text": "Kind words"}, 403)

    def test_it_asks_for_patience_after_many_comments(self) -> None:
        with mock.patch("webapp.talk.services.COMMENTS_PER_MINUTE", 1):
            self.ask("POST", f"{self.where}comments/", self.bob, {"text": "One."})
            answer = self.ask("POST", f"{self.where}comments/", self.bob, {"text": "Two."})
        self.assertEqual(self.assert_error(answer, 429)["code"], "too_many_comments")
        self.assertEqual(answer["Retry-After"], "60")

    def test_it_keeps_favourites(self) -> None:
        for _ in range(2):
            self.assertTrue(self.ask("PUT", f"{self.where}favourite/", self.bob).json()["my_favourite"])
        self.assertEqual(Favourite.objects.count(), 1)
        self.assertTrue(self.ask("GET", self.where, self.bob).json()["my_favourite"])
        liked = self.ask("GET", "me/favourites/", self.bob).json()["results"]
        self.assertEqual([tune["id"] for tune in liked], [self.tune.pk])
        self.assertEqual(self.ask("GET", "me/favourites/", self.alice).json()["results"], [])
        self.assertFalse(self.ask("DELETE", f"{self.where}favourite/", self.bob).json()["my_favourite"])
        self.assertFalse(Favourite.objects.exists())

    def test_it_takes_stars_back(self) -> None:
        self.ask("PUT", f"{self.where}rating/", self.bob, {"stars": 4})
        for _ in range(2):
            answer = self.ask("DELETE", f"{self.where}rating/", self.bob).json()
            self.assertEqual(answer, {"my_stars": None, "stars": {"average": None, "count": 0}})

    def test_it_follows_and_tells(self) -> None:
        where = f"makers/{self.alice.profile.slug}/follow/"
        self.assertTrue(self.ask("PUT", where, self.bob).json()["following"])
        self.refused("PUT", where, self.alice, None, 403)
        self.refused("PUT", "makers/nobody/follow/", self.bob, None, 404)
        [maker] = self.ask("GET", "me/follows/", self.bob).json()["results"]
        self.assertEqual(maker["slug"], self.alice.profile.slug)
        new = a_ready_tune(self.alice)
        self.ask("PATCH", f"tunes/{new.pk}/", self.alice, {"visibility": "public"})
        told = self.ask("GET", "me/notices/", self.bob).json()
        self.assertEqual((told["unread"], told["results"][0]["kind"]), (1, "tune"))
        self.assertEqual(told["results"][0]["tune"]["id"], new.pk)
        self.assertEqual(self.ask("POST", "me/notices/read/", self.bob).status_code, 204)
        self.assertEqual(self.ask("GET", "me/notices/", self.bob).json()["unread"], 0)
        self.assertFalse(self.ask("DELETE", where, self.bob).json()["following"])
        self.assertFalse(Follow.objects.exists())

    def test_it_reports(self) -> None:
        comment = a_comment(self.alice, self.tune)
        for sent in ({"tune": self.tune.pk, "note": "It is O'Neill 1234."}, {"comment": comment.pk}):
            answer = self.ask("POST", "reports/", self.bob, sent | {"reason": "copied"})
            self.assertEqual((answer.status_code, answer.json()["reason"]), (201, "copied"))
        self.assertEqual(Report.objects.count(), 2)

    def test_it_changes_the_account(self) -> None:
        me = self.ask("PATCH", "me/", self.alice, {"name": "Alice of the Hill", "starts_as": "private"}).json()
        self.assertEqual((me["name"], me["starts_as"], me["slug"]), ("Alice of the Hill", "private", me["slug"]))
        self.assertEqual(self.ask("PATCH", "me/", self.alice, {"about": "Whistle."}).json()["name"], me["name"])
        self.assertEqual(self.ask("GET", f"makers/{me['slug']}/").json()["about"], "Whistle.")
