"""Counts what unittest prints, line by line; knows no test."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

RAN = re.compile(r"Ran (\d+) tests? in ")
CLOSING = re.compile(r"(OK|FAILED)\b(?= \(|$)")
COUNTS = re.compile(r"(failures|errors|unexpected successes|skipped)=(\d+)")
NAME = re.compile(r"(test_\w+) \(([\w.]+)\)")
RESULT = re.compile(r"(^|\.\.\. )(ok|FAIL|ERROR|skipped (['\"])(?P<why>.*)\3)$")


@dataclass
class Tally:
    """What was told so far, and how long each test took to tell its result."""

    ran: int = 0
    failed: int = 0
    skipped: int = 0
    reasons: list[str] = field(default_factory=list)
    times: list[tuple[float, str]] = field(default_factory=list)
    since: float = field(default_factory=time.monotonic)
    name: str = ""

    def hear(self, line: str) -> None:
        line = line.rstrip()
        if found := NAME.match(line):
            self.name = found[2]
        if found := RESULT.search(line):
            self._result(found["why"])
        elif found := RAN.match(line):
            self.ran += int(found[1])
        elif CLOSING.match(line):
            self._closing(line)

    def _result(self, why: str | None) -> None:
        now = time.monotonic()
        self.times.append((now - self.since, self.name))
        self.since = now
        if why is not None:
            self.reasons.append(why)

    def _closing(self, line: str) -> None:
        for name, count in COUNTS.findall(line):
            if name == "skipped":
                self.skipped += int(count)
            else:
                self.failed += int(count)

    def slowest(self, count: int = 5) -> str:
        told = [f"{seconds:.1f} s {name}" for seconds, name in sorted(self.times, reverse=True)[:count]]
        return "Slowest: " + ", ".join(told)

    def closing_line(self) -> str:
        passed = max(0, self.ran - self.failed - self.skipped)
        return f"{passed} passed, {self.failed} failed, {self.skipped} left out"
