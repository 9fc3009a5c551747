"""Brings a fresh clone to where it can run: packages, front-end files, database. Imports no Django: it comes before it.

`python3 -m webapp.ops setup` does it by hand; every other command does it first.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from webapp.ops import node, vendor
from webapp.ops.places import ROOT, VENDOR, VENV, VENV_PYTHON, var
from webapp.ops.stamps import fingerprint, is_done, mark_done
from webapp.ops.steps import run_step, say
from webapp.ops.troubles import Trouble, explain_os_error

OLDEST_PYTHON = (3, 11)
NO_DATABASE = (
    "The database named in DATABASE_URL does not answer: start its server, or unset DATABASE_URL to use SQLite."
)
ROOM = 3 * 10**9  # bytes: the packages unpacked, and pip's working copy of the largest


def set_up(needs: Collection[str]) -> None:
    """Does what is needed and not done yet. Raises Trouble."""
    check_python()
    steps = {
        "packages": partial(install_packages, "packages", "requirements.txt", nodeps="requirements-nodeps.txt"),
        "test packages": partial(install_packages, "test packages", "requirements-dev.txt"),
        "front end": bring_front_end,
        "database": migrate,
    }
    try:
        with one_at_a_time():
            for name in needs:
                steps[name]()
    except OSError as error:
        raise explain_os_error("set the program up", error) from error


def check_python(version: tuple[int, ...] = sys.version_info[:3]) -> None:
    if version[:2] < OLDEST_PYTHON:
        raise Trouble(
            f"Tunewright needs Python 3.11 or newer, and this is {'.'.join(map(str, version))} ({sys.executable}):"
            " install python3.11, or name another one, as in `make run PYTHON=/path/to/python3.11`."
        )


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two commands started together must not install into the same folder. A file of this checkout is the lock."""
    with open(ROOT / "requirements.txt") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another command is setting up; waiting for it…")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def install_packages(what: str, listed: str, *, nodeps: str | None = None, root: Path = ROOT) -> None:
    """Packages into .venv, once for each state of the lists."""
    lists = [root / name for name in (listed, nodeps) if name]
    stamp, wanted = VENV / f"{Path(listed).stem}.done", fingerprint(repr(sys.version_info[:2]), *lists)
    if VENV_PYTHON.exists() and is_done(stamp, wanted):
        return
    make_environment()
    say(f"Installing {what} (only when their list has changed)…")
    pip(f"install the {what}", "-r", str(lists[0]))
    if nodeps:
        pip(f"install the {what}", "--no-deps", "-r", str(lists[1]))
    mark_done(stamp, wanted)


def make_environment() -> None:
    """A virtual environment of this Python's own version; one made by another version is made anew."""
    check_room()
    settings = VENV / "pyvenv.cfg"
    same = settings.is_file() and re.search(
        rf"^version = 3\.{sys.version_info[1]}\.", settings.read_text(), re.MULTILINE
    )
    if same and VENV_PYTHON.exists() and list(VENV.glob("lib/python*/site-packages/pip/__main__.py")):
        return
    say("Making a virtual environment in .venv…")
    run_step("make a virtual environment", [sys.executable, "-m", "venv", "--clear", str(VENV)])


def check_room(folder: Path = ROOT, needed: int = ROOM) -> None:
    """A disk too small is said before a download of minutes. A virtual environment already there has its room."""
    free = shutil.disk_usage(folder).free
    if not VENV_PYTHON.exists() and free < needed:
        raise Trouble(
            f"The disk is nearly full: {free / 1e9:.1f} GB are free in {folder} and {needed / 1e9:.0f} GB are needed;"
            " free some and run the command again."
        )


def pip(step: str, *asked: str) -> None:
    command = [str(VENV_PYTHON), "-m", "pip", "install", "--quiet", "--no-input", "--progress-bar", "off", *asked]
    run_step(step, command)


def bring_front_end(*, root: Path = ROOT) -> None:
    """abcjs and the typefaces, from npm at the versions package-lock.json names."""
    wanted = fingerprint(root / "package.json", root / "package-lock.json", root / "webapp/ops/vendor.py")
    stamp = VENDOR / "vendor.done"
    if is_done(stamp, wanted) and vendor.vendored():
        return
    say("Fetching the front-end files…")
    npm = node.npm_command() or node.npm_from_wheel(pip)
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    run_step("fetch the front-end files", command, also=node.settings(npm))
    vendor.vendor_files()
    mark_done(stamp, wanted)


def migrate(*, root: Path = ROOT) -> None:
    """The tables. A database server may have been emptied since, so only the embedded file's stamp is believed."""
    stamp, file = var() / "migrated.done", var() / "tunewright.sqlite3"
    scripts = sorted(p for p in (root / "webapp").glob("*/migrations/*.py"))
    wanted = fingerprint(root / "requirements.txt", *map(str, scripts), *scripts)
    embedded = not os.environ.get("DATABASE_URL")
    if embedded and file.exists() and is_done(stamp, wanted):
        return
    say("Preparing the database…")
    command = [str(VENV_PYTHON), "manage.py", "migrate", "--no-input", "--verbosity", "0"]
    run_step("prepare the database", command, unreachable=NO_DATABASE)
    if embedded:
        mark_done(stamp, wanted)
