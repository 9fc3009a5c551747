"""Real processes for tests: the worker command and a web server, on the test database and the tests' own queue."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from webapp.ops.children import die_with_parent

ROOT = Path(__file__).resolve().parent.parent.parent


def until(seen: Callable[[], object], seconds: float = 30, every: float = 0.01) -> object:
    """What was waited for, or an AssertionError; never an endless wait."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if found := seen():
            return found
        time.sleep(every)
    raise AssertionError(f"Not seen within {seconds} s: {getattr(seen, '__name__', seen)}")


class Process:
    """A child in a process group of its own, so that a test can kill the child or the whole group."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        self.log = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self.child = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=os.environ | _test_environment() | environment,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,  # a test run that is killed leaves no server behind
        )

    def kill(self) -> None:
        """SIGKILL: no goodbye, no clean-up."""
        os.kill(self.child.pid, signal.SIGKILL)
        self.child.wait(10)

    def kill_group(self) -> None:
        os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait(10)

    def stop(self, seconds: float = 20) -> int:
        if self.child.poll() is None:
            self.child.terminate()
            try:
                self.child.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill_group()
        return self.child.returncode

    def said(self) -> str:
        self.log.seek(0)
        return self.log.read().decode(errors="replace")


class Worker(Process):
    arguments = ("manage.py", "worker")

    def __init__(self, **environment: str) -> None:
        super().__init__(*self.arguments, **environment)

    def wait_until_ready(self, seconds: float = 90) -> Worker:
        try:
            until(lambda: " ready." in self.said() or self.child.poll() is not None, seconds, every=0.1)
            assert self.child.poll() is None
        except AssertionError as error:
            raise AssertionError(f"The worker did not start:\n{self.said()}") from error
        return self


class SlowWorker(Worker):
    """It can be caught with tunes in its hands."""

    arguments = ("-m", "tests.webapp.slow_worker")


class WebServer(Process):
    def __init__(self, **environment: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        super().__init__(
            *("-m", "uvicorn", "webapp.asgi:application", "--port", str(self.port)),
            *("--log-level", "warning", "--timeout-graceful-shutdown", "2"),
            **environment,
        )

    def wait_until_ready(self) -> WebServer:
        until(self._answers, 60, every=0.1)
        return self

    def _answers(self) -> bool:
        assert self.child.poll() is None, self.said()
        try:
            urllib.request.urlopen(f"{self.url}/worker/", timeout=5).close()
        except OSError:
            return False
        return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _test_environment() -> dict[str, str]:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        url = f"sqlite:///{name}"
    else:
        url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    return {"DATABASE_URL": url, "TUNEWRIGHT_VAR": str(settings.VAR), "SECRET_KEY": settings.SECRET_KEY}
