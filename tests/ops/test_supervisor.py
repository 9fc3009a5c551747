"""The supervisor with real processes: start, crash, stop, and what stays behind (nothing)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from collections.abc import Callable
from pathlib import Path

from django.test import tag

from webapp.ops.places import ROOT
from webapp.ops.ports import free_port

# A web server that answers, and a worker that writes its process id and waits; {behaviour} changes the worker.
SCRIPT = """
import sys
from webapp.ops.children import Child
from webapp.ops.serve import Supervisor, show
port, folder = {port}, {folder!r}
web = Child("web", [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port), "-d", folder], show)
worker = Child("worker", [sys.executable, "-u", "-c", {worker!r}], show)
sys.exit(Supervisor([web, worker], f"http://127.0.0.1:{{port}}").run())
"""
WAIT = "import os, time; open({path!r}, 'a').write(f'{{os.getpid()}}\\n'); time.sleep(60)"
DEAF = "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + WAIT.removeprefix(
    "import os, time; "
)
PARENT = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', {inner!r}]).wait()"


def alive(pid: int) -> bool:
    """True while the process runs; one that ended and was not yet collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def eventually(true: Callable[[], object], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.02)
    return False


@tag("slow")
@unittest.skipUnless(Path("/proc/self/stat").exists(), "needs Linux's /proc to see what is left running")
class SupervisorTest(unittest.TestCase):
    def setUp(self) -> None:
        kept = tempfile.TemporaryDirectory()
        self.addCleanup(kept.cleanup)
        self.folder, self.pids = Path(kept.name), Path(kept.name) / "pids"
        self.port = free_port()
        self.seen: list[int] = []
        self.addCleanup(self.end_all)

    def end_all(self) -> None:
        """What a failed test left running."""
        for pid in filter(alive, {*self.seen, *self.worker_pids()}):
            os.kill(pid, signal.SIGKILL)

    def start(self, worker: str = WAIT) -> subprocess.Popen:
        code = worker.format(path=str(self.pids), inner=WAIT.format(path=str(self.pids)))
        script = SCRIPT.format(port=self.port, folder=str(self.folder), worker=code)
        process = subprocess.Popen(
            [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.assertTrue(eventually(self.worker_pids), "the worker did not start")
        return process

    def worker_pids(self) -> list[int]:
        return [int(line) for line in self.pids.read_text().split()] if self.pids.exists() else []

    def children(self, process: subprocess.Popen) -> list[int]:
        listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
        self.seen += [int(pid) for pid in listed.split()]
        return [int(pid) for pid in listed.split()]

    def wait_for_address(self, process: subprocess.Popen) -> None:
        for line in process.stdout:
            if f"http://127.0.0.1:{self.port}/" in line and "Ctrl-C" in line:
                return
        self.fail("no address was printed")

    def test_it_stops_both_on_each_signal_and_succeeds(self) -> None:
        for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signal=sent.name):
                process = self.start()
                self.wait_for_address(process)
                children = self.children(process)
                self.assertEqual(len(children), 2)
                begun = time.monotonic()
                process.send_signal(sent)
                self.assertEqual(process.wait(10), 0)
                self.assertLess(time.monotonic() - begun, 3)
                self.assertFalse([pid for pid in children if alive(pid)])

    def test_it_stops_before_the_pages_answer_too(self) -> None:
        process = self.start()
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(10), 0)

    def test_it_ends_a_worker_that_does_not_listen(self) -> None:
        process = self.start(DEAF)
        self.wait_for_address(process)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(10), 0)
        self.assertFalse([pid for pid in self.worker_pids() if alive(pid)])

    def test_it_ends_what_the_worker_started(self) -> None:
        process = self.start(PARENT)
        self.wait_for_address(process)
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        self.assertFalse([pid for pid in self.worker_pids() if alive(pid)])

    def test_it_starts_a_killed_worker_again(self) -> None:
        process = self.start()
        self.wait_for_address(process)
        os.kill(self.worker_pids()[0], signal.SIGKILL)
        self.assertTrue(eventually(lambda: len(self.worker_pids()) == 2), "no second worker came")
        self.assertTrue(alive(self.worker_pids()[1]))
        os.killpg(self.worker_pids()[1], signal.SIGKILL)
        self.assertTrue(eventually(lambda: len(self.worker_pids()) == 3), "no third worker came")
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(10), 0)

    def test_it_leaves_nothing_when_it_is_killed_outright(self) -> None:
        process = self.start()
        self.wait_for_address(process)
        children = self.children(process)
        process.kill()
        self.assertTrue(eventually(lambda: not [pid for pid in children if alive(pid)]), "a child outlived it")

    def test_it_fails_when_the_web_server_ends_at_once(self) -> None:
        import socket

        with socket.create_server(("127.0.0.1", self.port)):
            process = subprocess.Popen(
                [
                    sys.executable,
                    "-c",
                    SCRIPT.format(port=self.port, folder="/", worker=WAIT.format(path=str(self.pids))),
                ],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            said, _ = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 1)
        self.assertIn("The web server ended before it could answer", said)
        self.assertFalse([pid for pid in self.worker_pids() if alive(pid)])
