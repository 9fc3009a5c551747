"""The worker command as a real process with the real composer: started, killed, started again."""

from __future__ import annotations

import os
import signal

from django.test import TransactionTestCase, tag

from tests.builders import Person
from tests.webapp.processes import WebServer, Worker, until
from tests.webapp.sse import Stream
from webapp.tunes.models import Status, Tune, WorkerBeat


@tag("slow")  # each starts a worker process of its own
class WorkerCase(TransactionTestCase):
    def setUp(self) -> None:
        self.alice = Person("alice")

    def worker(self) -> Worker:
        worker = Worker()
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


class WorkerTest(WorkerCase):
    def test_it_composes_what_is_asked_for_and_what_was_asked_before_it_came(self) -> None:
        early = self.ask()
        self.assertEqual(self.status(early[0]), Status.QUEUED)
        worker = self.worker()
        until(lambda: WorkerBeat.objects.exists(), 10)
        self.ask()
        until(self.all_ready, 60)
        for tune in Tune.objects.all():
            self.assertRegex(tune.abc, r"(?s)^X:.*\nK:.*\|")
            self.assertTrue(tune.checkpoint and tune.checks)
        self.assertEqual(worker.stop(), 0, worker.said())
        self.assertFalse(WorkerBeat.objects.exists())

    def test_it_takes_up_a_tune_whose_worker_was_killed(self) -> None:
        self.killed_while_composing(lambda worker: worker.kill())

    def test_it_takes_up_a_tune_whose_whole_process_group_was_killed(self) -> None:
        self.killed_while_composing(lambda worker: worker.kill_group())

    def killed_while_composing(self, kill) -> None:
        worker = self.worker()
        self.ask(3)
        tune = until(self.one_with_notes, 30, every=0.005)
        kill(worker)
        tune.refresh_from_db()
        self.assertEqual(tune.status, Status.COMPOSING)
        self.worker()
        until(self.all_ready, 60)
        tune.refresh_from_db()
        self.assertEqual((tune.claims, tune.attempt > 1), (2, True))

    def test_it_leaves_a_dead_workers_tune_to_a_surviving_one(self) -> None:
        first, second = self.worker(), self.worker()
        self.ask(4)
        until(lambda: Tune.objects.filter(status=Status.COMPOSING).count() == 2, 30, every=0.005)
        first.kill()
        until(self.all_ready, 60)
        second.stop()

    def test_it_composes_a_tune_whose_message_is_lost(self) -> None:
        tune_id = self.ask()[0]
        from webapp.celery import app

        with app.connection_for_write() as link:
            link.default_channel.queue_purge(app.conf.task_default_queue)
        self.worker()
        until(lambda: self.status(tune_id) == Status.READY, 60)

    def test_it_stops_a_cancelled_tune_and_goes_on_with_the_next(self) -> None:
        self.worker()
        first, second = self.ask(2)
        until(lambda: self.status(first) == Status.COMPOSING, 30, every=0.005)
        self.alice.post(f"/tunes/{first}/cancel/")
        until(lambda: self.status(second) == Status.READY, 60)
        self.assertEqual(self.status(first), Status.CANCELLED)

    def test_it_finishes_the_tune_at_hand_when_asked_to_stop(self) -> None:
        for stop in (signal.SIGTERM, signal.SIGINT):
            worker = self.worker()
            tune_id = self.ask()[0]
            until(lambda tune_id=tune_id: self.status(tune_id) == Status.COMPOSING, 30, every=0.005)
            os.kill(worker.child.pid, stop)
            worker.child.wait(30)
            self.assertIn(self.status(tune_id), (Status.READY, Status.QUEUED))
            self.assertFalse(WorkerBeat.objects.exists())


class WholeRoadTest(WorkerCase):
    """From a request over HTTP to the last note, with a real web server and a real worker."""

    def test_it_tells_the_notes_as_they_are_composed(self) -> None:
        server = WebServer().wait_until_ready()
        self.addCleanup(server.stop)
        self.worker()
        tune_id = self.ask()[0]
        events = list(Stream(f"{server.url}/tunes/{tune_id}/events/"))
        last_attempt = max(e.told["attempt"] for e in events if e.name == "notes")
        notes = [event for event in events if event.name == "notes" and event.told["attempt"] == last_attempt]
        self.assertGreater(len(notes), 2)
        self.assertEqual("".join(event.told["text"] for event in notes), Tune.objects.get(pk=tune_id).abc)
        self.assertEqual(events[-1].name, "ready")

    def test_it_reports_its_health(self) -> None:
        health = self.alice.get("/healthz")
        self.assertEqual((health.status_code, health.json()["worker"]), (200, "absent"))
        self.worker()
        health = self.alice.get("/healthz")
        self.assertEqual(health.json(), {"status": "ok", "database": "ok", "broker": "ok", "worker": "ok"})
