"""Two tunes without names: asking, waiting, choosing once, and what is refused."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta
from unittest import mock

from django.contrib.auth.models import User
from django.db import connections
from django.test import Client, TestCase, TransactionTestCase, override_settings
from django.utils import timezone

from generator import BriefError
from tests.builders import Person, assert_plain_words
from tests.webapp.duelling import (
    BODIES,
    a_vote,
    a_waiting_pair,
    an_open_pair,
    at_most_queries,
    finish,
    side_of,
    tokens_on,
)
from webapp.accounts.adopting import listener_adopt
from webapp.duels.house import HOUSE
from webapp.duels.models import Pair, Side, State, Vote
from webapp.duels.order import shuffled
from webapp.duels.services import AlreadySaid, duel_vote, pair_settle, pairs_sweep, shown_sides
from webapp.tunes.listeners import Listener
from webapp.tunes.models import Allowance, Status, Tune, Visibility, WorkerBeat


class AskTest(TestCase):
    def setUp(self) -> None:
        self.alice, self.bob = Person("alice"), Person("bob")

    def ask(self, person: Person, **fields: str):
        return person.post("/duels/", fields)

    def test_it_asks_two_composers_for_the_same_with_the_same_seed(self) -> None:
        with self.captureOnCommitCallbacks() as jobs, mock.patch("webapp.tunes.tasks.compose_tune.delay"):
            answer = self.ask(self.alice)
        pair = Pair.objects.get()
        self.assertRedirects(answer, f"/duels/{pair.pk}/")
        one, other = (side.tune for side in pair.sides.order_by("composer"))
        self.assertNotEqual(one.composer, other.composer)
        for name in ("prompt", "seed", "conditions", "asked", "temperature", "valence", "arousal"):
            self.assertEqual(getattr(one, name), getattr(other, name), name)
        self.assertEqual(one.conditions["bars"], 16)
        self.assertEqual(len(jobs), 2)

    def test_its_tunes_are_nobodys_to_come_across(self) -> None:
        pair = an_open_pair(self.alice)
        a_vote(pair, self.alice, "transformer")
        for side in pair.sides.all():
            self.assertEqual((side.tune.visibility, side.tune.maker), (Visibility.PRIVATE, HOUSE))
            for path in (side.tune.get_absolute_url(), f"/tunes/{side.tune.pk}.abc", f"/api/v1/tunes/{side.tune.pk}/"):
                self.assertEqual(self.alice.get(path).status_code, 404, path)

    def test_it_gives_the_pair_that_is_there_instead_of_a_new_one(self) -> None:
        pair = an_open_pair(self.alice)
        self.assertRedirects(self.ask(self.bob), f"/duels/{pair.pk}/")
        self.assertEqual(Pair.objects.count(), 1)
        a_vote(pair, self.bob, "folkrnn")
        self.assertNotEqual(self.ask(self.bob).url, f"/duels/{pair.pk}/")
        self.assertEqual(Pair.objects.count(), 2)

    def test_two_who_ask_at_once_wait_for_the_same_pair(self) -> None:
        self.assertEqual(self.ask(self.alice).url, self.ask(self.bob).url)

    def test_it_gives_the_pair_chosen_from_least(self) -> None:
        first, charlie = an_open_pair(self.alice), Person("charlie")
        a_vote(first, self.alice, "folkrnn")
        second = an_open_pair(self.alice)
        self.assertEqual(self.ask(charlie).url, f"/duels/{second.pk}/")

    def test_a_chosen_dance_is_what_both_write(self) -> None:
        self.ask(self.alice, rhythm="waltz")
        self.assertEqual({side.tune.conditions["rhythm"] for side in Side.objects.all()}, {"waltz"})
        an_open_pair(self.bob)
        self.assertEqual(Pair.objects.get(pk=self.ask(self.bob, rhythm="waltz").url.split("/")[2]).rhythm, "waltz")

    def test_it_refuses_a_dance_that_is_none(self) -> None:
        for rhythm in ("tango", "reel\x00", "<script>", "x" * 100_000):
            answer = self.ask(self.alice, rhythm=rhythm)
            self.assertEqual(answer.status_code, 422)
            self.assertContains(answer, "There is no such dance here", status_code=422)
        self.assertFalse(Pair.objects.exists())

    def test_composers_are_compared_evenly(self) -> None:
        cards = [mock.Mock() for _ in range(4)]
        for card, name in zip(cards, ("transformer", "folkrnn", "harper", "piper"), strict=True):
            card.name = name
        with (
            mock.patch("webapp.duels.house.composer_cards", return_value=cards),
            mock.patch("webapp.duels.house.check_brief"),
            override_settings(TUNES_PER_MINUTE_ADDRESS=1000),
        ):
            for number in range(24):
                a_waiting_pair(Person(f"listener{number}", address=f"10.0.0.{number}"), "")
                Pair.objects.update(created=timezone.now() - timedelta(hours=1))  # nobody waits for it any longer
        counts = Counter(Pair.objects.values_list("between", flat=True))
        self.assertEqual(len(counts), 6)
        self.assertEqual(set(counts.values()), {4})

    def test_a_composer_that_cannot_take_it_is_left_out(self) -> None:
        def check(brief: object) -> None:
            if brief.composer == "folkrnn":
                raise BriefError({"rhythm": "Not this one."})

        with mock.patch("webapp.duels.house.check_brief", check):
            answer = self.ask(self.alice)
        self.assertContains(answer, "A duel needs two composers", status_code=422)
        self.assertFalse(Tune.objects.exists())

    @override_settings(TUNES_PER_MINUTE_VISITOR=2)
    def test_nobody_floods(self) -> None:
        for _ in range(2):
            pair = Pair.objects.get(pk=self.ask(self.alice).url.split("/")[2])
            Pair.objects.filter(pk=pair.pk).update(created=timezone.now() - timedelta(hours=1))
        before = Tune.objects.count()
        answer = self.ask(self.alice)
        self.assertEqual(answer.status_code, 429)
        self.assertEqual(Tune.objects.count(), before)

    def test_looking_at_the_page_makes_nothing(self) -> None:
        self.assertContains(Client().get("/duels/"), "Which do you prefer?")
        self.assertFalse(Pair.objects.exists())


class WaitTest(TestCase):
    def setUp(self) -> None:
        self.alice = Person("alice")
        self.pair = a_waiting_pair(self.alice)

    def status(self) -> dict:
        return self.alice.get(f"/duels/{self.pair.pk}/status/").json()

    def test_it_says_that_two_composers_are_writing_and_whether_one_is_there(self) -> None:
        page = self.alice.get(f"/duels/{self.pair.pk}/").content.decode()
        self.assertIn("Two composers are writing…", page)
        self.assertIn('http-equiv="refresh"', page)
        self.assertRegex(page, r"data-wait-trouble role=\"status\">No composer is at the desk")
        WorkerBeat.objects.create(name="w", seen=timezone.now())
        self.assertRegex(self.alice.get(f"/duels/{self.pair.pk}/").content.decode(), "data-wait-trouble .* hidden>")
        self.assertEqual(self.status(), {"waiting": True, "alive": True})

    def test_it_opens_when_both_tunes_are_there(self) -> None:
        one, other = self.pair.sides.all()
        finish(one.tune, BODIES[0])
        self.assertTrue(self.status()["waiting"])
        finish(other.tune, BODIES[1])
        self.assertFalse(self.status()["waiting"])
        self.assertContains(self.alice.get(f"/duels/{self.pair.pk}/"), ">This one<", count=2)

    def test_when_one_fails_another_pair_is_tried(self) -> None:
        Tune.objects.filter(pk=self.pair.sides.first().tune_id).update(status=Status.FAILED)
        answer = self.alice.get(f"/duels/{self.pair.pk}/")
        failed = Pair.objects.get(pk=self.pair.pk)
        self.assertEqual(failed.status, State.FAILED)
        self.assertRedirects(answer, f"/duels/{failed.successor_id}/")
        self.assertEqual(failed.successor.prompt, failed.prompt)
        seeds = {side.tune.seed for side in Side.objects.all()}
        self.assertEqual(len(seeds), 2)

    def test_it_gives_up_after_some_tries_and_offers_another(self) -> None:
        for _ in range(6):
            Tune.objects.filter(status=Status.QUEUED).update(status=Status.FAILED)
            for pair in Pair.objects.filter(status=State.COMPOSING):
                pair_settle(pair=pair)
        self.assertEqual(Pair.objects.count(), 3)
        last = Pair.objects.get(successor=None)
        self.assertContains(self.alice.get(f"/duels/{last.pk}/"), "This duel did not come about.")
        self.assertFalse(self.alice.get(f"/duels/{last.pk}/status/").json()["waiting"])

    def test_two_that_see_it_fail_at_once_ask_for_one_successor(self) -> None:
        Tune.objects.filter(pk=self.pair.sides.first().tune_id).update(status=Status.FAILED)
        stale = Pair.objects.get(pk=self.pair.pk)
        pair_settle(pair=self.pair)
        pair_settle(pair=stale)
        self.assertEqual(Pair.objects.count(), 2)

    def test_a_tune_that_cannot_be_set_fails_the_pair(self) -> None:
        for side in self.pair.sides.all():
            finish(side.tune, "")
        with self.assertLogs("webapp.duels.services", "ERROR"):
            self.assertEqual(pair_settle(pair=self.pair).status, State.FAILED)

    def test_old_pairs_that_came_to_nothing_are_swept_with_their_tunes(self) -> None:
        kept = an_open_pair(Person("bob"))
        old = timezone.now() - timedelta(days=2)
        Pair.objects.update(created=old)
        Pair.objects.exclude(pk=kept.pk).update(status=State.FAILED)
        self.assertEqual(pairs_sweep(), Pair.objects.exclude(pk=kept.pk).count())
        self.assertEqual(list(Pair.objects.all()), [kept])
        self.assertEqual(Tune.objects.count(), 2)


class ChooseTest(TestCase):
    def setUp(self) -> None:
        self.alice, self.bob, self.charlie = Person("alice"), Person("bob"), Person("charlie")
        self.pair = an_open_pair(self.alice)

    def choose(self, person: Person, pair: Pair | None = None, **fields: object):
        return person.post(f"/duels/{(pair or self.pair).pk}/choose/", fields)

    def page(self, person: Person) -> str:
        return person.get(f"/duels/{self.pair.pk}/").content.decode()

    def test_after_the_choice_both_are_named(self) -> None:
        chosen = side_of(self.pair, "folkrnn")
        self.assertRedirects(self.choose(self.alice, side=chosen.token, heard="2"), f"/duels/{self.pair.pk}/")
        page = self.page(self.alice)
        for words in ("You preferred Folk-RNN", "/composers/#transformer", "/composers/#folkrnn", chosen.tune.title):
            self.assertIn(words, page)
        self.assertIn("You have heard 1 duel.", page)
        vote = Vote.objects.get()
        self.assertEqual((vote.chosen, vote.heard), (chosen, 2))

    def test_others_still_hear_it_without_names(self) -> None:
        self.choose(self.alice, side=side_of(self.pair, "folkrnn").token)
        self.assertNotIn("folkrnn", self.page(self.bob).lower())

    def test_a_second_choice_is_refused_kindly_and_the_result_shown(self) -> None:
        one, other = tokens_on(self.page(self.alice))
        self.choose(self.alice, side=one)
        answer = self.alice.post(f"/duels/{self.pair.pk}/choose/", {"side": other}, follow=True)
        self.assertContains(answer, "You have already chosen between these two. The first choice counts.")
        self.assertContains(answer, "You preferred")
        self.assertEqual(Vote.objects.get().chosen.token, one)
        self.pair.refresh_from_db()
        self.assertEqual(self.pair.voted, 1)

    def test_skipping_counts_for_nobody_and_is_not_asked_again(self) -> None:
        self.choose(self.alice, skip="1")
        self.assertIsNone(Vote.objects.get().chosen)
        self.assertIn("You skipped these two", self.page(self.alice))
        self.assertNotEqual(self.alice.post("/duels/").url, f"/duels/{self.pair.pk}/")

    def test_it_refuses_what_is_no_side_of_the_pair(self) -> None:
        self.choose(self.bob, skip="1")
        other = an_open_pair(self.bob)
        foreign = other.sides.first()
        mine = self.pair.sides.first()
        for sent in (
            {"side": foreign.token}, {"side": str(mine.pk)}, {"side": mine.tune_id}, {"side": "folkrnn"},
            {"side": "a\x00b"}, {"side": "x" * 1_000_000}, {}, {"side": ""}, {"skip": ""},
            {"side": mine.token, "skip": "1"},
            {"side": mine.token, "heard": "9"}, {"side": mine.token, "heard": "lots"}, {"side": "' OR 1=1 --"},
        ):  # fmt: skip
            with self.subTest(sent=str(sent)[:40]):
                answer = self.choose(self.charlie, **sent)
                self.assertEqual(answer.status_code, 422)
                assert_plain_words(self, answer.context["message"])
        self.assertFalse(Vote.objects.filter(listener=self.charlie.listener.key).exists())

    def test_it_refuses_pairs_that_are_not_there_or_not_ready(self) -> None:
        waiting = a_waiting_pair(self.charlie, "waltz")
        token = waiting.sides.first().token
        answer = self.choose(self.charlie, waiting, side=token)
        self.assertContains(answer, "still being written", status_code=422)
        for path in ("A" * 22, "short", "../admin", "A" * 21 + "%00"):
            self.assertEqual(self.charlie.post(f"/duels/{path}/choose/", {"side": token}).status_code, 404)
        self.assertFalse(Vote.objects.exists())

    def test_it_counts_nobody_whom_it_cannot_know_again(self) -> None:
        answer = Client().post(f"/duels/{self.pair.pk}/choose/", {"side": self.pair.sides.first().token})
        self.assertEqual(answer.status_code, 422)
        self.assertFalse(Vote.objects.exists())

    def test_it_takes_no_choice_by_a_link_or_from_another_site(self) -> None:
        self.assertEqual(self.alice.get(f"/duels/{self.pair.pk}/choose/?skip=1").status_code, 405)
        strict = Person("dora", enforce_csrf_checks=True)
        with self.assertLogs("django.security.csrf", "WARNING"):
            self.assertEqual(self.choose(strict, skip="1").status_code, 403)

    def test_which_comes_first_is_drawn_by_lot_and_stays(self) -> None:
        sides = list(self.pair.sides.all())
        listeners = [Listener(key=f"listener-{number}", address="a", known=True) for number in range(1000)]
        firsts = Counter(shuffled(sides, listener, self.pair.pk)[0].composer for listener in listeners)
        # A fair coin leaves 420 to 580 of 1000 once in two million times.
        self.assertTrue(all(420 <= count <= 580 for count in firsts.values()), firsts)
        for person in (self.alice, self.bob, self.charlie):
            shown = {tuple(tokens_on(self.page(person))) for _ in range(3)}
            self.assertEqual(shown, {tuple(side.token for side in shown_sides(self.pair, person.listener))})

    def test_one_listener_finds_now_this_composer_first_and_now_that(self) -> None:
        sides = list(self.pair.sides.all())
        firsts = Counter(shuffled(sides, self.alice.listener, f"pair {at}")[0].composer for at in range(1000))
        self.assertTrue(all(420 <= count <= 580 for count in firsts.values()), firsts)

    def test_it_keeps_whether_the_chosen_one_came_first(self) -> None:
        for person in (self.alice, self.bob):
            one, other = tokens_on(self.page(person))
            self.choose(person, side=one if person is self.alice else other)
        self.assertEqual(list(Vote.objects.order_by("pk").values_list("was_first", flat=True)), [True, False])

    def test_signing_in_brings_the_choices_along_and_the_accounts_own_stay(self) -> None:
        user = User.objects.create_user("amy", "amy@example.org", "a good long password")
        other = Listener(key=user.profile.key, address="a", known=True, profile=user.profile)
        a_vote(self.pair, self.alice, "folkrnn")
        duel_vote(pair=self.pair, listener=other, token=side_of(self.pair, "transformer").token)
        second = an_open_pair(self.alice)
        a_vote(second, self.alice, "folkrnn")
        listener_adopt(key=self.alice.listener.key, profile=user.profile)
        kept = Vote.objects.filter(listener=user.profile.key).values_list("pair_id", "chosen__composer")
        self.assertEqual(dict(kept), {self.pair.pk: "transformer", second.pk: "folkrnn"})
        self.assertFalse(Vote.objects.filter(listener=self.alice.listener.key).exists())

    def test_each_page_asks_the_database_seldom(self) -> None:
        for number in range(5):
            a_vote(self.pair, Person(f"p{number}"), "folkrnn")
        with at_most_queries(self):
            self.page(self.alice)
        a_vote(self.pair, self.alice, "folkrnn")
        with at_most_queries(self):
            self.page(self.alice)


class AtOnceTest(TransactionTestCase):
    def test_of_two_choices_at_once_one_counts(self) -> None:
        alice = Person("alice")
        pair = an_open_pair(alice)
        tokens = [side.token for side in pair.sides.all()]
        said: list[object] = []
        gate = threading.Barrier(2)

        def vote(token: str) -> None:
            gate.wait()
            try:
                said.append(duel_vote(pair=pair, listener=alice.listener, token=token))
            except AlreadySaid as error:
                said.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=vote, args=(token,)) for token in tokens]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        self.assertEqual(sorted(type(one).__name__ for one in said), ["AlreadySaid", "Vote"])
        self.assertEqual((Vote.objects.count(), Pair.objects.get().voted), (1, 1))
        Allowance.objects.all().delete()
