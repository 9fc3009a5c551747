"""The commands behind the Makefile; each sets up what it needs and then becomes the program it names."""

from __future__ import annotations

import os
import signal
import sys
from typing import NoReturn

from webapp.ops.places import ROOT, VENV_PYTHON, child_environment
from webapp.ops.ports import asked_host, asked_port, check_port
from webapp.ops.setup import set_up
from webapp.ops.troubles import Trouble

# name → (what .venv's Python becomes, what must be there first)
COMMANDS: dict[str, tuple[list[str], tuple[str, ...]]] = {
    "setup": ([], ("packages", "front end", "database")),
    "run": (["-m", "webapp.ops.serve"], ("packages", "front end", "database")),
    "test": (["-m", "webapp.ops.suite", "all"], ("packages", "test packages", "front end")),
    "test-fast": (["-m", "webapp.ops.suite", "fast"], ("packages", "test packages", "front end")),
    "test-services": (["-m", "webapp.ops.suite", "services"], ("packages", "test packages", "front end")),
    "lint": (["-m", "webapp.ops.lint"], ("packages", "test packages")),
    "bench": (["-m", "webapp.ops.bench"], ("packages", "test packages", "front end")),
    "bench-speed": (["-m", "webapp.ops.bench_speed"], ("packages", "front end")),
    "screenshots": (["-m", "webapp.ops.screenshots"], ("packages", "test packages", "front end")),
    "bench-gallery": (["-m", "webapp.ops.bench_gallery"], ("packages", "front end")),
    "bench-music": (["-m", "generator.measures"], ("packages",)),
    "train-all": (["-m", "generator.train_all"], ("packages",)),
}


def main(arguments: list[str]) -> int:
    name = arguments[0] if arguments else ""
    if name not in COMMANDS:
        print(f"Choose one of: {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    # A stop that is asked for also ends the step under way: subprocess kills its child when an exception passes.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        follow, needs = COMMANDS[name]
        if name == "run":
            check_port(asked_host(), asked_port())  # before minutes of set-up
        set_up(needs)
    except Trouble as trouble:
        print(trouble, file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        print("Stopped; run the command again to go on.", file=sys.stderr, flush=True)
        return 130
    if follow:
        _become(follow)
    return 0


def _become(follow: list[str]) -> NoReturn:
    """Replaces this process, so that make's signals reach the program itself."""
    os.chdir(ROOT)
    os.execve(VENV_PYTHON, [str(VENV_PYTHON), *follow], child_environment())  # noqa: S606 (no shell is wanted)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
