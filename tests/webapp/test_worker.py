"""The worker command as a real process with the real composer: started, killed, started again."""

from __future__ import annotations

import os
import signal

from django.test import TransactionTestCase, override_settings, tag

from tests.builders import Person
from tests.webapp.processes import SlowWorker, WebServer, Worker, until
from tests.webapp.sse import Stream
from webapp.celery import app
from webapp.tunes.models import Status, Tune, WorkerBeat


@override_settings(TUNES_PER_MINUTE_VISITOR=1000)
class WorkerCase(TransactionTestCase):
    def setUp(self) -> None:
        self.alice = Person("alice")

    def worker(self, kind: type[Worker] = Worker, **environment: str) -> Worker:
        worker = kind(**environment)
        self.addCleanup(worker.stop)
        return worker.wait_until_ready()

    def ask(self, count: int = 1) -> list[str]:
        urls = [self.alice.post("/", {"prompt": f"hopeful morning {n}", "seed": n}).url for n in range(count)]
        return [url.split("/")[2] for url in urls]

    def status(self, tune_id: str) -> str:
        return Tune.objects.values_list("status", flat=True).get(pk=tune_id)

    def all_ready(self) -> bool:
        if failed := Tune.objects.filter(status=Status.FAILED).first():
            raise AssertionError(failed.reason)
        return not Tune.objects.exclude(status=Status.READY).exists()

    def one_with_notes(self) -> Tune | None:
        return Tune.objects.filter(status=Status.COMPOSING).exclude(abc="").first()


@tag("slow")
class LivingWorkerTest(WorkerCase):
    """One worker for all of these, as a site has."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.living = Worker().wait_until_ready()
        cls.addClassCleanup(cls.living.stop)

    def test_it_composes_what_is_asked_for_and_keeps_what_made_it(self) -> None:
        self.ask(2)
        until(self.all_ready, 60)
        for tune in Tune.objects.all():
            self.assertRegex(tune.abc, r"(?s)^X:.*\nK:.*\|")
            self.assertTrue(tune.checkpoint and tune.checks and tune.conditions["chords"])

    def test_it_composes_the_same_tune_for_the_same_words_and_seed(self) -> None:
        self.alice.post("/", {"prompt": "a calm sea", "seed": 5})
        self.alice.post("/", {"prompt": "a calm sea", "seed": 5})
        until(self.all_ready, 60)
        self.assertEqual(len(set(Tune.objects.values_list("abc", flat=True))), 1)

    def test_it_composes_every_tweak_of_a_tune(self) -> None:
        parent = self.ask()[0]
        until(self.all_ready, 60)
        for tweak in ("happier", "calmer", "faster", "other_key"):
            self.alice.post(f"/tunes/{parent}/again/", {"tweak": tweak, "locked": ["bars"]})
        until(self.all_ready, 90)
        self.assertEqual(Tune.objects.filter(parent_id=parent).count(), 4)

    def test_it_reports_its_health(self) -> None:
        until(lambda: WorkerBeat.objects.exists(), 10)
        health = self.alice.get("/healthz")
        self.assertEqual(health.json(), {"status": "ok", "database": "ok", "broker": "ok", "worker": "ok"})

    def test_it_tells_the_notes_over_http_as_they_are_composed(self) -> None:
        server = WebServer().wait_until_ready()
        self.addCleanup(server.stop)
        tune_id = self.ask()[0]
        events = list(Stream(f"{server.url}/tunes/{tune_id}/events/", timeout=60))
        last_attempt = max(event.told["attempt"] for event in events if event.name == "notes")
        notes = [event for event in events if event.name == "notes" and event.told["attempt"] == last_attempt]
        self.assertGreater(len(notes), 0)  # alone it is often whole before the stream looks a second time
        self.assertEqual("".join(event.told["text"] for event in notes), Tune.objects.get(pk=tune_id).abc)
        self.assertEqual(events[-1].name, "ready")


@tag("slow")
class CancelledTuneTest(WorkerCase):
    def test_it_stops_a_cancelled_tune_and_goes_on_with_the_next(self) -> None:
        self.worker(SlowWorker)
        first, second = self.ask(2)
        until(lambda: self.status(first) == Status.COMPOSING, 30)
        self.alice.post(f"/tunes/{first}/cancel/")
        until(lambda: self.status(second) == Status.READY, 60)
        self.assertEqual(self.status(first), Status.CANCELLED)


@tag("slow")
class KilledWorkerTest(WorkerCase):
    def killed_while_composing(self, worker: Worker, *, group: bool) -> Tune:
        self.ask(2)
        tune = until(self.one_with_notes)
        if group:
            worker.kill_group()
        else:
            worker.kill()
        tune.refresh_from_db()
        self.assertEqual(tune.status, Status.COMPOSING)
        return tune

    def test_it_takes_up_a_tune_whose_worker_was_killed_alone_or_with_its_group(self) -> None:
        worker = self.worker(SlowWorker)
        for group in (False, True):
            with self.subTest(group=group):
                tune = self.killed_while_composing(worker, group=group)
                worker = self.worker(SlowWorker)
                until(self.all_ready, 60)
                tune.refresh_from_db()
                self.assertEqual((tune.claims, tune.attempt > 1), (2, True))

    def test_it_leaves_a_dead_workers_tune_to_a_surviving_one(self) -> None:
        first = self.worker(SlowWorker, TUNES_HELD="60")
        self.ask(2)
        until(lambda: Tune.objects.filter(status=Status.COMPOSING).count() == 2)
        self.worker()
        first.kill()
        until(self.all_ready, 60)
        self.assertEqual(set(Tune.objects.values_list("claims", flat=True)), {2})


@tag("slow")
class StoppedWorkerTest(WorkerCase):
    def test_it_finishes_the_tune_at_hand_when_asked_to_stop(self) -> None:
        tune_id = self.ask()[0]
        for stop in (signal.SIGTERM, signal.SIGINT):
            worker = self.worker()
            until(lambda tune_id=tune_id: self.status(tune_id) != Status.QUEUED, 30, every=0.005)
            os.kill(worker.child.pid, stop)
            worker.child.wait(30)
            self.assertIn(self.status(tune_id), (Status.READY, Status.QUEUED))
            self.assertFalse(WorkerBeat.objects.exists())
            tune_id = self.ask()[0]

    def test_it_composes_a_tune_that_came_before_it_and_whose_message_is_lost(self) -> None:
        tune_id = self.ask()[0]
        self.assertEqual(self.alice.get("/healthz").json()["worker"], "absent")
        with app.connection_for_write() as link:
            link.default_channel.queue_purge(app.conf.task_default_queue)
        self.worker()
        until(lambda: self.status(tune_id) == Status.READY, 60)
