"""Asking for two tunes without names, and waiting until both are written."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from unittest import mock

from django.test import Client, TestCase, override_settings
from django.utils import timezone

from generator import BriefError
from tests.builders import Person
from tests.webapp.duelling import BODIES, a_vote, a_waiting_pair, an_open_pair, finish
from webapp.duels.house import HOUSE
from webapp.duels.models import Pair, Side, State
from webapp.duels.services import pair_settle, pairs_sweep
from webapp.tunes.models import Status, Tune, Visibility, WorkerBeat


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

    def test_its_tunes_are_given_to_whoever_has_chosen_and_are_in_no_list(self) -> None:
        pair = an_open_pair(self.alice)
        before = self.alice.get(pair.get_absolute_url()).content.decode()
        a_vote(pair, self.alice, "transformer")
        after = self.alice.get(pair.get_absolute_url()).content.decode()
        for side in pair.sides.all():
            self.assertEqual((side.tune.visibility, side.tune.maker), (Visibility.UNLISTED, HOUSE))
            self.assertNotIn(side.tune.pk, before)
            self.assertIn(f'href="{side.tune.get_absolute_url()}"', after)
            self.assertContains(self.alice.get(side.tune.get_absolute_url()), side.tune.title)
            for path in ("/gallery/", "/my/tunes/", "/api/v1/tunes/"):
                self.assertNotIn(side.tune.pk, self.alice.get(path).content.decode(), path)

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
            card.name, card.kind, card.takes = name, "tune", ("bars",)
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

    def test_composers_that_cannot_take_it_are_left_out(self) -> None:
        def check(brief: object) -> None:
            if brief.composer != "transformer":
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
