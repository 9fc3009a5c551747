"""All of one's data in a zip; nothing of anybody else's."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile

from django.test import Client, override_settings
from django.utils import timezone

from tests.builders import ABC, Person, a_gallery_tune, a_queued_tune, a_ready_tune, an_account
from tests.webapp.account_forms import ADDRESS, AccountCase
from webapp.accounts.exporting import export_of
from webapp.ratings.services import tune_rate
from webapp.tunes.keeping import tune_describe
from webapp.tunes.models import Tune


def opened(person: Client) -> zipfile.ZipFile:
    answer = person.get("/my/export/")
    whole = b"".join(answer.streaming_content)
    assert len(whole) == int(answer.headers["Content-Length"])
    return zipfile.ZipFile(io.BytesIO(whole))


def read(archive: zipfile.ZipFile, name: str) -> object:
    return json.loads(archive.read(name))


class ExportTest(AccountCase):
    def setUp(self) -> None:
        super().setUp()
        self.alice = an_account("alice", email=ADDRESS)

    def test_it_tells_all_about_the_account(self) -> None:
        self.alice.get("/about/")
        told = read(opened(self.alice), "account.json")
        self.assertEqual((told["name"], told["starts_as"]), ("Alice", "unlisted"))
        self.assertEqual(told["emails"], [{"email": ADDRESS, "confirmed": True, "primary": True}])
        self.assertEqual(len(told["sessions"]), 1)
        self.assertIn("joined", told)

    def test_it_tells_no_password_and_no_secret(self) -> None:
        archive = opened(self.alice)
        text = b"".join(archive.read(name) for name in archive.namelist()).decode()
        for secret in (self.alice.user.password, self.alice.session.session_key, self.alice.profile.key):
            self.assertNotIn(secret, text)

    def test_it_holds_every_tune_also_those_deleted_and_unfinished(self) -> None:
        parent = a_gallery_tune(self.alice)
        tune_describe(tune=parent, listener=self.alice.listener, description="By the sea", tags=["sea", "slow"])
        gone = a_ready_tune(self.alice, deleted=timezone.now(), parent=parent, root=parent.pk, tweak="faster")
        a_queued_tune(self.alice)
        tunes = {row["id"]: row for row in read(opened(self.alice), "tunes.json")}
        self.assertEqual(len(tunes), 3)
        self.assertEqual((tunes[parent.pk]["tags"], tunes[parent.pk]["description"]), (["sea", "slow"], "By the sea"))
        self.assertEqual((tunes[gone.pk]["parent"], tunes[gone.pk]["tweak"]), (parent.pk, "faster"))
        self.assertIsNotNone(tunes[gone.pk]["deleted"])

    def test_it_holds_the_notes_as_files_whose_names_are_safe(self) -> None:
        for title in ("../../etc/passwd", "C:\\con\0.abc", "月の歌", "a" * 200, ".", "The Lantern"):
            a_ready_tune(self.alice, title=title.replace("\0", ""))
        archive = opened(self.alice)
        files = [name for name in archive.namelist() if name.startswith("tunes/")]
        self.assertEqual(len(files), 6)
        for name in files:
            self.assertRegex(name, r"^tunes/[a-z0-9_-]{1,61}_[\w-]{22}\.abc$")
            self.assertEqual(archive.read(name).decode(), ABC)
        self.assertEqual(sorted(row["file"] for row in read(archive, "tunes.json")), sorted(files))

    def test_it_tells_every_column_of_a_tune_that_is_the_makers(self) -> None:
        a_ready_tune(self.alice)
        of_the_site = {"claim", "claims", "heartbeat", "enqueued", "attempt", "rejection", "seconds", "receipt"}
        whose = {"maker", "owner", "root"}  # told as account and family
        columns = {field.name for field in Tune._meta.get_fields() if not field.auto_created}
        row = read(opened(self.alice), "tunes.json")[0]
        files = {"midi"}  # beside the notes
        self.assertEqual(columns - set(row), of_the_site | whose | files)

    def test_it_holds_ratings(self) -> None:
        tune = a_gallery_tune(Person("bob"))
        tune_rate(tune=tune, listener=self.alice.listener, stars=3)
        self.assertEqual(
            [(row["tune"], row["stars"]) for row in read(opened(self.alice), "ratings.json")], [(tune.pk, 3)]
        )

    def test_it_holds_nothing_of_others(self) -> None:
        bob = an_account("bob")
        tune_rate(tune=a_ready_tune(bob), listener=bob.listener, stars=3)
        archive = opened(self.alice)
        self.assertEqual((read(archive, "tunes.json"), read(archive, "ratings.json")), ([], []))
        self.assertNotIn("bob", read(archive, "account.json")["name"])

    def test_it_tells_no_link_of_a_familys_first_tune_that_is_unlisted(self) -> None:
        bob = an_account("bob")
        first = a_ready_tune(bob)
        shown = a_gallery_tune(bob, parent=first, root=first.pk)
        a_ready_tune(self.alice, parent=shown, root=first.pk)
        self.assertIsNone(read(opened(self.alice), "tunes.json")[0]["family"])
        self.assertEqual({row["family"] for row in read(opened(bob), "tunes.json")}, {first.pk})

    def test_it_serves_whoever_has_no_account(self) -> None:
        charlie = Person("charlie")
        tune = a_ready_tune(charlie)
        self.assertEqual([row["id"] for row in read(opened(charlie), "tunes.json")], [tune.pk])
        self.assertEqual(read(opened(Client()), "tunes.json"), [])

    def test_it_is_not_kept_by_anything_between(self) -> None:
        answer = self.alice.get("/my/export/")
        self.assertEqual(answer.headers["Cache-Control"], "private, no-store")
        self.assertRegex(answer.headers["Content-Disposition"], r'^attachment; filename="tunewright-[\d-]+\.zip"$')
        self.assertEqual(b"".join(answer.streaming_content)[:2], b"PK")

    @override_settings(TUNES_PER_MINUTE_VISITOR=1000)
    def test_it_needs_no_more_memory_for_many_tunes(self) -> None:
        tune = a_ready_tune(self.alice)
        columns = {field.attname: getattr(tune, field.attname) for field in Tune._meta.concrete_fields}
        columns.pop("id")
        abc = ABC + "% a long remark " * 2500  # 40 KB
        Tune.objects.bulk_create((Tune(**columns | {"abc": abc}) for _ in range(2000)), 500)
        tracemalloc.start()
        with export_of(self.alice.listener) as file:
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            names = zipfile.ZipFile(file).namelist()
        self.assertEqual(sum(name.endswith(".abc") for name in names), 2001)
        self.assertLess(peak, 40_000_000, "its 80 MB of notes were held at once")
