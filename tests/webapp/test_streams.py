"""Live notes over a real server: under WSGI, Django's own live_server too, a stream comes in one burst at its end."""

from __future__ import annotations

import json
import os
import time
from datetime import timedelta

from django.db import connection
from django.test import tag
from django.utils import timezone

from tests.builders import ABC, Person, a_queued_tune, a_ready_tune
from tests.webapp.processes import WebServer, until
from tests.webapp.served import ServedCase
from tests.webapp.sse import Stream
from webapp.tunes.models import Status, Tune, WorkerBeat

HEAD = "X:1\nT:A\nM:4/4\nL:1/8\nK:D\n"


class StreamCase(ServedCase):
    """The test plays the worker: it writes to the row, and the stream must tell."""

    def setUp(self) -> None:
        super().setUp()
        self.alice = Person("alice")
        self.wake_a_worker()

    def wake_a_worker(self) -> None:
        WorkerBeat.objects.update_or_create(name="awake", defaults={"seen": timezone.now() + timedelta(hours=1)})

    def stream(self, tune: Tune, last_event_id: str = "", where: str = "/tunes") -> Stream:
        stream = Stream(f"{self.server.url}{where}/{tune.pk}/events/", last_event_id)
        self.addCleanup(stream.link.close)
        return stream

    def write(self, **columns: object) -> None:
        Tune.objects.update(**({"status": Status.COMPOSING} | columns))


class TellingTest(StreamCase):
    def test_it_tells_a_finished_tune_and_ends(self) -> None:
        tune = a_ready_tune(self.alice)
        notes, ready = list(self.stream(tune))
        self.assertEqual((notes.name, notes.id), ("notes", f"1:{len(ABC)}"))
        self.assertEqual(notes.told, {"attempt": 1, "offset": 0, "text": ABC})
        expected = {"url": f"/tunes/{tune.pk}/", "title": tune.title, "abc": ABC}
        self.assertEqual((ready.name, ready.told), ("ready", expected))

    def test_it_tells_the_place_then_notes_as_they_come_then_the_end(self) -> None:
        a_queued_tune(self.alice)
        tune = a_queued_tune(self.alice, prompt="sad")
        stream = self.stream(tune)
        queued = stream.next("queued").told
        self.assertEqual(queued["place"], 2)
        self.assertGreater(queued["eta_seconds"], 0)
        Tune.objects.exclude(pk=tune.pk).delete()
        self.assertEqual(stream.next("queued").told["place"], 1)
        pieces = []
        for text in (HEAD, HEAD + "DEFG", HEAD + 'DEFG "A7"ABcd |\n'):
            self.write(abc=text, attempt=1)
            pieces.append(stream.next("notes"))
        self.assertEqual("".join(piece.told["text"] for piece in pieces), HEAD + 'DEFG "A7"ABcd |\n')
        self.assertEqual([piece.told["offset"] for piece in pieces], [0, len(HEAD), len(HEAD) + 4])
        self.write(status=Status.READY, abc=HEAD + 'DEFG "A7"ABcd |\n|]')
        self.assertEqual([event.name for event in stream], ["notes", "ready"])

    def test_it_comes_live_and_not_in_one_burst(self) -> None:
        stream = self.stream(a_queued_tune(self.alice))
        stream.next("queued")
        waits = []
        for n in range(5):
            started = time.monotonic()
            self.write(abc=HEAD + "D" * n, attempt=1)
            stream.next("notes")
            waits.append(time.monotonic() - started)
        self.assertLess(sorted(waits)[2], 0.6, waits)

    def test_it_clears_the_staff_for_every_new_attempt(self) -> None:
        stream = self.stream(a_queued_tune(self.alice))
        self.write(abc=HEAD + "DEFG", attempt=1)
        stream.next("notes")
        self.write(abc="", attempt=2, rejection="bars")
        self.assertEqual(stream.next("restart").told, {"attempt": 2, "reason": "bars"})
        self.write(abc=HEAD, attempt=2)
        notes = stream.next("notes")
        self.assertEqual((notes.told["attempt"], notes.told["offset"], notes.id), (2, 0, f"2:{len(HEAD)}"))

    def test_it_tells_failure_and_cancellation(self) -> None:
        for status, told in ((Status.FAILED, {"reason": "No good tune."}), (Status.CANCELLED, {})):
            tune = a_queued_tune(self.alice)
            stream = self.stream(tune)
            Tune.objects.filter(pk=tune.pk).update(status=status, reason="No good tune.")
            last = list(stream)[-1]
            self.assertEqual((last.name, last.told), (status.value, told))

    def test_it_says_that_no_worker_is_awake_and_that_one_is_again(self) -> None:
        WorkerBeat.objects.all().delete()
        stream = self.stream(a_queued_tune(self.alice))
        started = time.monotonic()
        self.assertIn("kept", stream.next("no-worker").told["message"])
        self.assertLess(time.monotonic() - started, 10)
        self.wake_a_worker()
        self.assertEqual(stream.next("queued").told["place"], 1)

    def test_it_ends_when_the_tune_is_deleted(self) -> None:
        stream = self.stream(a_queued_tune(self.alice))
        Tune.objects.all().delete()
        self.assertEqual(list(stream)[-1].name, "failed")

    def test_it_is_the_same_stream_for_programs(self) -> None:
        tune = a_ready_tune(self.alice)
        stream = self.stream(tune, where="/api/v1/tunes")
        self.assertEqual(stream.answer.headers["Content-Type"], "text/event-stream")
        self.assertEqual([event.name for event in stream], ["notes", "ready"])


class ResumingTest(StreamCase):
    def test_it_goes_on_where_the_page_left_off(self) -> None:
        tune = a_ready_tune(self.alice)
        notes, _ = list(self.stream(tune, last_event_id="1:40"))
        self.assertEqual((notes.told["offset"], notes.told["text"]), (40, ABC[40:]))
        self.assertEqual([event.name for event in self.stream(tune, last_event_id=f"1:{len(ABC)}")], ["ready"])

    def test_it_loses_and_doubles_nothing_over_many_reconnections(self) -> None:
        tune = a_queued_tune(self.alice)
        text, last = "", ""
        for end in (30, 55, 90, len(ABC)):
            self.write(abc=ABC[:end], attempt=1)
            notes = self.stream(tune, last_event_id=last).next("notes")
            text, last = text + notes.told["text"], notes.id
        self.assertEqual(text, ABC)

    def test_it_starts_over_for_a_page_that_knows_another_attempt(self) -> None:
        tune = a_ready_tune(self.alice, attempt=3)
        names = [event.name for event in self.stream(tune, last_event_id="1:40")]
        self.assertEqual(names, ["restart", "notes", "ready"])

    def test_it_starts_over_for_ids_that_are_none(self) -> None:
        tune = a_ready_tune(self.alice)
        for strange in ("x", "1", "-1:-1", "1:99999999999999999999", "9" * 4000, "1:40:1", "é:ü", "٣:٤"):
            with self.subTest(strange[:20]):
                last = list(self.stream(tune, last_event_id=strange.encode().decode("latin-1")))[-1]
                self.assertEqual(last.name, "ready")

    def test_it_starts_over_for_a_page_that_claims_more_than_there_is(self) -> None:
        names = [event.name for event in self.stream(a_ready_tune(self.alice), last_event_id="1:99999")]
        self.assertEqual(names, ["restart", "notes", "ready"])


@tag("slow")
class ManyStreamsTest(StreamCase):
    def test_it_serves_many_pages_and_holds_nothing_for_those_that_leave(self) -> None:
        tune = a_queued_tune(self.alice)
        streams = [self.stream(tune) for _ in range(40)]
        for stream in streams:
            stream.next("queued")
        self.assertLess(self.connections(), 20)
        for stream in streams[:39]:
            stream.link.close()
        self.write(abc=HEAD, attempt=1)
        self.assertEqual(streams[39].next("notes").told["text"], HEAD)
        self.write(status=Status.READY, abc=HEAD)
        self.assertEqual(list(streams[39])[-1].name, "ready")
        # With every stream gone, nobody asks the database any more.
        until(lambda: self.open_files() < 40, 10, every=0.2)

    def connections(self) -> int:
        if connection.vendor != "postgresql":
            return 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            return cursor.fetchone()[0]

    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.server.child.pid}/fd"))


@tag("slow")
class NoStreamTest(StreamCase):
    def test_it_has_no_stream_for_a_tune_that_is_not_there(self) -> None:
        stream = Stream(f"{self.server.url}/api/v1/tunes/{'x' * 22}/events/")
        self.assertEqual(stream.answer.status, 404)
        self.assertEqual(json.loads(stream.answer.read())["error"]["code"], "not_found")
        stream.link.close()

    def test_it_stops_within_seconds_while_a_stream_is_open(self) -> None:
        server = WebServer().wait_until_ready()
        stream = Stream(f"{server.url}/tunes/{a_queued_tune(self.alice).pk}/events/")
        stream.next("queued")
        started = time.monotonic()
        server.stop()
        stream.link.close()
        self.assertLess(time.monotonic() - started, 6)
