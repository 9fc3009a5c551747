"""Comments: what is turned away, what is kept, and how a page shows it."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

from django.http import HttpResponse
from django.test import TestCase, override_settings
from django.utils import timezone

from tests.builders import Person, a_comment, a_gallery_tune, a_moderator, a_queued_tune, an_account, assert_plain_words
from webapp.gallery.models import Entry
from webapp.talk.models import LONGEST_COMMENT, Comment
from webapp.talk.services import COMMENTS_PER_MINUTE, comment_write
from webapp.talk.words import WordsError, clean_words
from webapp.tunes.models import Tune
from webapp.tunes.services import NotAllowed

RLO, RLI = "\u202e", "\u2067"


@override_settings(TUNES_PER_MINUTE_VISITOR=1000, TUNES_PER_MINUTE_ADDRESS=1000)
class TalkCase(TestCase):
    def setUp(self) -> None:
        self.alice, self.bob, self.charlie = an_account("alice"), an_account("bob"), Person("charlie")
        self.tune = a_gallery_tune(self.alice)

    def say(self, person: Person, text: object = "Lovely.", tune: Tune | None = None, **more: object) -> HttpResponse:
        where = f"/tunes/{(tune or self.tune).pk}/comments/"
        return person.post(where, {"text": text} | more)

    def page(self, person: Person, **query: str) -> HttpResponse:
        return person.get(self.tune.get_absolute_url(), query)


class BadCommentTest(TalkCase):
    def test_it_keeps_nothing_of_what_is_no_comment_and_says_why(self) -> None:
        for text in ("", " \n\t ", "\u200b\u200d", RLO, "\x00", "Lovely\x00", "\x01\x02", "x" * (LONGEST_COMMENT + 1)):
            with self.subTest(text[:10]):
                answer = self.say(self.bob, text)
                self.assertEqual(answer.status_code, 422)
                for error in answer.context["talk"].form.errors["text"]:
                    assert_plain_words(self, error)
        self.assertFalse(Comment.objects.exists())

    def test_it_turns_a_megabyte_away_with_the_text_still_in_the_box(self) -> None:
        text = "la " * 350_000
        answer = self.say(self.bob, text)
        self.assertEqual(answer.status_code, 422)
        self.assertContains(answer, text.strip()[:9000], status_code=422)
        self.assertContains(answer, "characters too long", status_code=422)
        self.assertFalse(Comment.objects.exists())

    def test_it_has_a_page_of_its_own_for_what_is_larger_than_any_form(self) -> None:
        answer = self.say(self.bob, "la " * 1_200_000)
        self.assertContains(answer, "too much at once", status_code=413)

    def test_it_shows_markup_as_text(self) -> None:
        self.say(self.bob, "<script>alert(1)</script> & <b>loud</b>\nhttps://evil.example/")
        answer = self.page(self.charlie)
        self.assertContains(answer, "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;loud&lt;/b&gt;<br>https://")
        self.assertNotContains(answer, "<script>alert")
        self.assertNotContains(answer, 'href="https://evil')

    def test_it_drops_what_turns_the_letters_round(self) -> None:
        self.say(self.bob, f"very {RLO}doog{RLI} indeed\x07\r\nand \u05e9\u05dc\u05d5\u05dd\r\n\r\n\r\n\r\nmore")
        self.assertEqual(Comment.objects.get().text, "very doog indeed\nand \u05e9\u05dc\u05d5\u05dd\n\nmore")

    def test_it_keeps_what_is_as_long_as_may_be_whatever_the_line_breaks_count(self) -> None:
        text = "\r\n".join(["x" * 99] * 20)
        self.assertEqual(self.say(self.bob, text).status_code, 302)
        self.assertEqual(len(Comment.objects.get().text), 1999)
        self.assertEqual(len(clean_words("🎻" * LONGEST_COMMENT, LONGEST_COMMENT)), LONGEST_COMMENT)

    def test_it_keeps_no_half_of_a_pair_of_surrogates(self) -> None:
        self.assertEqual(clean_words("a\ud800b", 10), "ab")
        with self.assertRaises(WordsError):
            clean_words("\ud800", 10)

    def test_it_answers_no_answer_and_nothing_on_another_tune(self) -> None:
        here, there = a_comment(self.bob, self.tune), a_comment(self.bob, a_gallery_tune(self.alice))
        answer = a_comment(self.alice, self.tune, parent=here)
        for wrong in (answer.pk, there.pk, 10**30, 10**12, 0, -1, "x", "1\x00", "²"):
            with self.subTest(wrong):
                self.assertEqual(self.say(self.bob, reply_to=wrong).status_code, 404)
        for thread in (answer, there):
            with self.assertRaises(NotAllowed):
                comment_write(tune=self.tune, listener=self.bob.listener, text="x", reply_to=thread)
        self.assertEqual(Comment.objects.count(), 3)

    def test_it_takes_none_where_nobody_else_would_hear(self) -> None:
        for changes in ({"visibility": "private"}, {"visibility": "draft"}, {"deleted": timezone.now()}):
            tune = a_gallery_tune(self.alice, **changes)
            for person in (self.alice, self.bob, self.charlie):
                self.assertEqual(self.say(person, tune=tune).status_code, 404)
        self.assertEqual(self.say(self.bob, tune=a_gallery_tune(self.alice, hidden=True)).status_code, 404)
        self.assertEqual(self.say(self.bob, tune=a_queued_tune(self.alice)).status_code, 404)
        self.assertFalse(Comment.objects.exists())

    def test_it_gives_words_back_to_somebody_not_signed_in(self) -> None:
        answer = self.say(self.charlie, "A long thought")
        self.assertContains(answer, "A long thought</textarea>", status_code=403)
        self.assertContains(answer, f"/account/login/?next=/tunes/{self.tune.pk}/%23comments", status_code=403)
        self.assertFalse(Comment.objects.exists())

    def test_it_changes_and_deletes_ones_own_alone(self) -> None:
        comment = a_comment(self.bob, self.tune)
        for person in (self.alice, self.charlie, a_moderator()):
            for act in ("edit", "delete"):
                self.assertEqual(person.post(f"/comments/{comment.pk}/{act}/", {"text": "Mine"}).status_code, 404)
            self.assertEqual(person.get(f"/comments/{comment.pk}/edit/").status_code, 404)
        for strange in (0, 10**12, 10**30):
            for act in ("", "edit/"):
                self.assertEqual(self.bob.get(f"/comments/{strange}/{act}").status_code, 404)
        self.assertEqual(Comment.objects.get().text, "Lovely.")

    def test_nobody_owns_the_comment_of_somebody_who_left(self) -> None:
        Comment.objects.create(tune=self.tune, author=None, text="Long ago")
        comment = Comment.objects.get()
        self.assertEqual(self.charlie.get(f"/comments/{comment.pk}/edit/").status_code, 404)
        self.assertNotContains(self.page(self.charlie), "edit or delete")
        self.assertContains(self.page(self.charlie), "somebody who left")

    def test_it_takes_ten_a_minute_and_loses_no_words_of_the_eleventh(self) -> None:
        for number in range(COMMENTS_PER_MINUTE):
            self.assertEqual(self.say(self.bob, f"number {number}").status_code, 302)
        answer = self.say(self.bob, "and one more")
        self.assertContains(answer, "and one more</textarea>", status_code=429)
        self.assertEqual(Comment.objects.count(), COMMENTS_PER_MINUTE)
        thread = Comment.objects.first()
        answer = self.say(self.bob, "and an answer", reply_to=thread.pk)
        self.assertContains(answer, "and an answer</textarea>", status_code=429)
        Comment.objects.update(created=timezone.now() - timedelta(minutes=2))
        self.assertEqual(self.say(self.bob, "and one more").status_code, 302)

    def test_it_keeps_one_of_a_double_tap(self) -> None:
        for _ in range(2):
            self.assertEqual(self.say(self.bob).status_code, 302)
        self.assertEqual(Comment.objects.count(), 1)

    def test_it_has_no_page_for_a_forged_cursor(self) -> None:
        comment = a_comment(self.bob, self.tune)
        for forged in ("x", "\x00", "W10:1:2", "x" * 5000):
            self.assertEqual(self.page(self.bob, comments=forged).status_code, 404)
            self.assertEqual(self.bob.get(f"/comments/{comment.pk}/", {"after": forged}).status_code, 404)


class CommentTest(TalkCase):
    def test_it_comes_back_to_what_was_said(self) -> None:
        answer = self.say(self.bob)
        comment = Comment.objects.get()
        self.assertEqual(answer.url, f"/tunes/{self.tune.pk}/#comment-{comment.pk}")
        self.assertContains(self.page(self.charlie), f'id="comment-{comment.pk}"')
        self.assertContains(self.page(self.charlie), "Lovely.")

    def test_it_is_said_on_an_unlisted_tune_too(self) -> None:
        tune = a_gallery_tune(self.alice, visibility="unlisted")
        self.assertEqual(self.say(self.bob, tune=tune).status_code, 302)

    def test_it_is_edited_and_says_so(self) -> None:
        comment = a_comment(self.bob, self.tune, "Lovley.")
        self.assertContains(self.bob.get(f"/comments/{comment.pk}/edit/"), "Lovley.</textarea>")
        self.assertEqual(self.bob.post(f"/comments/{comment.pk}/edit/", {"text": "Lovely."}).status_code, 302)
        comment.refresh_from_db()
        self.assertEqual((comment.text, comment.edited is None), ("Lovely.", False))
        self.assertContains(self.page(self.charlie), "<span>edited</span>")
        answer = self.bob.post(f"/comments/{comment.pk}/edit/", {"text": "x" * 3000})
        self.assertContains(answer, "x" * 3000, status_code=422)

    def test_it_is_gone_when_deleted(self) -> None:
        comment = a_comment(self.bob, self.tune)
        self.bob.post(f"/comments/{comment.pk}/delete/")
        self.assertFalse(Comment.objects.exists())
        self.assertEqual(self.bob.post(f"/comments/{comment.pk}/delete/").status_code, 404)

    def test_it_leaves_an_empty_place_while_answers_hang_on_it(self) -> None:
        thread = a_comment(self.bob, self.tune, "A secret")
        answer = a_comment(self.alice, self.tune, "Thank you.", parent=thread)
        self.bob.post(f"/comments/{thread.pk}/delete/")
        thread.refresh_from_db()
        self.assertEqual((thread.text, thread.deleted), ("", True))
        page = self.page(self.charlie)
        self.assertContains(page, "This comment was deleted.")
        self.assertContains(page, "Thank you.")
        self.assertEqual(self.say(self.bob, reply_to=thread.pk).status_code, 404)
        self.alice.post(f"/comments/{answer.pk}/delete/")
        self.assertFalse(Comment.objects.exists())

    def test_it_is_deleted_even_when_the_tune_has_gone_out_of_sight(self) -> None:
        comment = a_comment(self.bob, self.tune)
        Tune.objects.update(visibility="private")
        self.assertEqual(self.bob.get(f"/comments/{comment.pk}/").status_code, 404)
        self.assertEqual(self.bob.post(f"/comments/{comment.pk}/delete/").url, "/my/notices/")
        self.assertFalse(Comment.objects.exists())

    def test_its_own_page_does_not_name_a_tune_that_was_taken_back(self) -> None:
        comment = a_comment(self.bob, self.tune)
        self.assertContains(self.bob.get(f"/comments/{comment.pk}/edit/"), self.tune.title)
        Tune.objects.filter(pk=self.tune.pk).update(visibility="private", title="My secret")
        page = self.bob.get(f"/comments/{comment.pk}/edit/")
        self.assertNotContains(page, "My secret")
        self.assertNotContains(page, self.tune.pk)

    def test_it_is_found_in_the_gallery_until_it_is_taken_back(self) -> None:
        def found() -> bool:
            return "marzipan" in Entry.objects.get(tune=self.tune).words

        self.say(self.bob, "Tastes of marzipan")
        self.assertTrue(found())
        comment = Comment.objects.get()
        self.bob.post(f"/comments/{comment.pk}/edit/", {"text": "Tastes of salt"})
        self.assertFalse(found())
        self.bob.post(f"/comments/{comment.pk}/edit/", {"text": "marzipan after all"})
        self.bob.post(f"/comments/{comment.pk}/delete/")
        self.assertFalse(found())

    def test_it_warms_a_tune_by_the_first_word_of_somebody_else(self) -> None:
        cold = Entry.objects.get(tune=self.tune).trending
        self.say(self.alice)
        self.assertEqual(Entry.objects.get(tune=self.tune).trending, cold)
        self.say(self.bob)
        warm = Entry.objects.get(tune=self.tune).trending
        self.assertGreater(warm, cold)
        self.say(self.bob, "More")
        self.assertEqual(Entry.objects.get(tune=self.tune).trending, warm)

    @mock.patch("webapp.talk.selectors.PAGE_THREADS", 3)
    def test_it_shows_newest_threads_first_page_by_page(self) -> None:
        now = timezone.now()
        written = [a_comment(self.bob, self.tune, created=now - timedelta(seconds=n // 2)) for n in range(8)]
        expected = [c.pk for c in sorted(written, key=lambda c: (c.created, c.pk), reverse=True)]
        seen, cursor = [], ""
        while True:
            talk = self.page(self.charlie, **({"comments": cursor} if cursor else {})).context["talk"]
            seen += [comment.pk for comment in talk.threads]
            cursor = talk.next_cursor
            if not cursor:
                break
        self.assertEqual(seen, expected)

    def test_it_comes_back_to_the_page_it_was_answered_on(self) -> None:
        with mock.patch("webapp.talk.selectors.PAGE_THREADS", 1):
            old = a_comment(self.bob, self.tune, created=timezone.now() - timedelta(hours=1))
            a_comment(self.bob, self.tune)
            cursor = self.page(self.bob).context["talk"].next_cursor
            answer = self.say(self.alice, "Thank you.", reply_to=old.pk, comments=cursor)
            self.assertContains(self.alice.get(answer.url.split("#")[0]), "Thank you.")

    def test_it_shows_the_last_answers_and_leads_to_all(self) -> None:
        thread = a_comment(self.bob, self.tune)
        answers = [a_comment(self.alice, self.tune, f"answer {n}", parent=thread) for n in range(7)]
        page = self.page(self.charlie)
        shown = page.context["talk"].threads[0].shown_replies
        self.assertEqual([answer.pk for answer in shown], [answer.pk for answer in answers[-5:]])
        self.assertContains(page, "All 7 replies")
        whole = self.charlie.get(f"/comments/{thread.pk}/").context["thread"]
        self.assertEqual([answer.pk for answer in whole.replies], [answer.pk for answer in answers])

    @mock.patch("webapp.talk.selectors.PAGE_REPLIES", 3)
    def test_it_has_a_lasting_address_for_every_answer(self) -> None:
        thread = a_comment(self.bob, self.tune)
        answers = [a_comment(self.alice, self.tune, f"answer {n}", parent=thread) for n in range(8)]
        whole = self.charlie.get(f"/comments/{answers[4].pk}/").context["thread"]
        self.assertEqual([answer.pk for answer in whole.replies], [answer.pk for answer in answers[2:5]])
        before = self.charlie.get(f"/comments/{thread.pk}/", {"after": whole.earlier}).context["thread"]
        self.assertEqual([answer.pk for answer in before.replies], [answer.pk for answer in answers[:2]])
        self.assertEqual(before.earlier, "")

    def test_a_whole_page_of_talk_costs_as_many_questions_as_one_comment(self) -> None:
        thread = a_comment(self.bob, self.tune)
        a_comment(self.bob, self.tune, parent=thread)
        self.page(self.bob)  # the first visit of a session is noted
        with self.assertNumQueries(11):
            self.page(self.bob)
        for number in range(19):
            person = an_account(f"number {number}")
            thread = a_comment(person, self.tune)
            for _ in range(6):
                a_comment(person, self.tune, "An answer", parent=thread)
        with self.assertNumQueries(11):
            page = self.page(self.bob)
        self.assertEqual(len(page.context["talk"].threads), 20)

    def test_it_speaks_of_signing_in_to_strangers_alone(self) -> None:
        self.assertContains(self.page(self.charlie), "to say something about it")
        self.assertNotContains(self.page(self.charlie), '<textarea id="say-text')
        self.assertNotContains(self.page(self.bob), "to say something about it")
