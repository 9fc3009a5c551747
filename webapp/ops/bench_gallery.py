"""Measures how long the gallery's pages take at 10,000 and at 1,000,000 tunes, side by side; figures of README.md.

Run by `make bench-gallery` inside .venv. Works in two databases of its own, on the PostgreSQL server that DATABASE_URL
names or on one it starts; BENCH_FOLDER keeps the latter's data, so that the next run need not fill them again.
"""

from __future__ import annotations

import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from webapp.ops.cluster import cluster, database
from webapp.ops.places import ROOT, child_environment
from webapp.ops.troubles import Trouble

SIZES = (10_000, 1_000_000)
ROUNDS = 36  # three times a dozen addresses of each view
LONGEST = 100.0  # milliseconds, at the 95th percentile
TIMES, MORE = 1.5, 20.0  # in times of the small gallery, or milliseconds more: whichever allows more


class Teller:
    """A process that answers requests on one database and tells how long it took."""

    def __init__(self, url: str, folder: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "time_gallery"],
            cwd=ROOT, env=child_environment(DATABASE_URL=url, TUNEWRIGHT_VAR=folder),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        hello = self._read()
        self.tunes, self.views = hello["tunes"], hello["views"]

    def ask(self, view: str, number: int) -> dict:
        self.process.stdin.write(f"{view} {number}\n")
        self.process.stdin.flush()
        return self._read()

    def _read(self) -> dict:
        line = self.process.stdout.readline()
        if not line:
            raise Trouble("A page failed while it was measured; the lines above say which.")
        return json.loads(line)


@contextmanager
def server() -> Iterator[str]:
    """An address without the database's name."""
    asked = os.environ.get("DATABASE_URL", "")
    if re.match(r"postgres(ql)?://", asked):
        yield asked.rsplit("/", 1)[0]
        return
    kept = os.environ.get("BENCH_FOLDER", "")
    with cluster(Path(kept).resolve() if kept else None) as address:
        yield address


def filled(address: str, size: int, folder: str) -> str:
    """A database with so many tunes; what is there from an earlier time stays, and only the rest is sown."""
    url = database(address, f"gallery_{size}")
    settings = child_environment(DATABASE_URL=url, TUNEWRIGHT_VAR=folder)
    _manage(settings, "migrate", "-v", "0")
    count = "from webapp.gallery.models import Entry; print(Entry.objects.count())"
    told = _manage(settings, "shell", "-v", "0", "-c", count, stdout=subprocess.PIPE).stdout
    if (there := int(told.split()[-1])) < size:
        started = time.monotonic()
        _manage(settings, "seed_tunes", str(size - there), "--seed", str(there))
        print(f"Seeding {size - there:,} tunes took {time.monotonic() - started:,.0f} s.", flush=True)
    return url


def _manage(settings: dict[str, str], *arguments: str, **more: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=settings, check=True, text=True, **more
    )


def measured(tellers: list[Teller]) -> dict[str, list[list[float]]]:
    """Milliseconds by view and size. Each request is made of both in turn, so that both have the same machine."""
    taken: dict[str, list[list[float]]] = {}
    for view in tellers[0].views:
        for teller in tellers:
            teller.ask(view, 0)  # the first of a kind warms the road
        taken[view] = [[] for _ in tellers]
        for number in range(ROUNDS):
            for place, teller in enumerate(tellers):
                taken[view][place].append(teller.ask(view, number)["ms"])
        print(row(view, taken[view]), flush=True)
    return taken


def row(view: str, taken: list[list[float]]) -> str:
    (small, few), (large, many) = ((statistics.median(each), p95(each)) for each in taken)
    right = "yes" if holds(taken) else "NO"
    return f"| {view} | {small:.0f} / {few:.0f} ms | {large:.0f} / {many:.0f} ms | {large / small:.2f} | {right} |"


def holds(taken: list[list[float]]) -> bool:
    small, large = map(statistics.median, taken)
    return p95(taken[1]) <= LONGEST and large <= max(TIMES * small, small + MORE)


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="tunewright-bench-"))
        address = stack.enter_context(server())
        tellers = []
        for url in [filled(address, size, folder) for size in SIZES]:
            tellers.append(Teller(url, folder))
            stack.callback(tellers[-1].process.kill)
        small, large = (f"{teller.tunes:,} tunes, median / p95" for teller in tellers)
        print(f"| view, on {os.cpu_count()} cores | {small} | {large} | times | holds |\n|---|---|---|---|---|")
        taken = measured(tellers)
    return verdict(taken)


def verdict(taken: dict[str, list[list[float]]]) -> int:
    kept = sum(map(holds, taken.values()))
    everything = [time for each in taken.values() for time in each[1]]
    print(
        f"{kept} of {len(taken)} views hold: {LONGEST:.0f} ms at the 95th percentile, and {TIMES} times or"
        f" {MORE:.0f} ms more than the small gallery. All requests of the large one: median"
        f" {statistics.median(everything):.0f} ms, p95 {p95(everything):.0f} ms, worst {max(everything):.0f} ms."
    )
    return 0 if kept == len(taken) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Trouble as trouble:
        sys.exit(str(trouble))
    except KeyboardInterrupt:
        sys.exit(130)
