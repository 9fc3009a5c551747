"""`make run` as a person uses it: the real site, started, looked at, stopped, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request
from pathlib import Path

from django.test import tag

from tests.ops.test_supervisor import alive, eventually
from webapp.ops.places import ROOT
from webapp.ops.ports import check_port, free_port

PATIENCE = 60  # seconds; a start takes two on an idle machine


@tag("slow")
@unittest.skipUnless(Path("/proc/self/environ").exists(), "needs Linux's /proc to see what is left running")
class RunTest(unittest.TestCase):
    def setUp(self) -> None:
        kept = tempfile.TemporaryDirectory()
        self.addCleanup(kept.cleanup)
        self.data, self.temporary = Path(kept.name) / "var", Path(kept.name) / "tmp"
        self.temporary.mkdir()
        self.port = free_port()
        self.addCleanup(self.end_all)

    def start(self, **settings: str) -> subprocess.Popen:
        own = {"TUNEWRIGHT_VAR": str(self.data), "TMPDIR": str(self.temporary), "PORT": str(self.port)}
        bare = {name: text for name, text in os.environ.items() if name not in ("DATABASE_URL", "CELERY_BROKER_URL")}
        process = subprocess.Popen(
            ["make", "run", f"PYTHON={sys.executable}"],
            cwd=ROOT,
            env={**bare, **own, **settings},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        return process

    def address(self, process: subprocess.Popen) -> str:
        """The address it prints, once it does."""
        said = []
        for line in process.stdout:
            said.append(line)
            if "Tunewright is at " in line:
                return line.split()[3]
        self.fail("".join(said))

    def left(self) -> list[int]:
        """Our processes: those that were given this test's data folder."""
        mark, found = f"TUNEWRIGHT_VAR={self.data}".encode(), []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes() and alive(int(folder.name)):
                    found.append(int(folder.name))
            except OSError:
                continue  # it ended while we looked, or is not ours
        return found

    def end_all(self) -> None:
        for pid in self.left():
            os.kill(pid, signal.SIGKILL)

    def test_it_serves_the_pages_and_leaves_nothing_after_ctrl_c(self) -> None:
        process = self.start()
        page = urllib.request.urlopen(self.address(process), timeout=PATIENCE).read().decode()
        self.assertIn("What should it feel like?", page)
        self.assertGreaterEqual(len(self.left()), 5)  # make, supervisor, web, worker, clock
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=PATIENCE)
        self.assertEqual(self.left(), [])
        self.assertEqual(list(self.temporary.iterdir()), [])
        check_port("127.0.0.1", self.port)

    def test_it_stops_when_make_alone_is_asked_to(self) -> None:
        process = self.start()
        self.address(process)
        process.terminate()
        process.communicate(timeout=PATIENCE)
        self.assertTrue(eventually(lambda: not self.left()), "something is left running")

    def test_it_leaves_nothing_when_make_is_killed(self) -> None:
        process = self.start()
        self.address(process)
        process.kill()
        self.assertTrue(eventually(lambda: not self.left(), PATIENCE), "something is left running")

    def test_it_starts_without_a_home(self) -> None:
        process = self.start(HOME="")
        self.assertTrue(self.address(process))
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=PATIENCE)

    def test_it_serves_within_five_seconds_the_second_time(self) -> None:
        """On a machine whose cores are shared with other work, in proportion."""
        self.address(first := self.start())
        os.killpg(first.pid, signal.SIGINT)
        first.communicate(timeout=PATIENCE)
        begun, busy = time.monotonic(), os.getloadavg()[0] / (os.cpu_count() or 1)
        second = self.start()
        self.address(second)
        took = time.monotonic() - begun
        os.killpg(second.pid, signal.SIGINT)
        second.communicate(timeout=PATIENCE)
        self.assertLess(took, 5 * max(1.0, busy), f"{took:.1f} s at a load of {busy:.1f} for each core")
