"""What the test command counts, and what it says of servers that are missing."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import unittest
from unittest import mock

from webapp.ops.places import ROOT
from webapp.ops.servers import missing_servers
from webapp.ops.suite import arguments, browser
from webapp.ops.tally import Tally


def heard(*lines: str) -> Tally:
    tally = Tally()
    for line in lines:
        tally.hear(line + "\n")
    return tally


class TallyTest(unittest.TestCase):
    def test_it_counts_a_green_run(self) -> None:
        self.assertEqual(heard("Ran 12 tests in 0.4s", "OK").closing_line(), "12 passed, 0 failed, 0 left out")

    def test_it_counts_failures_errors_and_skips(self) -> None:
        tally = heard("Ran 12 tests in 0.4s", "FAILED (failures=2, errors=1, skipped=3)")
        self.assertEqual(tally.closing_line(), "6 passed, 3 failed, 3 left out")

    def test_it_keeps_the_reason_of_a_skip(self) -> None:
        self.assertEqual(heard("test_it_x (a.B) ... skipped 'needs server Redis'").reasons, ["needs server Redis"])

    def test_it_is_not_deceived_by_what_tests_print(self) -> None:
        self.assertEqual(
            heard("OKAY (skipped=3)", "We Ran 3 tests in all").closing_line(), "0 passed, 0 failed, 0 left out"
        )

    def test_it_times_tests_that_print_between_name_and_result(self) -> None:
        tally = heard(
            "test_it_x (a.B.test_it_x) ... a warning", "  of two lines", "ok", "test_it_y (a.B.test_it_y) ... FAIL"
        )
        self.assertEqual([name for _, name in tally.times], ["a.B.test_it_x", "a.B.test_it_y"])


class ArgumentsTest(unittest.TestCase):
    def test_it_leaves_browser_and_slow_tests_out_of_the_fast_run(self) -> None:
        asked = arguments("fast", "/usr/bin/chromium")
        self.assertIn("--exclude-tag=browser", asked)
        self.assertIn("--exclude-tag=slow", asked)

    def test_it_leaves_nothing_out_of_the_whole_run_with_a_browser(self) -> None:
        self.assertFalse([word for word in arguments("all", "/usr/bin/chromium") if "exclude" in word])

    def test_it_leaves_browser_tests_out_where_there_is_none(self) -> None:
        self.assertIn("--exclude-tag=browser", arguments("all", None))

    def test_it_takes_the_browser_that_is_named(self) -> None:
        with mock.patch.dict(os.environ, {"CHROMIUM": sys.executable}):
            self.assertEqual(browser(), sys.executable)
        with mock.patch.dict(os.environ, {"CHROMIUM": "/no/such/browser"}):
            self.assertIsNone(browser())


class ServersTest(unittest.TestCase):
    def sentences(self, database: str, broker: str) -> list[str]:
        with mock.patch.dict(os.environ, {"DATABASE_URL": database, "CELERY_BROKER_URL": broker}):
            return missing_servers()

    def test_it_names_both_settings_when_they_are_unset(self) -> None:
        said = self.sentences("", "")
        self.assertIn("DATABASE_URL is not set: start PostgreSQL", said[0])
        self.assertIn("CELERY_BROKER_URL is not set: start Redis or RabbitMQ", said[1])

    def test_it_names_a_server_that_does_not_answer(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            said = self.sentences(f"postgres://a@127.0.0.1:{port}/b", "redis://127.0.0.1:1/0")
        self.assertEqual(len(said), 1)
        self.assertIn("Redis or RabbitMQ does not answer at 127.0.0.1:1", said[0])

    def test_it_refuses_the_embedded_kinds(self) -> None:
        said = self.sentences("sqlite:///x.sqlite3", "filesystem://")
        self.assertEqual(len(said), 2)
        self.assertIn("names no PostgreSQL", said[0])

    def test_make_test_services_fails_with_the_names(self) -> None:
        bare = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "CELERY_BROKER_URL")}
        done = subprocess.run(
            [sys.executable, "-m", "webapp.ops.suite", "services"], cwd=ROOT, env=bare, capture_output=True, text=True
        )
        self.assertEqual(done.returncode, 1)
        self.assertIn("PostgreSQL", done.stdout)
        self.assertIn("Redis", done.stdout)
