"""Human or machine: a tune at a time, one guess each, and nobody waits for the one kind alone."""

from __future__ import annotations

from collections import Counter
from functools import partial
from unittest import mock

from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client, TestCase, TransactionTestCase, override_settings

from generator import Conditions
from tests.builders import Person, assert_plain_words
from tests.webapp.at_once import at_once
from tests.webapp.duelling import a_human_riddle, a_machine_riddle, at_most_queries
from webapp.accounts.adopting import listener_adopt
from webapp.duels.models import Guess, Maker, Riddle, State
from webapp.duels.riddles import riddle_guess, riddle_next
from webapp.duels.stocking import AT_ONCE, machine_riddle_request, riddles_stock
from webapp.duels.tasks import stock
from webapp.tunes.listeners import Listener
from webapp.tunes.models import Status, Tune, Visibility


class RiddleTest(TestCase):
    def setUp(self) -> None:
        self.alice, self.bob = Person("alice"), Person("bob")

    def both(self, count: int = 1) -> tuple[list[Riddle], list[Riddle]]:
        humans = [a_human_riddle(number) for number in range(count)]
        return humans, [a_machine_riddle() for _ in range(count)]

    def guess(self, person: Person, riddle: Riddle, said: object):
        return person.post(f"/duels/human/{riddle.pk}/guess/", {"said": said})

    def test_a_guess_is_answered_with_title_and_source_or_the_composer(self) -> None:
        (human,), (machine,) = self.both()
        self.guess(self.alice, human, "human")
        self.assertContains(self.alice.get(f"/duels/human/{human.pk}/"), "Right, a human")
        self.assertContains(self.alice.get(f"/duels/human/{human.pk}/"), "O’Neill’s Music of Ireland, 1903")
        self.guess(self.alice, machine, "human")
        page = self.alice.get(f"/duels/human/{machine.pk}/")
        self.assertContains(page, "No, a machine")
        self.assertContains(page, f"/composers/#{machine.composer}")
        self.assertContains(page, "So far you were right in 1 of 2.")

    def test_it_waits_for_both_kinds_before_it_draws(self) -> None:
        a_human_riddle()
        answer = self.alice.post("/duels/human/")
        self.assertRedirects(answer, "/duels/human/waiting/")
        self.assertContains(self.alice.get("/duels/human/waiting/"), "new tunes written…")
        self.assertTrue(self.alice.get("/duels/human/status/").json()["waiting"])
        a_machine_riddle()
        self.assertFalse(self.alice.get("/duels/human/status/").json()["waiting"])
        self.assertEqual(self.alice.get("/duels/human/waiting/").status_code, 302)

    def test_half_are_human_half_machine_and_none_comes_twice(self) -> None:
        self.both(3)
        kinds = Counter()
        for number in range(400):
            listener = Listener(key=f"listener-{number}", address="a", known=True)
            kinds[riddle_next(listener=listener).kind] += 1
        self.assertTrue(all(150 <= count <= 250 for count in kinds.values()), kinds)
        heard = []
        while (riddle := riddle_next(listener=self.alice.listener)) is not None:
            heard.append(riddle.pk)
            riddle_guess(riddle=riddle, listener=self.alice.listener, said="human")
        self.assertEqual(len(heard), len(set(heard)))
        self.assertGreaterEqual(len(heard), 3)

    def test_a_second_guess_is_refused_kindly(self) -> None:
        (human,), _ = self.both()
        self.guess(self.alice, human, "machine")
        answer = self.alice.post(f"/duels/human/{human.pk}/guess/", {"said": "human"}, follow=True)
        self.assertContains(answer, "You have already guessed at this one. The first guess counts.")
        self.assertEqual(Guess.objects.get().said, "machine")
        human.refresh_from_db()
        self.assertEqual(human.guessed, 1)

    def test_it_refuses_answers_that_are_none(self) -> None:
        (human,), _ = self.both()
        for said in ("", "both", "HUMAN", "human\x00", "x" * 1_000_000, "<script>"):
            answer = self.guess(self.alice, human, said)
            self.assertEqual(answer.status_code, 422)
            assert_plain_words(self, answer.context["message"])
        self.assertEqual(Client().post(f"/duels/human/{human.pk}/guess/", {"said": "human"}).status_code, 422)
        self.assertFalse(Guess.objects.exists())

    def test_it_knows_nothing_of_tunes_that_are_not_there_or_still_being_written(self) -> None:
        a_human_riddle()
        with mock.patch("webapp.duels.riddles.riddles_settle"):
            machine = a_machine_riddle_underway()
            for riddle_id in (machine.pk, "A" * 22):
                self.assertEqual(self.alice.get(f"/duels/human/{riddle_id}/").status_code, 404)
                answer = self.alice.post(f"/duels/human/{riddle_id}/guess/", {"said": "human"})
                self.assertEqual(answer.status_code, 404)

    def test_a_tune_that_failed_is_never_heard(self) -> None:
        self.both()
        machine = a_machine_riddle_underway()
        Tune.objects.filter(pk=machine.tune_id).update(status=Status.FAILED)
        riddle_next(listener=self.alice.listener)
        machine.refresh_from_db()
        self.assertEqual(machine.status, State.FAILED)

    def test_signing_in_brings_the_guesses_along(self) -> None:
        (human,), (machine,) = self.both()
        user = User.objects.create_user("wren", "wren@example.org", "a good long password")
        account = Listener(key=user.profile.key, address="a", known=True)
        riddle_guess(riddle=human, listener=self.alice.listener, said="human")
        riddle_guess(riddle=machine, listener=self.alice.listener, said="human")
        riddle_guess(riddle=human, listener=account, said="machine")
        listener_adopt(key=self.alice.listener.key, profile=user.profile)
        kept = Guess.objects.filter(listener=user.profile.key).values_list("riddle_id", "said")
        self.assertEqual(dict(kept), {human.pk: "machine", machine.pk: "human"})
        self.assertEqual(Guess.objects.count(), 2)

    def test_pages_ask_the_database_seldom(self) -> None:
        (human,), _ = self.both()
        with at_most_queries(self):
            self.alice.get(f"/duels/human/{human.pk}/")
        self.guess(self.alice, human, "human")
        with at_most_queries(self):
            self.alice.get(f"/duels/human/{human.pk}/")


class StockTest(TestCase):
    def setUp(self) -> None:
        self.alice = Person("alice")

    def test_the_worker_is_asked_for_more_where_they_run_low_and_only_once(self) -> None:
        with mock.patch("webapp.duels.tasks.stock.delay") as asked, self.captureOnCommitCallbacks(execute=True):
            self.alice.post("/duels/human/")
        asked.assert_called_once()
        a_human_riddle()
        a_machine_riddle_underway()
        with mock.patch("webapp.duels.tasks.stock.delay") as asked, self.captureOnCommitCallbacks(execute=True):
            self.alice.post("/duels/human/")
        asked.assert_not_called()

    def test_no_broker_is_no_error_page(self) -> None:
        with (
            mock.patch("webapp.duels.tasks.stock.delay", side_effect=OSError),
            self.assertLogs("webapp.duels.riddles", "ERROR"),
            self.captureOnCommitCallbacks(execute=True),
        ):
            self.assertEqual(self.alice.post("/duels/human/").status_code, 302)

    @override_settings(TUNES_PER_MINUTE_VISITOR=1)
    def test_asking_for_more_counts_as_a_tune(self) -> None:
        self.alice.post("/duels/human/")
        self.assertEqual(self.alice.post("/duels/human/").status_code, 429)

    def test_it_reads_the_books_and_has_every_composer_write(self) -> None:
        self.stock(2)
        self.assertEqual(Riddle.objects.filter(kind=Maker.HUMAN).count(), 2)
        machine = Riddle.objects.filter(kind=Maker.MACHINE)
        counts = Counter(machine.values_list("composer", flat=True))
        self.assertEqual(len(counts), 2)
        self.assertLessEqual(max(counts.values()) - min(counts.values()), 1)
        self.assertEqual({tune.visibility for tune in Tune.objects.all()}, {Visibility.UNLISTED})

    def test_read_again_the_books_give_what_is_missing_and_nothing_twice(self) -> None:
        self.stock(2)
        self.stock(3)
        self.assertEqual(Riddle.objects.filter(kind=Maker.HUMAN).count(), 3)

    def stock(self, count: int) -> None:
        with (
            mock.patch("webapp.duels.stocking.public_domain_tunes", side_effect=lambda: iter(known(count))),
            mock.patch("webapp.duels.management.commands.stock_riddles.os.nice"),
        ):
            call_command("stock_riddles", verbosity=0, stdout=mock.Mock())

    def test_the_books_are_read_beside_the_worker_and_the_rest_is_written_by_it(self) -> None:
        with mock.patch("webapp.duels.stocking.subprocess.run") as run:
            stock()
            run.assert_called_once()
            self.assertIn("stock_riddles", run.call_args.args[0])
            a_human_riddle()
            stock()
            run.assert_called_once()
        self.assertEqual(Riddle.objects.filter(kind=Maker.MACHINE).count(), AT_ONCE)

    def test_it_writes_no_more_than_it_needs(self) -> None:
        a_human_riddle()
        for _ in range(5):
            riddles_stock()
        self.assertEqual(Riddle.objects.filter(kind=Maker.MACHINE).count(), 2 * AT_ONCE)


class AtOnceTest(TransactionTestCase):
    def test_of_two_guesses_at_once_one_counts(self) -> None:
        alice, human = Person("alice"), a_human_riddle()
        said = at_once(
            [partial(riddle_guess, riddle=human, listener=alice.listener, said=word) for word in Maker.values]
        )
        self.assertEqual(sorted(type(one).__name__ for one in said), ["AlreadySaid", "Guess"])
        self.assertEqual(Riddle.objects.get().guessed, 1)


def a_machine_riddle_underway() -> Riddle:
    return machine_riddle_request()


def known(count: int = 2) -> list:
    conditions = Conditions(key="D", mode="major", meter="6/8", rhythm="jig", bars=16, form="AABB", tempo_qpm=110)
    return [
        mock.Mock(title=f"Tune {n}", source="A book", abc=f"X:1\nM:6/8\nL:1/8\nK:D\n{n}", conditions=conditions)
        for n in range(count)
    ]
