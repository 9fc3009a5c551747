"""One program that the supervisor keeps: started in a group of its own, heard, and stopped with all it started."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from webapp.ops.places import ROOT, child_environment

PR_SET_PDEATHSIG = 1
# Looked up before any fork: a child between fork and exec must not import or allocate much.
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


def die_with_parent(sent: int = signal.SIGTERM) -> None:
    """Asks Linux to send this process a signal when its parent dies, so that a killed supervisor leaves nothing."""
    if _prctl is not None:
        _prctl(PR_SET_PDEATHSIG, int(sent), 0, 0, 0)


@dataclass
class Child:
    """A named program. `show` gets each line it prints."""

    name: str
    command: list[str]
    show: Callable[[str, str], None]
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None
    started: float = 0.0

    def start(self) -> None:
        """Starts it. A Ctrl-C in the terminal does not reach it: the supervisor says when to stop."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=child_environment(PYTHONWARNINGS="ignore", **self.settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        threading.Thread(target=self._relay, args=(self.process.stdout,), daemon=True).start()

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        if self.running():
            self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it and everything in its group, also what outlived it."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # nothing is left of the group
            self.process.wait()

    def _relay(self, stream) -> None:  # noqa: ANN001 (subprocess gives no better type)
        for line in stream:
            self.show(self.name, line.decode("utf-8", "replace").rstrip())
        stream.close()
