"""Choosing between two tunes without names: once, by lot, and what is refused."""

from __future__ import annotations

from collections import Counter
from functools import partial

from django.contrib.auth.models import User
from django.test import Client, TestCase, TransactionTestCase

from tests.builders import Person, assert_plain_words
from tests.webapp.at_once import at_once
from tests.webapp.duelling import a_vote, a_waiting_pair, an_open_pair, at_most_queries, side_of, tokens_on
from webapp.accounts.adopting import listener_adopt
from webapp.duels.models import Pair, Vote
from webapp.duels.order import shuffled
from webapp.duels.services import duel_vote, shown_sides
from webapp.tunes.listeners import Listener


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
        strict = Person("wren", enforce_csrf_checks=True)
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
        user = User.objects.create_user("wren", "wren@example.org", "a good long password")
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
        said = at_once([partial(duel_vote, pair=pair, listener=alice.listener, token=token) for token in tokens])
        self.assertEqual(sorted(type(one).__name__ for one in said), ["AlreadySaid", "Vote"])
        self.assertEqual((Vote.objects.count(), Pair.objects.get().voted), (1, 1))
