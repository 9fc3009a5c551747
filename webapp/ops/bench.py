"""Measures what a listener waits for, in a real browser against both programs; the figures of README.md's table.

Run by `make bench` inside .venv. Starts the site on a free port with a data folder of its own, and removes both.
"""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from webapp.ops.places import ROOT, child_environment
from webapp.ops.ports import free_port
from webapp.ops.suite import NO_BROWSER, browser

REQUESTS = 20
PROMPT = "hopeful and full of wonder"
LONGEST = 60_000  # milliseconds for one tune
BUTTON, FIRST_NOTE, READY = "button.compose", ".sheet .abcjs-note", "[data-tune][data-status=ready]"


@dataclass
class Site:
    """A running site: its address, the process that keeps both programs, and where its data lie."""

    address: str
    supervisor: int
    folder: str = ""

    def memory(self) -> list[str]:
        """Table rows: megabytes resident of each process, by program."""
        taken = {name: [f"{resident(pid):.0f}" for pid in pids] for name, pids in sorted(self.programs().items())}
        return [f"| memory of the {name}, resident | {' + '.join(each)} MB |" for name, each in taken.items()]

    def programs(self) -> dict[str, list[int]]:
        """Process numbers, by program."""
        listed = Path(f"/proc/{self.supervisor}/task/{self.supervisor}/children").read_text().split()
        words = {pid: Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0") for pid in listed}
        marks = {"web process": b"uvicorn", "workers": b"worker", "clock": b"webapp.beat"}
        return {name: [int(pid) for pid in listed if mark in words[pid]] for name, mark in marks.items()}


def resident(pid: int) -> float:
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1000


@contextmanager
def running_site() -> Iterator[Site]:
    """Both programs, warm, with limits out of the way."""
    with tempfile.TemporaryDirectory(prefix="tunewright-bench-") as folder:
        port = free_port()
        limits = {"TUNES_PER_MINUTE_VISITOR": "100000", "TUNES_PER_MINUTE_ADDRESS": "100000"}
        limits["API_PER_MINUTE_ADDRESS"] = "100000"
        environment = child_environment(TUNEWRIGHT_VAR=folder, PORT=str(port), HOST="127.0.0.1", **limits)
        python = {"cwd": ROOT, "env": environment, "stdout": subprocess.DEVNULL}
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], check=True, **python)
        process = subprocess.Popen([sys.executable, "-m", "webapp.ops.serve"], **python)
        try:
            site = Site(f"http://127.0.0.1:{port}", process.pid, folder)
            wait_until_warm(site)
            yield site
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


def wait_until_warm(site: Site) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{site.address}/healthz", timeout=5) as answer:  # noqa: S310 (our own site)
                if json.load(answer)["worker"] == "ok":
                    return
        except OSError:
            pass  # not up yet
        time.sleep(0.2)
    raise SystemExit("The site did not get warm within 120 s: `make run` shows why.")


def waits(site: Site, chromium: str) -> tuple[list[float], list[float]]:
    """Seconds from the click to the first drawn note and to the finished tune, for each request."""
    from playwright.sync_api import sync_playwright

    first, whole = [], []
    with sync_playwright() as play:
        page = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]).new_page()
        for number in range(REQUESTS + 1):
            page.goto(site.address)
            page.fill("#prompt", PROMPT)
            page.wait_for_timeout(500)  # a person looks at what was heard before the tap
            clicked = time.perf_counter()
            page.click(BUTTON, no_wait_after=True)
            page.locator(FIRST_NOTE).first.wait_for(state="attached", timeout=LONGEST)
            drawn = time.perf_counter()
            page.locator(READY).wait_for(state="attached", timeout=LONGEST)
            if number:  # the very first warms caches up
                first.append(drawn - clicked)
                whole.append(time.perf_counter() - clicked)
    return first, whole


def interpreting(site: Site) -> list[float]:
    """Seconds for one prompt through the API, without composing."""
    times = []
    for number in range(REQUESTS):
        body = json.dumps({"prompt": f"{PROMPT}, number {number}"}).encode()
        asked = urllib.request.Request(  # noqa: S310 (our own site)
            f"{site.address}/api/v1/interpret/", body, {"Content-Type": "application/json"}
        )
        begun = time.perf_counter()
        urllib.request.urlopen(asked, timeout=30).read()  # noqa: S310
        times.append(time.perf_counter() - begun)
    return times


def row(what: str, seconds: list[float]) -> str:
    return f"| {what} | {statistics.median(seconds):.2f} s (worst {max(seconds):.2f} s of {len(seconds)}) |"


def main() -> int:
    chromium = browser()
    if not chromium:
        print(NO_BROWSER)
        return 1
    with running_site() as site:
        first, whole = waits(site, chromium)
        understood = interpreting(site)
        memory = site.memory()
    print(f"| measured on {os.cpu_count()} cores | median |\n|---|---|")
    print(row("click to first drawn note", first))
    print(row("click to finished tune", whole))
    print(row("a prompt understood", understood))
    print("\n".join(memory))
    return 0


if __name__ == "__main__":
    sys.exit(main())
