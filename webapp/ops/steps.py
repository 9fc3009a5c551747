"""Runs one program of the set-up quietly, with its output in a log; knows no step by name."""

from __future__ import annotations

import subprocess

from webapp.ops.places import ROOT, child_environment, var
from webapp.ops.troubles import explain, explain_os_error


def say(sentence: str) -> None:
    print(sentence, flush=True)


def run_step(
    step: str, command: list[str], *, also: dict[str, str] | None = None, unreachable: str | None = None
) -> None:
    """Runs `command`; its output goes to var/setup.log. Raises Trouble, worded with `step` ("install the packages").

    `also` adds to the environment; `unreachable` is the sentence for a server that does not answer.
    """
    log = var() / "setup.log"
    try:
        with open(log, "a", encoding="utf-8") as file:
            start = file.tell()
            file.write(f"$ {' '.join(command)}\n")
            file.flush()
            done = subprocess.run(
                command,
                cwd=ROOT,
                env=child_environment(**(also or {})),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                check=False,
            )
    except OSError as error:
        raise explain_os_error(step, error) from error
    if done.returncode:
        with open(log, "rb") as file:
            file.seek(start)
            raise explain(step, file.read().decode("utf-8", "replace"), log, unreachable)
