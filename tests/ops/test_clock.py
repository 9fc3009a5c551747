"""The clock of the night as a process: it sends what is due, keeps its place, ends when asked, and stays small."""

from __future__ import annotations

import os
import shelve
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.test import tag

from tests.ops.test_supervisor import eventually
from webapp.ops.places import ROOT

SMALL = 60  # MB; with Django it would be twice as much


@tag("slow")
@unittest.skipUnless(Path("/proc/self/status").exists(), "needs Linux's /proc to see how large it is")
class ClockTest(unittest.TestCase):
    def setUp(self) -> None:
        kept = tempfile.TemporaryDirectory()
        self.addCleanup(kept.cleanup)
        self.data = Path(kept.name)
        self.messages = self.data / "broker" / "messages"

    def start(self) -> subprocess.Popen:
        bare = {name: text for name, text in os.environ.items() if name not in ("CELERY_BROKER_URL", "CELERY_QUEUE")}
        process = subprocess.Popen(
            [sys.executable, "-m", "webapp.beat"],
            cwd=ROOT,
            env={**bare, "TUNEWRIGHT_VAR": str(self.data)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.assertIn("Starting", process.stdout.readline())
        self.assertTrue(eventually(lambda: list(self.data.glob("beat*"))), "it keeps no schedule")
        time.sleep(0.5)  # until it has looked at it once
        return process

    def end(self, process: subprocess.Popen) -> float:
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(10), 0)
        return time.monotonic() - begun

    def last_time(self, ago: timedelta) -> None:
        """As if the tasks had last been sent so long ago."""
        with shelve.open(str(self.data / "beat"), writeback=True) as kept:
            for entry in kept["entries"].values():
                entry.last_run_at = datetime.now(UTC) - ago

    def sent(self) -> list[Path]:
        return list(self.messages.glob("*.msg")) if self.messages.exists() else []

    def test_it_ends_at_once_and_sends_nothing_before_its_time(self) -> None:
        process = self.start()
        resident = next(
            int(line.split()[1]) // 1000
            for line in Path(f"/proc/{process.pid}/status").read_text().splitlines()
            if line.startswith("VmRSS")
        )
        self.assertLess(resident, SMALL)
        self.assertLess(self.end(process), 2)
        self.assertEqual(self.sent(), [])

    def test_it_makes_up_for_a_night_it_has_slept_through(self) -> None:
        self.end(self.start())
        self.last_time(timedelta(days=2))
        process = self.start()
        self.assertTrue(eventually(lambda: len(self.sent()) >= 3), "what was due was not sent")
        self.end(process)
        told = len(self.sent())
        self.end(self.start())
        self.assertEqual(len(self.sent()), told, "sent once more")
