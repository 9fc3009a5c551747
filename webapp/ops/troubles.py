"""One clear sentence for each thing that can go wrong before the program runs; knows no step by name."""

from __future__ import annotations

import errno
import re
from pathlib import Path

# The codes are npm's and stand alone: "ModuleNotFoundError" holds "eNotFound".
NETWORK = re.compile(
    r"name resolution|Name or service not known|NewConnectionError|Network is unreachable|Connection refused"
    r"|ConnectTimeout|ReadTimeout|Could not fetch URL|Failed to establish|ProxyError|could not translate host name"
    r"|\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ERR_SOCKET\w*)\b"
)
DISK = re.compile(r"No space left on device|\bENOSPC\b|Disk quota exceeded|database or disk is full")
RIGHTS = re.compile(r"Permission denied|\bEACCES\b|Read-only file system|\bEROFS\b")
NO_VENV = re.compile(r"ensurepip is not|No module named '?(venv|ensurepip)")


class Trouble(Exception):
    """A step cannot go on. The message is one sentence that says what happened and what to do."""


def explain(step: str, output: str, log: Path, unreachable: str | None = None) -> Trouble:
    """The sentence for a program that failed while doing `step` ("install the packages"), judged by what it printed.

    `unreachable` replaces the sentence for a network that does not answer.
    """
    if NO_VENV.search(output):
        return Trouble(
            "This Python cannot make virtual environments: install its venv module"
            " (Debian and Ubuntu: apt install python3-venv) and run the command again."
        )
    if DISK.search(output):
        return Trouble(f"The disk is full, so we could not {step}: free about 3 GB and run the command again.")
    if RIGHTS.search(output):
        return Trouble(f"We may not write here, so we could not {step}: check who owns this folder ({log.parent}).")
    if NETWORK.search(output):
        return Trouble(
            unreachable
            or f"We could not reach the network to {step}: check the connection (or the proxy settings) and run the"
            " command again; what is already there is kept."
        )
    last = next((line.strip() for line in reversed(output.splitlines()) if line.strip()), "it said nothing")
    return Trouble(f"We could not {step} ({last[:200]}): {log} has the whole story.")


def explain_os_error(step: str, error: OSError) -> Trouble:
    """The sentence for a file that could not be written while doing `step`."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Trouble(f"The disk is full, so we could not {step}: free about 3 GB and run the command again.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Trouble(f"We may not write to {error.filename}, so we could not {step}: check who owns it.")
    return Trouble(f"We could not {step}: {error.strerror or error} ({error.filename}).")
