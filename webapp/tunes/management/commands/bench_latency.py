"""`manage.py bench_latency`: how long a listener waits, and how much memory the two processes hold."""

from __future__ import annotations

import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from webapp.ops.ports import free_port

PROMPTS = ("hopeful and full of wonder", "a rainy harbour at dawn", "wild wedding dance", "traurig und müde")
# A letter below the last header line that does not belong to a chord symbol.
_FIRST_NOTE = re.compile(r"\nK:[^\n]*\n(\"[^\"]*\"|[^\"A-Ga-g])*[A-Ga-g]")


class Command(BaseCommand):
    help = "Starts a web server and a worker of its own, asks for tunes one after another, and prints the waits."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--requests", type=int, default=20)

    def handle(self, *args: object, **options: int) -> None:
        with ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            port = free_port()
            environment = {"TUNEWRIGHT_VAR": folder, "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3"}
            environment |= {"CELERY_BROKER_URL": "filesystem://"}
            _run("migrate", environment)
            worker = stack.enter_context(_process(["manage.py", "worker", "--loglevel", "WARNING"], environment))
            server = ["-m", "uvicorn", "webapp.asgi:application", "--port", str(port), "--log-level", "warning"]
            web = stack.enter_context(_process([*server, "--timeout-graceful-shutdown", "2"], environment))
            _wait_for_worker(port)
            _interpret(port)
            small = _megabytes(web.pid)
            waits = [_wait(port, n) for n in range(options["requests"] + 1)][1:]  # the first warms the road
            self.report(waits, small, _megabytes(web.pid), _megabytes(worker.pid))

    def report(self, waits: list[tuple[float, float]], small: int, web: int, worker: int) -> None:
        for name, times in zip(("first note", "finished tune"), zip(*waits, strict=True), strict=True):
            middle, worst = statistics.median(times), max(times)
            self.stdout.write(f"click to {name}: median {middle:.2f} s, worst {worst:.2f} s of {len(times)}")
        self.stdout.write(f"web process: {small} MB after an interpret, {web} MB after {len(waits)} tunes")
        self.stdout.write(f"worker process: {worker} MB")


def _wait(port: int, n: int) -> tuple[float, float]:
    """Seconds from the click to the first note that reaches a listener, and to the end."""
    started = time.monotonic()
    tune = _post(port, "/api/v1/tunes/", {"prompt": PROMPTS[n % len(PROMPTS)], "seed": n})
    first, text = 0.0, ""
    for event, told in _events(port, f"/api/v1/tunes/{tune['id']}/events/"):
        if event in ("failed", "cancelled"):
            raise CommandError(f"The tune {event}: {told}")
        text += told.get("text", "")
        if not first and _FIRST_NOTE.search(text):
            first = time.monotonic() - started
    return first, time.monotonic() - started


def _events(port: int, path: str) -> Iterator[tuple[str, dict]]:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    link.request("GET", path)
    event = ""
    for raw in link.getresponse():
        name, _, value = raw.decode().rstrip("\n").partition(": ")
        if name == "event":
            event = value
        elif name == "data":
            yield event, json.loads(value)
    link.close()


def _post(port: int, path: str, body: dict) -> dict:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    link.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    answer = link.getresponse()
    read = json.loads(answer.read())
    link.close()
    if answer.status >= 400:
        raise CommandError(str(read))
    return read


def _interpret(port: int) -> None:
    _post(port, "/api/v1/interpret/", {"prompt": PROMPTS[0]})


def _wait_for_worker(port: int, seconds: float = 120) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        try:
            # One whole tune: until then the worker is awake, but not warm.
            _wait(port, 0)
            return
        except OSError:
            time.sleep(0.2)
    raise CommandError("The web server did not start.")


def _run(command: str, environment: dict[str, str]) -> None:
    done = [sys.executable, "manage.py", command, "--verbosity", "0"]
    subprocess.run(done, cwd=settings.BASE_DIR, env=os.environ | environment, check=True)


@contextmanager
def _process(arguments: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen]:
    child = subprocess.Popen([sys.executable, *arguments], cwd=settings.BASE_DIR, env=os.environ | environment)
    try:
        yield child
    finally:
        child.terminate()
        child.wait(30)


def _megabytes(pid: int) -> int:
    """Resident memory, as Linux tells it."""
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) // 1024
