"""Runs the tests and says what was left out; knows which tests need a browser, time or servers.

Run by `make test`, `make test-fast` and `make test-services` inside .venv.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile

from webapp.ops.places import ROOT, child_environment
from webapp.ops.servers import missing_servers
from webapp.ops.tally import Tally

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = (
    "Left out: the tests in tests/browser, because no Chromium is on this machine (Debian and Ubuntu: apt install"
    " chromium, or name one with CHROMIUM=/path/to/chromium)."
)
# tests/ops is about this machine's processes and files; a database server changes nothing there.
SERVICE_TESTS = ("tests.webapp", "tests.browser")


def browser() -> str | None:
    """The browser that CHROMIUM names, or the first that is installed."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, BROWSERS)), None)


def arguments(kind: str, found: str | None) -> list[str]:
    """What `manage.py test` is asked for `kind`: all, fast or services."""
    without = ["browser", "slow"] if kind == "fast" else [] if found else ["browser"]
    labels = SERVICE_TESTS if kind == "services" else ("tests",)
    return [*labels, "--verbosity", "2", *(f"--exclude-tag={tag}" for tag in without)]


def run(asked: list[str], found: str | None, tally: Tally) -> int:
    """Runs Django's test command in a data folder of its own, removed at the end, and relays what matters."""
    with tempfile.TemporaryDirectory(prefix="tunewright-tests-") as folder:
        settings = {
            "TUNEWRIGHT_VAR": folder,
            "TMPDIR": folder,
            "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"),
        }
        if found:
            settings["CHROMIUM"] = found
        process = subprocess.Popen(
            [sys.executable, "manage.py", "test", "--no-input", *asked],
            cwd=ROOT,
            env=child_environment(**settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        try:
            for line in process.stdout:
                tally.hear(line)
                if not line.startswith(("  Applying ", "    Creating ")):  # Django tells its tables one by one
                    sys.stdout.write(line)
                sys.stdout.flush()
            return process.wait()
        finally:
            process.kill()
            process.wait()


def main(kind: str) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if kind == "services" and (missing := missing_servers()):
        print("\n".join(missing), flush=True)
        return 1
    found, tally = browser(), Tally()
    status = run(arguments(kind, found), found, tally)
    for reason in sorted(set(tally.reasons)):
        print(f"Left out: {tally.reasons.count(reason)} ({reason})")
    if kind != "fast" and not found:
        print(NO_BROWSER)
    print(tally.slowest())
    print(tally.closing_line(), flush=True)
    return status or int(not tally.ran)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1]))
    except KeyboardInterrupt:
        sys.exit(130)
