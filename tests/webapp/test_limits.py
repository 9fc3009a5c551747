"""So many tunes a minute for a listener, and many more for an address, since a school shares one."""

from __future__ import annotations

from collections import Counter
from unittest import mock

from django.test import Client, TestCase, TransactionTestCase, override_settings

from tests.builders import Person, a_brief, a_ready_tune
from tests.webapp.at_once import at_once
from webapp.tunes.allowance import TooManyTunes, allowance_forget
from webapp.tunes.models import Allowance, Tune
from webapp.tunes.services import tune_request

GOOD = {"prompt": "hopeful"}


class LimitTest(TestCase):
    def asks(self, person: Client, times: int) -> Counter:
        return Counter(person.post("/", GOOD).status_code for _ in range(times))

    def test_it_gives_a_listener_ten_a_minute(self) -> None:
        self.assertEqual(self.asks(Person("alice"), 12), {302: 10, 429: 2})
        self.assertEqual(Tune.objects.count(), 10)

    def test_it_lets_a_class_behind_one_address_compose(self) -> None:
        answers = sum((self.asks(Person(f"pupil {n}"), 5) for n in range(24)), Counter())
        self.assertEqual(answers, {302: 120})
        self.assertEqual(self.asks(Person("one more"), 1), {429: 1})
        self.assertEqual(self.asks(Person("elsewhere", address="10.0.0.9"), 1), {302: 1})

    def test_it_says_when_to_come_back(self) -> None:
        alice = Person("alice")
        self.asks(alice, 10)
        answer = alice.post("/", GOOD)
        self.assertTrue(1 <= int(answer["Retry-After"]) <= 60)
        self.assertIn(answer["Retry-After"], answer.content.decode())
        answer = alice.post("/api/v1/tunes/", GOOD, content_type="application/json")
        self.assertEqual((answer.status_code, answer.json()["error"]["code"]), (429, "too_many_tunes"))
        self.assertTrue(1 <= int(answer["Retry-After"]) <= 60)

    def test_it_counts_a_sliding_minute(self) -> None:
        alice = Person("alice")
        with mock.patch("webapp.tunes.allowance.time.time") as clock:
            clock.return_value = 1000.0
            self.assertEqual(self.asks(alice, 6), {302: 6})
            clock.return_value = 1040.0
            self.assertEqual(self.asks(alice, 5), {302: 4, 429: 1})
            clock.return_value = 1059.9
            self.assertEqual(self.asks(alice, 1), {429: 1})
            clock.return_value = 1060.1
            self.assertEqual(self.asks(alice, 7), {302: 6, 429: 1})

    def test_it_counts_tweaks_too(self) -> None:
        alice = Person("alice")
        tune = a_ready_tune(alice)
        answers = Counter(alice.post(f"/tunes/{tune.pk}/again/", {"tweak": "again"}).status_code for _ in range(11))
        self.assertEqual(answers, {302: 9, 429: 2})

    def test_it_counts_neither_refused_briefs_nor_second_taps(self) -> None:
        alice = Person("alice")
        for _ in range(15):
            alice.post("/", {"prompt": ""})
            alice.post("/", GOOD | {"once": "one tap"})
        self.assertEqual(self.asks(alice, 10), {302: 9, 429: 1})

    @override_settings(TUNES_PER_MINUTE_VISITOR=2, TUNES_PER_MINUTE_ADDRESS=3)
    def test_it_follows_the_settings(self) -> None:
        self.assertEqual(self.asks(Person("alice"), 3), {302: 2, 429: 1})
        self.assertEqual(self.asks(Person("bob"), 3), {302: 1, 429: 2})

    @override_settings(TUNES_PER_MINUTE_ADDRESS=3)
    def test_it_counts_programs_by_their_address(self) -> None:
        answers = Counter(
            Client().post("/api/v1/tunes/", GOOD, content_type="application/json").status_code for _ in range(5)
        )
        self.assertEqual(answers, {202: 3, 429: 2})

    def test_it_sees_one_household_in_an_ipv6_network(self) -> None:
        with override_settings(TUNES_PER_MINUTE_ADDRESS=1):
            self.assertEqual(self.asks(Person("a", address="2001:db8::1"), 1), {302: 1})
            self.assertEqual(self.asks(Person("b", address="2001:db8::ffff"), 1), {429: 1})
            self.assertEqual(self.asks(Person("c", address="2001:db8:0:1::1"), 1), {302: 1})

    def test_it_stores_no_address_and_forgets_who_was_here(self) -> None:
        Person("alice", address="203.0.113.77").post("/", GOOD)
        self.assertFalse(Allowance.objects.filter(who__contains="203.0.113").exists())
        Allowance.objects.update(touched="2020-01-01T00:00Z")
        allowance_forget()
        self.assertFalse(Allowance.objects.exists())


class AtOnceTest(TransactionTestCase):
    def together(self, count: int, listener: object, once: str = "") -> list:
        brief, interpretation = a_brief()
        asked = {"brief": brief, "interpretation": interpretation, "listener": listener, "once": once}
        return at_once([lambda: tune_request(**asked).pk] * count)

    @mock.patch("webapp.tunes.services.tune_enqueue")
    def test_it_makes_one_tune_of_taps_in_the_same_instant(self, enqueue: mock.Mock) -> None:
        results = self.together(6, Person("alice").listener, once="one tap")
        self.assertEqual((len(set(results)), Tune.objects.count(), enqueue.call_count), (1, 1, 1), results)

    @mock.patch("webapp.tunes.services.tune_enqueue")
    @override_settings(TUNES_PER_MINUTE_VISITOR=4)
    def test_it_lets_no_race_past_the_limit(self, enqueue: mock.Mock) -> None:
        results = self.together(8, Person("alice").listener)
        refused = [result for result in results if isinstance(result, TooManyTunes)]
        self.assertEqual((len(refused), Tune.objects.count(), enqueue.call_count), (4, 4, 4), results)
