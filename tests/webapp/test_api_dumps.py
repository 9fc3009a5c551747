"""The nightly dump: what is in it and what is not, how it is kept, served, and sent for."""

from __future__ import annotations

import gzip
import hashlib
import json
import tempfile
from contextlib import redirect_stdout
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client, TestCase, override_settings
from django.utils import timezone

from tests.builders import ABC, Person, a_gallery_tune, a_ready_tune, an_account
from webapp.api.dumping import KEPT, dump_write, dumps_kept
from webapp.celery import app
from webapp.tunes.models import Tag, Tune

ODD = ("../secret-key", "..%2fsecret-key", "%2e%2e/x", ".x", "x", "", "tunewright-2026-01-01.jsonl.gz.json", "%00")


class DumpCase(TestCase):
    def setUp(self) -> None:
        kept = tempfile.TemporaryDirectory()
        self.addCleanup(kept.cleanup)
        self.folder = Path(kept.name) / "dumps"
        settings_with_folder = override_settings(DUMPS=self.folder)
        settings_with_folder.enable()
        self.addCleanup(settings_with_folder.disable)

    def rows(self, name: str) -> list[dict]:
        with gzip.open(self.folder / name, "rt", encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]


class DumpTest(DumpCase):
    def test_it_holds_public_tunes_alone(self) -> None:
        alice = an_account("alice")
        public = a_gallery_tune(alice, title="Ünter den Linden\u2028\n", description="For Jo")
        public.tags.add(Tag.objects.create(name="session"))
        for kind in ("draft", "private", "unlisted"):
            a_ready_tune(alice, visibility=kind)
        a_gallery_tune(alice, hidden=True)
        a_gallery_tune(alice, deleted=timezone.now())
        a_gallery_tune(alice, status="failed")
        dump = dump_write()
        [row] = self.rows(dump.name)
        self.assertEqual(dump.tunes, 1)
        self.assertEqual((row["id"], row["title"], row["abc"]), (public.pk, public.title, ABC))
        self.assertEqual((row["tags"], row["maker"], row["licence"]), (["session"], alice.profile.name, "CC0-1.0"))

    def test_it_tells_nobodys_key_or_address_or_secret_parent(self) -> None:
        alice = an_account("alice")
        parent = a_ready_tune(alice)
        child = a_gallery_tune(alice, parent=parent, root=parent.pk)
        grandchild = a_gallery_tune(Person("bob"), parent=child, root=parent.pk)
        text = json.dumps(rows := self.rows(dump_write().name))
        for secret in (alice.profile.key, alice.user.email, alice.user.username, parent.pk, grandchild.maker):
            self.assertNotIn(secret, text)
        told = {row["id"]: (row["parent"], row["maker"]) for row in rows}
        self.assertEqual(told, {child.pk: (None, alice.profile.name), grandchild.pk: (child.pk, None)})

    def test_it_leaves_out_the_name_of_a_closed_account(self) -> None:
        alice = an_account("alice", is_active=False)
        a_gallery_tune(alice)
        self.assertIsNone(self.rows(dump_write().name)[0]["maker"])

    def test_it_asks_a_few_questions_for_hundreds(self) -> None:
        tune = a_gallery_tune(an_account("alice"))
        columns = {field.attname: getattr(tune, field.attname) for field in Tune._meta.concrete_fields}
        Tune.objects.bulk_create(Tune(**columns | {"id": f"{n:022}", "receipt": None}) for n in range(1100))
        with self.assertNumQueries(4):  # the tunes, and their tags 500 at once
            self.assertEqual(dump_write().tunes, 1101)

    def test_it_comes_with_its_sum_and_what_it_may_be_used_for(self) -> None:
        dump = dump_write()
        sum_line = (self.folder / f"{dump.name}.sha256").read_text()
        real = hashlib.sha256((self.folder / dump.name).read_bytes()).hexdigest()
        self.assertEqual((sum_line, dump.sha256), (f"{real}  {dump.name}\n", real))
        self.assertIn("CC0 1.0", (self.folder / "README.txt").read_text())

    def test_it_writes_the_same_file_of_the_same_tunes(self) -> None:
        a_gallery_tune(Person("alice"))
        self.assertEqual(dump_write(day=date(2026, 1, 1)).sha256, dump_write(day=date(2026, 1, 2)).sha256)

    def test_it_keeps_seven_nights(self) -> None:
        for night in range(KEPT + 3):
            dump_write(day=date(2026, 1, 1) + timedelta(days=night))
        self.assertEqual([dump.date for dump in dumps_kept()], [f"2026-01-{day:02}" for day in range(10, 3, -1)])
        self.assertEqual(len(list(self.folder.iterdir())), 3 * KEPT + 1)

    def test_it_leaves_nothing_half_done(self) -> None:
        from unittest import mock

        dump_write(day=date(2026, 1, 1))
        a_gallery_tune(Person("alice"))
        with mock.patch("webapp.api.dumping._row", side_effect=OSError("disk full")), self.assertRaises(OSError):
            dump_write(day=date(2026, 1, 1))
        self.assertEqual([dump.tunes for dump in dumps_kept()], [0])
        self.assertFalse([path for path in self.folder.iterdir() if path.name.startswith(".")])

    def test_it_is_made_by_hand_too(self) -> None:
        a_gallery_tune(Person("alice"))
        with redirect_stdout(StringIO()) as said:
            call_command("dump_tunes", stdout=said)
        self.assertIn("1 tunes", said.getvalue())


class ServedDumpTest(DumpCase):
    def test_it_serves_nothing_else(self) -> None:
        dump_write()
        for name in ODD:
            self.assertEqual(Client().get(f"/dumps/{name}").status_code, 404, name)

    def test_it_serves_the_files(self) -> None:
        a_gallery_tune(Person("alice"))
        dump = dump_write()
        answer = Client().get(f"/dumps/{dump.name}")
        with self.assertWarnsMessage(Warning, "asynchronous iterators"):  # the test's client is none
            content = b"".join(answer)
        self.assertEqual(hashlib.sha256(content).hexdigest(), dump.sha256)
        self.assertEqual((answer["Content-Type"], answer["Content-Length"]), ("application/gzip", str(dump.bytes)))
        self.assertEqual(answer["X-Content-Type-Options"], "nosniff")
        self.assertNotIn("Content-Encoding", answer)
        self.assertEqual(answer.cookies, {})
        again = Client().get(f"/dumps/{dump.name}", headers={"If-None-Match": answer["ETag"]})
        self.assertEqual(again.status_code, 304)
        for name in ("README.txt", f"{dump.name}.sha256"):
            self.assertEqual(Client().get(f"/dumps/{name}").status_code, 200)
        self.assertEqual(Client().post(f"/dumps/{dump.name}").status_code, 405)

    def test_it_lists_them_for_programs(self) -> None:
        self.assertEqual(Client().get("/api/v1/dumps/").json()["results"], [])
        dump = dump_write()
        told = Client().get("/api/v1/dumps/").json()
        self.assertEqual(told["licence"], "CC0-1.0")
        [row] = told["results"]
        self.assertEqual((row["sha256"], row["tunes"], row["bytes"]), (dump.sha256, 0, dump.bytes))
        self.assertEqual(Client().get(row["url"]).status_code, 200)
        self.assertEqual(Client().get(row["sha256_url"]).status_code, 200)


class NightTest(DumpCase):
    def test_it_has_a_task_for_everything_that_is_sent_at_night(self) -> None:
        app.loader.import_default_modules()
        for entry in settings.CELERY_BEAT_SCHEDULE.values():
            self.assertIn(entry["task"], app.tasks)

    def test_it_does_the_nights_work(self) -> None:
        app.loader.import_default_modules()
        long_gone = a_ready_tune(Person("alice"), deleted=timezone.now() - timedelta(days=31))
        lately = a_ready_tune(Person("alice"), deleted=timezone.now() - timedelta(days=29))
        over = SessionStore()
        over.set_expiry(-1)
        over.save()
        alice = an_account("alice")
        for task in [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]:
            app.tasks[task].apply(throw=True)
        self.assertFalse(Tune.objects.filter(pk=long_gone.pk).exists())
        self.assertTrue(Tune.objects.filter(pk=lately.pk).exists())
        self.assertFalse(Session.objects.filter(session_key=over.session_key).exists())
        self.assertEqual(alice.get("/my/settings/").status_code, 200)
        self.assertEqual(len(dumps_kept()), 1)
