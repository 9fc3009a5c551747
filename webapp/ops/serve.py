"""Starts the web server, its workers and the clock, keeps them running, and stops them; knows nothing of what they do.

Run by `make run` inside .venv: `python -m webapp.ops.serve`.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.request

from webapp.ops.children import Child, die_with_parent
from webapp.ops.ports import asked_host, asked_port, check_port
from webapp.ops.troubles import Trouble

LONGEST_START = 60.0  # seconds until the web server must have answered
LONGEST_STOP = 4.0  # seconds for all to end by themselves
STEADY = 30.0  # a program that ran this long and crashes is started again at once
LONGEST_PAUSE = 30.0


def say(sentence: str) -> None:
    try:
        print(sentence, flush=True)
    except OSError:
        pass  # the terminal is gone; stopping both matters more


def show(name: str, line: str) -> None:
    if line:
        say(f"{name:>8} | {line}")


def web(host: str, port: int) -> Child:
    # Without the timeout, uvicorn waits 8 s for streams that pages hold open.
    options = ["--timeout-graceful-shutdown", "2", "--no-access-log", "--log-level", "warning"]
    command = [sys.executable, "-m", "uvicorn", "webapp.asgi:application", "--host", host, "--port", str(port)]
    return Child("web", command + options, show, {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"})


def workers() -> list[Child]:
    """One for each core up to two: half of a tune's work is Python's, and one process gives Python but one core."""
    names = ["worker", "worker 2"][: os.cpu_count() or 1]
    command = [sys.executable, "manage.py", "worker"]
    return [Child(name, command, show, {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}) for name in names]


def clock() -> Child:
    """Sends the night's work to the workers."""
    return Child("clock", [sys.executable, "-m", "webapp.beat"], show)


class Supervisor:
    """The programs, from start to stop."""

    def __init__(self, children: list[Child], address: str) -> None:
        self.children = children
        self.address = address
        self.stopping = threading.Event()
        self.pauses: dict[str, float] = {}
        self.due: dict[str, float] = {}

    def run(self) -> int:
        """Until a signal comes. 0 after a stop that was asked for, 1 when the web server cannot start."""
        for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sent, lambda *_: self.stopping.set())
        try:
            for child in self.children:
                child.start()
            return self._watch() if self._wait_for_web() else int(not self.stopping.is_set())
        finally:
            self._stop()

    def _wait_for_web(self) -> bool:
        first, end = self.children[0], time.monotonic() + LONGEST_START
        while not self.stopping.wait(0.05):
            if answers(f"{self.address}/healthz"):
                say(f"Tunewright is at {self.address}/   (Ctrl-C stops it)")
                return True
            if not first.running():
                say("The web server ended before it could answer: its last lines above say why.")
                return False
            if time.monotonic() > end:
                say(f"The web server did not answer within {LONGEST_START:.0f} s, so everything was stopped.")
                return False
        return False

    def _watch(self) -> int:
        while not self.stopping.wait(0.2):
            for child in self.children:
                if not child.running():
                    self._revive(child)
        return 0

    def _revive(self, child: Child) -> None:
        """Starts a crashed program again: at once the first time, then with pauses that double."""
        now = time.monotonic()
        if child.name not in self.due:
            steady = now - child.started > STEADY
            pause = 0.0 if steady else self.pauses.get(child.name, 0.0)
            self.pauses[child.name] = min(LONGEST_PAUSE, max(1.0, 2 * pause))
            self.due[child.name] = now + pause
            child.kill()  # what it started must not stay behind
            say(f"The {child.name} ended (status {child.process.returncode}); starting it again.")
        if now >= self.due[child.name]:
            del self.due[child.name]
            child.start()

    def _stop(self) -> None:
        for child in self.children:
            child.ask_to_stop()
        end = time.monotonic() + LONGEST_STOP
        while time.monotonic() < end and any(child.running() for child in self.children):
            time.sleep(0.05)
        for child in self.children:
            child.kill()
        say("Stopped.")


def answers(url: str) -> bool:
    """True when the server speaks HTTP at all: a worker that is still warming up is no reason to wait."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never through a proxy
    try:
        with opener.open(url, timeout=2):
            return True
    except urllib.error.HTTPError as error:
        return error.code != 502
    except OSError:
        return False


def main() -> int:
    if os.environ.get("MAKELEVEL"):
        die_with_parent()  # make killed outright must not leave us behind
    try:
        host, port = asked_host(), asked_port()
        check_port(host, port)
    except Trouble as trouble:
        say(str(trouble))
        return 1
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host  # noqa: S104
    return Supervisor([web(host, port), *workers(), clock()], f"http://{shown}:{port}").run()


if __name__ == "__main__":
    sys.exit(main())
