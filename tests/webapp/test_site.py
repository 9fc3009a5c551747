"""What the whole site keeps: a strict content policy, cookies, static files, settings, health."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest import mock

from asgiref.sync import async_to_sync
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client, SimpleTestCase, TestCase, override_settings

from tests.builders import Person, a_ready_tune
from webapp.bodies import LARGEST, Receive, Send, bounded
from webapp.secret import kept_secret_key
from webapp.tunes.listeners import COOKIE

ROOT = Path(__file__).resolve().parent.parent.parent


class PolicyTest(TestCase):
    def test_it_lets_scripts_and_styles_come_from_here_alone(self) -> None:
        tune = a_ready_tune(Person("alice"))
        for where in (
            "/",
            "/own/",
            "/gallery/",
            "/about/",
            "/composers/",
            f"/tunes/{tune.pk}/",
            "/nothing",
            "/api/v1/composers/",
        ):
            policy = Client().get(where)["Content-Security-Policy"]
            rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
            self.assertEqual((rules["default-src"], rules["script-src"], rules["style-src"]), ("'self'",) * 3)
            self.assertNotIn("unsafe", policy)
            self.assertNotIn("http", policy)

    def test_it_writes_no_script_or_style_into_a_page(self) -> None:
        tune = a_ready_tune(Person("alice"))
        for where in (
            "/",
            "/own/",
            "/gallery/",
            f"/tunes/{tune.pk}/",
            f"/tunes/{tune.pk}/print/",
            "/about/",
            "/composers/",
        ):
            page = Client().get(where).content.decode()
            inline = [tag for tag in re.findall(r"<script[^>]*>", page) if "src=" not in tag and "json" not in tag]
            self.assertEqual(inline, [], where)
            self.assertNotRegex(page, r"<style|\sstyle=|\son[a-z]+=\"|javascript:", where)

    def test_it_names_no_other_host_in_a_page(self) -> None:
        for where in ("/", "/own/", "/gallery/", "/about/", "/composers/"):
            page = Client().get(where).content.decode()
            self.assertNotRegex(page, r"<(script|link|img|audio|iframe)[^>]*(src|href)=\"(https?:)?//", where)


class CookieTest(TestCase):
    def test_it_knows_a_listener_by_a_cookie_scripts_cannot_read(self) -> None:
        cookie = Client().get("/").cookies[COOKIE]
        self.assertTrue(cookie["httponly"])
        self.assertEqual((cookie["samesite"], cookie["secure"]), ("Lax", ""))

    @override_settings(LISTENER_COOKIE_SECURE=True)
    def test_it_keeps_cookies_to_https_where_there_is_https(self) -> None:
        self.assertTrue(Client().get("/").cookies[COOKIE]["secure"])

    def test_it_gives_no_second_cookie(self) -> None:
        self.assertNotIn(COOKIE, Person("alice").get("/").cookies)


class BetweenTest(TestCase):
    def test_nothing_between_may_hand_one_listeners_answer_to_another(self) -> None:
        alice = Person("alice")
        tune = a_ready_tune(alice, visibility="private")
        for where in (f"/tunes/{tune.pk}.abc", f"/tunes/{tune.pk}/print/", f"/api/v1/tunes/{tune.pk}/", "/gallery/"):
            self.assertIn("private", alice.get(where).headers["Cache-Control"], where)


class StaticTest(TestCase):
    def test_it_serves_samples_for_long_and_its_own_files_afresh(self) -> None:
        with override_settings(DEBUG=False):
            for path, caching in (
                ("samples/violin-mp3/A4.mp3", "immutable"),
                ("css/base.css", "no-cache"),
            ):
                self.assertIsNotNone(finders.find(path), path)
                answer = Client().get(f"/static/{path}")
                self.assertEqual(answer.status_code, 200)
                self.assertIn(caching, answer["Cache-Control"])
                answer.close()

    def test_it_serves_nothing_from_outside(self) -> None:
        for path in ("../manage.py", "%2e%2e/manage.py", "..%2fwebapp/settings.py", "/etc/passwd", "%00"):
            self.assertEqual(Client().get(f"/static/{path}").status_code, 404)


class BigRequestTest(TestCase):
    def test_it_turns_away_what_is_too_big(self) -> None:
        alice = Person("alice")
        self.assertEqual(alice.post("/", {"prompt": "a" * 4_000_000}).status_code, 413)
        self.assertEqual(alice.post("/", {f"field{n}": "x" for n in range(2000)}).status_code, 400)

    def test_it_takes_in_no_more_than_it_could_ever_want(self) -> None:
        sent, taken = b"x" * 1024 * 1024, []

        async def read_all(scope: dict, receive: Receive, send: Send) -> None:
            while (message := await receive())["type"] == "http.request":
                taken.append(len(message["body"]))

        async def receive() -> dict:
            return {"type": "http.request", "body": sent, "more_body": True}

        answers: list[dict] = []
        send = mock.AsyncMock(side_effect=answers.append)
        async_to_sync(bounded(read_all))({"type": "http", "headers": []}, receive, send)
        self.assertEqual(sum(taken), LARGEST)
        told = {"type": "http", "headers": [(b"content-length", b"9" * 30)]}
        async_to_sync(bounded(read_all))(told, receive, send)
        self.assertEqual((sum(taken), answers[0]["status"]), (LARGEST, 413))

    def test_it_turns_away_hosts_that_are_not_its_own(self) -> None:
        self.assertEqual(Client().get("/", headers={"Host": "evil.example"}).status_code, 400)


class HealthTest(TestCase):
    def test_it_says_when_the_database_or_broker_is_away(self) -> None:
        for part in ("_database", "_broker"):
            broken = mock.Mock(side_effect=OSError, __name__=part)
            with mock.patch(f"webapp.health.{part}", broken), self.assertLogs("webapp.health"):
                answer = Client().get("/healthz")
            self.assertEqual((answer.status_code, answer.json()["status"]), (503, "failing"))
            self.assertEqual(answer.json()[part.strip("_")], "failing")

    def test_it_goes_on_without_a_worker(self) -> None:
        answer = Client().get("/healthz")
        self.assertEqual((answer.status_code, answer.json()["worker"]), (200, "absent"))


class MigrationTest(TestCase):
    def test_it_has_a_migration_for_every_change_of_a_model(self) -> None:
        call_command("makemigrations", "--check", "--dry-run", verbosity=0)


class SettingsTest(SimpleTestCase):
    """Each in a fresh process: settings are read once, at the start."""

    def read(self, expression: str, **environment: str) -> str:
        inherited = ("DATABASE_URL", "CELERY_BROKER_URL", "SECRET_KEY", "DEBUG", "ALLOWED_HOSTS")
        clean = {name: value for name, value in os.environ.items() if name not in inherited}
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [sys.executable, "-c", f"from webapp import settings; print({expression})"],
                cwd=ROOT,
                env=clean | {"TUNEWRIGHT_VAR": folder} | environment,
                capture_output=True,
                text=True,
                timeout=60,
                check=True,
            )
        return done.stdout.strip()

    def test_it_is_safe_unless_told_otherwise(self) -> None:
        self.assertEqual(self.read("settings.DEBUG"), "False")
        self.assertNotIn("*", self.read("settings.ALLOWED_HOSTS"))
        self.assertGreater(len(self.read("settings.SECRET_KEY")), 50)

    def test_it_needs_no_server_unless_told_otherwise(self) -> None:
        self.assertIn("sqlite3", self.read("settings.DATABASES['default']['ENGINE']"))
        self.assertEqual(self.read("settings.CELERY_BROKER_URL"), "filesystem://")

    def test_it_follows_the_environment(self) -> None:
        told = {
            "DATABASE_URL": "postgres://me:secret@db.example:5433/tunes?sslmode=require",
            "CELERY_BROKER_URL": "redis://queue.example/1",
            "SECRET_KEY": "mine",
            "DEBUG": "1",
            "ALLOWED_HOSTS": "a.example,b.example",
        }
        parts = "settings.DATABASES['default']['HOST'], settings.DATABASES['default']['OPTIONS']['sslmode']"
        read = self.read(f"{parts}, settings.CELERY_BROKER_URL, settings.SECRET_KEY, settings.DEBUG", **told)
        for value in ("db.example", "require", "redis://queue.example/1", "mine", "True"):
            self.assertIn(value, read)
        self.assertIn("'a.example', 'b.example'", self.read("settings.ALLOWED_HOSTS", **told))

    def test_it_keeps_one_secret_key_that_only_its_owner_reads(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "secret-key"
            keys = {kept_secret_key(path) for _ in range(3)}
            self.assertEqual(len(keys), 1)
            self.assertEqual(path.stat().st_mode & 0o077, 0)
            self.assertEqual([file.name for file in Path(folder).iterdir()], ["secret-key"])

    def test_it_tells_every_setting_in_the_readme(self) -> None:
        source = (ROOT / "webapp" / "settings.py").read_text(encoding="utf-8")
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        names = set(re.findall(r'env\.\w+\("([A-Z_]+)"', source))
        self.assertGreater(len(names), 8)
        self.assertEqual({name for name in names if name not in readme}, set())
