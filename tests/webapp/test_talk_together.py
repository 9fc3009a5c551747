"""Many at once at the same tune: each act is done or turned away, none waits for another for ever."""

from __future__ import annotations

import random
import threading

from django.db import connections
from django.test import TransactionTestCase, override_settings

from tests.builders import Person, a_comment, a_gallery_tune, a_moderator, an_account
from webapp.moderation import services as moderation
from webapp.moderation.models import Report
from webapp.ratings.models import Favourite, Rating
from webapp.ratings.services import tune_favourite, tune_rate
from webapp.talk.models import Comment, Follow
from webapp.talk.services import TooManyComments, comment_delete, comment_write, maker_follow
from webapp.tunes.services import NotAllowed

PEOPLE, ACTS = 6, 25


@override_settings(TUNES_PER_MINUTE_VISITOR=1000, TUNES_PER_MINUTE_ADDRESS=1000)
class TogetherTest(TransactionTestCase):
    def setUp(self) -> None:
        self.alice, self.dana = an_account("alice"), a_moderator()
        self.tune = a_gallery_tune(self.alice)
        self.people = [an_account(f"number {number}") for number in range(PEOPLE // 2)]
        self.threads = [a_comment(self.alice, self.tune, f"thread {number}") for number in range(2)]
        self.faults: list[Exception] = []

    def test_they_wait_for_one_another_and_none_for_ever(self) -> None:
        """Each person from two browsers at the same time."""
        running = [threading.Thread(target=self.live, args=(number,)) for number in range(PEOPLE)]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()
        self.assertEqual(self.faults, [])
        self.tune.refresh_from_db()
        self.assertEqual(self.tune.stars_count, Rating.objects.count())
        self.assertEqual(Rating.objects.values("listener").distinct().count(), Rating.objects.count())
        self.assertLessEqual(Favourite.objects.count(), len(self.people))
        self.assertLessEqual(Follow.objects.count(), len(self.people))
        self.assertLessEqual(Report.objects.filter(closed=None).count(), len(self.people))
        self.assertFalse(Comment.objects.filter(deleted=True, replies=None).exists())

    def live(self, number: int) -> None:
        chance, me = random.Random(number), self.people[number % len(self.people)]
        try:
            for _ in range(ACTS):
                self.act(me, chance)
        except Exception as fault:
            self.faults.append(fault)
        finally:
            connections.close_all()

    def act(self, me: Person, chance: random.Random) -> None:
        here = {"tune": self.tune, "listener": me.listener}
        yes = chance.random() < 0.5
        acts = (
            lambda: tune_rate(**here, stars=chance.randint(1, 5)),
            lambda: tune_favourite(**here, favourite=yes),
            lambda: comment_write(**here, text=f"word {chance.random()}"),
            lambda: comment_write(**here, text=f"answer {chance.random()}", reply_to=chance.choice(self.threads)),
            lambda: self.delete_one(me),
            lambda: moderation.report_write(**here, reason="spam"),
            lambda: (moderation.hide if yes else moderation.restore)(moderator=self.dana.user, tune=self.tune),
            lambda: maker_follow(maker=self.alice.profile, listener=me.listener, follow=yes),
        )
        try:
            chance.choice(acts)()
        except (NotAllowed, TooManyComments):
            pass  # the tune is hidden just now, or the minute is full

    def delete_one(self, me: Person) -> None:
        mine = Comment.objects.filter(author=me.profile, deleted=False).select_related("tune").first()
        if mine:
            comment_delete(comment=mine, listener=me.listener)
