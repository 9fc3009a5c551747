"""Measures how fast tunes are composed, beside a sampler built as folkrnn.org's is; the speed figures of README.md.

Run by `make bench-speed` inside .venv. Starts the site on a free port with a data folder of its own, and removes both.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import statistics
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field

from webapp.ops.bench import Site, running_site
from webapp.ops.places import ROOT, child_environment

WAITING, ROUNDS = 32, 5
LONGEST = 120.0  # seconds for one round
LOOK_EVERY = 0.008
PROMPT = "hopeful and full of wonder"
# A letter below the last header line that does not belong to a chord symbol.
FIRST_NOTE = re.compile(r"\nK:[^\n]*\n(\"[^\"]*\"|[^\"A-Ga-g])*[A-Ga-g]")
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # the sampler's matrices gain nothing by a second


@dataclass
class Round:
    """Tunes that waited together, by id: when each was picked up, had its first note, and was ready."""

    began: float = 0.0
    picked: dict[str, float] = field(default_factory=dict)
    noted: dict[str, float] = field(default_factory=dict)
    ended: dict[str, float] = field(default_factory=dict)
    abc: list[str] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return max(self.ended.values()) - self.began

    @property
    def first_notes(self) -> list[float]:
        return [self.noted[tune] - self.picked[tune] for tune in self.noted]


def a_round(site: Site, count: int, seed: int) -> Round:
    """Puts so many tunes into the queue while the workers are held, lets them go, and watches the tunes' rows."""
    workers = site.programs()["workers"]
    for worker in workers:
        os.kill(worker, signal.SIGSTOP)
    try:
        tunes = [ask(site, seed + number) for number in range(count)]
    finally:
        for worker in workers:
            os.kill(worker, signal.SIGCONT)
    seen = Round(time.perf_counter())
    with sqlite3.connect(f"file:{site.folder}/tunewright.sqlite3?mode=ro", uri=True) as rows:
        while len(seen.ended) < count:
            look(rows, tunes, seen)
            if time.perf_counter() - seen.began > LONGEST:
                raise SystemExit(f"Of {count} tunes {len(seen.ended)} were ready within {LONGEST:.0f} s.")
            time.sleep(LOOK_EVERY)
        seen.abc = [rows.execute("SELECT abc FROM tunes_tune WHERE id = ?", [tune]).fetchone()[0] for tune in tunes]
    return seen


def ask(site: Site, seed: int) -> str:
    body = json.dumps({"prompt": PROMPT, "seed": seed, "conditions": {"bars": 16}}).encode()
    asked = urllib.request.Request(  # noqa: S310 (our own site)
        f"{site.address}/api/v1/tunes/", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310
        return json.load(answer)["id"]


def look(rows: sqlite3.Connection, tunes: list[str], seen: Round) -> None:
    open_ones = [tune for tune in tunes if tune not in seen.ended]
    marks = ",".join("?" * len(open_ones))
    start = f"SELECT id, status, substr(abc, 1, 200) FROM tunes_tune WHERE id IN ({marks})"  # noqa: S608
    for tune, status, abc in rows.execute(start, open_ones).fetchall():
        now = time.perf_counter()
        if status in ("failed", "cancelled"):
            raise SystemExit(f"A tune {status}: the worker's output says why.")
        if status != "queued":
            seen.picked.setdefault(tune, now)
        if tune not in seen.noted and FIRST_NOTE.search(abc):
            seen.noted.setdefault(tune, now)
        if status == "ready":
            seen.ended[tune] = now


def by_peer(tunes: list[str]) -> dict:
    """The same tunes symbol by symbol through the sampler, and tunes composed alone: in a process without the site."""
    done = subprocess.run(
        [sys.executable, "-m", "generator.speed"],
        cwd=ROOT,
        env=child_environment(**ONE_THREAD),
        input="\n".join(map(json.dumps, tunes)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def main() -> int:
    with running_site() as site:
        a_round(site, 1, 1)  # the first one warms the road
        single = [a_round(site, 1, 10 + number) for number in range(ROUNDS * 2)]
        crowd = [a_round(site, WAITING, 100 + WAITING * number) for number in range(ROUNDS)]
        memory = site.memory()
    peer = by_peer([abc for seen in crowd for abc in seen.abc])
    print(f"| measured on {os.cpu_count()} cores in one run | |\n|---|---|")
    for what, told in figures(single, crowd, peer):
        print(f"| {what} | {told} |")
    print("\n".join(memory))
    return 0


def figures(single: list[Round], crowd: list[Round], peer: dict) -> list[tuple[str, str]]:
    middle = statistics.median
    ours, theirs = middle(peer["alone"]), middle(peer["alone_by_peer"])
    minute = 60 * WAITING / middle(seen.seconds for seen in crowd)
    minute_by_peer = 60 * len(peer["waiting_by_peer"]) / sum(peer["waiting_by_peer"])
    waits = {"alone": [w for s in single for w in s.first_notes], "of 32": [w for s in crowd for w in s.first_notes]}
    return [
        (f"a symbol of the plain numpy sampler{'' if peer['trained'] else ' (untrained)'}",
         f"{1000 * peer['seconds_a_symbol']:.2f} ms"),
        (f"one tune alone, median of {len(peer['alone'])}", f"{1000 * ours:.0f} ms, {middle(peer['notes']):.0f} notes"),
        ("the same tune by the sampler", f"{1000 * theirs:.0f} ms: ours takes {ours / theirs:.2f} of its time"),
        (f"{WAITING} requests waiting, checks and worker included", f"{minute:.0f} tunes a minute"),
        ("the same tunes by the sampler", f"{minute_by_peer:.0f} tunes a minute: ours makes {minute / minute_by_peer:.1f} times as many"),  # noqa: E501
        *((f"pick-up to first note, {who}", f"{1000 * middle(times):.0f} ms (worst {1000 * max(times):.0f} ms of {len(times)})")  # noqa: E501
          for who, times in waits.items()),
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
