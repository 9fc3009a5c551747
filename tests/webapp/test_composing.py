"""The worker's side, one call at a time: every exit sets a status, and no tune is composed twice at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from unittest import mock

from django.test import TestCase, TransactionTestCase
from django.utils import timezone

from generator import AttemptRejected, Check, Conditions, NotesAdded, Piece
from tests.builders import Person, a_queued_tune
from tests.webapp.at_once import at_once
from webapp.tunes import composing, liveness
from webapp.tunes.claims import MAX_CLAIMS, held_claims, hold, let_go
from webapp.tunes.liveness import TUNES_AT_ONCE
from webapp.tunes.models import Status, Tune, WorkerBeat
from webapp.tunes.selectors import USUAL_SECONDS, tune_waiting
from webapp.tunes.services import tune_cancel
from webapp.tunes.tasks import compose_tune

HEAD = "X:1\nT:A\nM:4/4\nL:1/8\nK:D\n"


class ComposeFailed(Exception):
    """Named as the pipeline's own, which webapp knows by name alone."""


def a_piece(abc: str = HEAD + "DEFG ABcd |]", **changes: object) -> Piece:
    parts = {"title": "A Reel", "prompt": "sad", "conditions": Conditions(key="D", mode="major"), "seed": 7}
    made = {"composer": "transformer", "checkpoint": "a1", "checks": {"bars": Check(True, 1.0)}}
    return Piece(abc=abc, **(parts | made | changes))


def composer(*events: object) -> mock._patch:
    """In place of the generator, for what the real one cannot be made to do on demand."""

    def compose(brief: object, *, interpretation: object) -> Iterator:
        for event in events:
            if callable(event):
                event()
            elif isinstance(event, BaseException):
                raise event
            else:
                yield event

    return mock.patch("webapp.tunes.composing.compose", compose)


class ComposingCase(TestCase):
    def setUp(self) -> None:
        self.alice = Person("alice")
        self.tune = a_queued_tune(self.alice)

    def compose(self, *events: object) -> Tune:
        with composer(*events):
            compose_tune(self.tune.pk)
        self.assertEqual(held_claims(), [])
        self.tune.refresh_from_db()
        return self.tune

    def row(self) -> tuple:
        return Tune.objects.values_list("status", "attempt", "abc").get(pk=self.tune.pk)


class EveryExitTest(ComposingCase):
    def test_it_fails_in_plain_words_when_no_good_tune_comes(self) -> None:
        with self.assertLogs("webapp.tunes.composing"):
            tune = self.compose(NotesAdded(1, 0, HEAD), AttemptRejected(1, "bars"), ComposeFailed("bars: .9 < 1"))
        self.assertEqual((tune.status, tune.reason), (Status.FAILED, composing.NO_GOOD_TUNE))

    def test_it_fails_in_plain_words_when_the_composer_breaks(self) -> None:
        for error in (RuntimeError("CUDA error"), KeyError("x"), MemoryError(), RecursionError()):
            Tune.objects.update(status=Status.QUEUED, claims=0)
            with self.subTest(repr(error)), self.assertLogs("webapp.tunes.composing"):
                tune = self.compose(NotesAdded(1, 0, HEAD), error)
                self.assertEqual((tune.status, tune.reason, tune.claim), (Status.FAILED, composing.BROKEN, ""))
                self.assertIsNotNone(tune.finished)

    def test_it_fails_when_the_composer_ends_without_a_piece(self) -> None:
        with self.assertLogs("webapp.tunes.composing"):
            self.assertEqual(self.compose(NotesAdded(1, 0, HEAD)).status, Status.FAILED)

    def test_it_gives_the_tune_back_when_the_worker_is_stopped(self) -> None:
        for stop in (SystemExit(), KeyboardInterrupt()):
            with composer(NotesAdded(1, 0, HEAD), stop), self.assertRaises(type(stop)):
                compose_tune(self.tune.pk)
            self.tune.refresh_from_db()
            self.assertEqual((self.tune.status, self.tune.claims, held_claims()), (Status.QUEUED, 0, []))

    def test_it_keeps_the_piece_and_all_it_takes_to_compose_it_again(self) -> None:
        tune = self.compose(NotesAdded(1, 0, HEAD), a_piece())
        self.assertEqual((tune.status, tune.abc, tune.title), (Status.READY, a_piece().abc, "A Reel"))
        self.assertEqual((tune.checkpoint, tune.checks), ("a1", {"bars": {"ok": True, "value": 1.0}}))
        self.assertGreater(tune.seconds, 0)

    def test_it_keeps_the_prompt_as_title_where_the_piece_has_none(self) -> None:
        self.assertEqual(self.compose(a_piece(title="")).title, "hopeful and full of wonder")

    def test_it_does_nothing_for_a_tune_that_is_gone_or_done(self) -> None:
        compose_tune("x" * 22)
        for status in (Status.READY, Status.FAILED, Status.CANCELLED):
            Tune.objects.update(status=status)
            self.assertEqual(self.compose(RuntimeError("never called")).status, status)


class GrowingNotesTest(ComposingCase):
    def test_it_writes_the_first_notes_at_once_and_the_rest_ten_times_a_second(self) -> None:
        seen = []

        def look() -> None:
            seen.append(self.row()[2])

        first = [NotesAdded(1, 0, HEAD), look, NotesAdded(1, 9, "DEFG"), look]
        notes = [*first, *(NotesAdded(1, n, "D") for n in range(50)), look]
        with mock.patch("webapp.tunes.composing.time.monotonic", return_value=100.0):
            self.compose(*notes, a_piece())
        self.assertEqual(seen, [HEAD, HEAD + "DEFG", HEAD + "DEFG"])

    def test_it_writes_again_after_a_tenth_of_a_second(self) -> None:
        with mock.patch("webapp.tunes.composing.time.monotonic") as clock:
            clock.return_value = 100.0
            later = lambda: setattr(clock, "return_value", 100.11)  # noqa: E731
            check = lambda: self.assertEqual(self.row()[2], HEAD + "DEF")  # noqa: E731
            notes = [NotesAdded(1, 0, text) for text in (HEAD, "D", "E")]
            self.compose(*notes, later, NotesAdded(1, 0, "F"), check, a_piece())
        self.assertEqual(self.tune.status, Status.READY)

    def test_it_clears_the_notes_of_a_rejected_attempt(self) -> None:
        seen = []
        look = lambda: seen.append(self.row())  # noqa: E731
        rejected = AttemptRejected(1, "ending")
        self.compose(NotesAdded(1, 0, HEAD), rejected, look, NotesAdded(2, 0, HEAD + "A"), look, a_piece())
        self.assertEqual(seen, [("composing", 2, ""), ("composing", 2, HEAD + "A")])
        self.assertEqual(self.tune.rejection, "ending")

    def test_it_stops_the_composer_when_the_tune_is_cancelled(self) -> None:
        went_on = mock.Mock()
        cancel = lambda: tune_cancel(tune=Tune.objects.get(), listener=self.alice.listener)  # noqa: E731
        with mock.patch("webapp.tunes.composing.WRITE_EVERY", 0):
            tune = self.compose(NotesAdded(1, 0, HEAD), cancel, NotesAdded(1, 9, "DEFG"), went_on, a_piece())
        self.assertEqual((tune.status, tune.abc), (Status.CANCELLED, HEAD))
        went_on.assert_not_called()

    def test_it_keeps_no_piece_that_was_cancelled_at_the_last_moment(self) -> None:
        cancel = lambda: tune_cancel(tune=Tune.objects.get(), listener=self.alice.listener)  # noqa: E731
        self.assertEqual(self.compose(NotesAdded(1, 0, HEAD), cancel, a_piece()).status, Status.CANCELLED)


class ClaimTest(ComposingCase):
    def left_behind(self, **changes: object) -> None:
        long_ago = timezone.now() - timedelta(seconds=30)
        columns = {"status": "composing", "claim": "gone", "claims": 1, "attempt": 2, "heartbeat": long_ago}
        Tune.objects.update(**columns | changes)

    def test_it_takes_nothing_that_another_worker_is_composing(self) -> None:
        Tune.objects.update(status=Status.COMPOSING, claim="theirs", heartbeat=timezone.now())
        self.assertEqual(self.compose(RuntimeError("never called")).claim, "theirs")

    def test_it_takes_up_what_was_left_behind_as_another_attempt(self) -> None:
        self.left_behind(abc="half a tune")
        tune = self.compose(NotesAdded(1, 0, HEAD), a_piece())
        self.assertEqual((tune.status, tune.attempt, tune.claims), (Status.READY, 3, 2))

    def test_it_lets_the_old_worker_write_nothing_once_another_has_taken_over(self) -> None:
        take_over = lambda: Tune.objects.update(claim="theirs", abc="theirs")  # noqa: E731
        with mock.patch("webapp.tunes.composing.WRITE_EVERY", 0):
            tune = self.compose(NotesAdded(1, 0, HEAD), take_over, NotesAdded(1, 9, "D"), a_piece())
        self.assertEqual((tune.status, tune.claim, tune.abc), (Status.COMPOSING, "theirs", "theirs"))

    def test_it_gives_up_a_tune_that_takes_down_every_worker(self) -> None:
        self.left_behind(claims=MAX_CLAIMS)
        self.compose(RuntimeError("never called"))
        liveness.Pulse().sweep()
        self.tune.refresh_from_db()
        self.assertEqual((self.tune.status, self.tune.reason), (Status.FAILED, liveness.INTERRUPTED))


class SweeperTest(ComposingCase):
    def sweep(self, *, idle: bool = True) -> list:
        pulse = liveness.Pulse()
        pulse.consuming, pulse.idle_since = True, 0.1 if idle else None
        with mock.patch("webapp.tunes.tasks.compose_tune.delay") as delay:
            pulse.sweep()
        return [call.args[0] for call in delay.call_args_list]

    def test_it_enqueues_what_a_killed_worker_left_behind_once(self) -> None:
        ClaimTest.left_behind(self)
        with self.assertLogs("webapp.tunes.liveness"):
            self.assertEqual(self.sweep(idle=False), [self.tune.pk])
        self.assertEqual(self.sweep(idle=False), [])
        self.assertEqual(self.row()[0], Status.QUEUED)

    def test_it_puts_no_tune_back_that_nobody_may_take(self) -> None:
        ClaimTest.left_behind(self, claims=MAX_CLAIMS)
        liveness.enqueue_left_behind()
        self.assertEqual(self.row()[0], Status.COMPOSING)

    def test_it_leaves_alone_what_is_being_composed(self) -> None:
        Tune.objects.update(status=Status.COMPOSING, heartbeat=timezone.now() - timedelta(seconds=2))
        self.assertEqual(self.sweep(), [])

    def test_it_enqueues_a_waiting_tune_whose_message_is_lost_once(self) -> None:
        for enqueued in (None, timezone.now() - timedelta(minutes=1)):
            Tune.objects.update(created=timezone.now() - timedelta(minutes=1), enqueued=enqueued)
            self.assertEqual(self.sweep(), [self.tune.pk])
            self.assertEqual(self.sweep(), [])

    def test_it_floods_no_queue_that_is_merely_long(self) -> None:
        Tune.objects.update(created=timezone.now() - timedelta(minutes=1))
        self.assertEqual(self.sweep(idle=False), [])

    def test_it_keeps_the_row_when_the_broker_is_away(self) -> None:
        with (
            mock.patch("webapp.tunes.tasks.compose_tune.delay", side_effect=ConnectionError),
            self.assertLogs("webapp.tunes.services"),
            self.captureOnCommitCallbacks(execute=True),
        ):
            answer = self.alice.post("/", {"prompt": "sad"})
        self.assertEqual(answer.status_code, 302)
        self.assertEqual(Tune.objects.latest("created").status, Status.QUEUED)

    def test_it_ends_a_composing_that_takes_too_long(self) -> None:
        Tune.objects.update(status=Status.COMPOSING, claim="ours", heartbeat=timezone.now())
        hold("ours")
        self.addCleanup(let_go, "ours")
        with mock.patch("webapp.tunes.claims.MAX_SECONDS", -1):
            self.sweep()
        self.tune.refresh_from_db()
        self.assertEqual((self.tune.status, self.tune.reason), (Status.FAILED, liveness.TOO_LONG))

    @mock.patch("webapp.tunes.liveness.os._exit")
    def test_it_ends_a_worker_whose_composer_hangs(self, leave: mock.Mock) -> None:
        hold("ours")
        self.addCleanup(let_go, "ours")
        with mock.patch("webapp.tunes.claims.MAX_SECONDS", -10):
            self.sweep()
        leave.assert_not_called()
        with mock.patch("webapp.tunes.claims.MAX_SECONDS", -40), self.assertLogs("webapp.tunes.liveness"):
            self.sweep()
        leave.assert_called_once()

    def test_it_keeps_the_tunes_of_its_own_process_fresh(self) -> None:
        ClaimTest.left_behind(self, claim="ours")
        hold("ours")
        self.addCleanup(let_go, "ours")
        liveness.Pulse().beat()
        self.assertEqual(self.sweep(), [])
        self.assertEqual(self.row()[0], Status.COMPOSING)

    def test_it_counts_only_workers_seen_lately(self) -> None:
        self.assertFalse(self.alice.get("/worker/").json()["alive"])
        WorkerBeat.objects.create(name="old", seen=timezone.now() - timedelta(seconds=8))
        self.assertFalse(self.alice.get("/worker/").json()["alive"])
        liveness.Pulse().beat()
        self.assertEqual(self.alice.get("/worker/").json(), {"alive": True, "waiting": 1})

    def test_it_tells_how_long_by_how_many_a_worker_composes_together(self) -> None:
        liveness.Pulse().beat()
        Tune.objects.bulk_create(
            Tune(
                prompt="sad",
                seed=n,
                temperature=1.0,
                status=Status.QUEUED,
                created=self.tune.created - timedelta(minutes=1),
            )
            for n in range(TUNES_AT_ONCE)
        )
        waiting = tune_waiting(self.tune.pk)
        self.assertEqual((waiting.place, waiting.eta_seconds), (TUNES_AT_ONCE + 1, round(2 * USUAL_SECONDS)))


class ManyWorkersTest(TransactionTestCase):
    def test_it_lets_one_of_many_workers_claim_a_tune(self) -> None:
        with mock.patch("webapp.tunes.services.tune_enqueue"):
            tune = a_queued_tune(Person("alice"))
        claims = at_once([partial(composing.tune_claim, tune_id=tune.pk)] * 6)
        winners = [claimed for claimed in claims if claimed]
        let_go(winners[0].claim)
        self.assertEqual((len(claims), len(winners)), (6, 1))
