"""A PostgreSQL of our own for as long as a measurement takes, from the programs that Debian installs."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from webapp.ops.ports import free_port
from webapp.ops.troubles import Trouble

ROLE = "tunewright"
DEBIAN = Path("/usr/lib/postgresql")


@contextmanager
def cluster(folder: Path | None) -> Iterator[str]:
    """An address without the database's name. In `folder` the data stay for the next time; else they are removed."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        with _started(folder) as address:
            yield address
        return
    with tempfile.TemporaryDirectory(prefix="tunewright-postgres-") as temporary:
        os.chmod(temporary, 0o755)  # noqa: S103 (its own user must get through to the data, which stay closed)
        with _started(Path(temporary)) as address:
            yield address


def database(address: str, name: str) -> str:
    """The address of a database, made where it is missing."""
    port = re.search(r":(\d+)$", address)[1]
    made = _run("createdb", "-h", "127.0.0.1", "-p", port, "-U", ROLE, name, check=False)
    if made.returncode and "already exists" not in made.stderr:
        raise Trouble(f"PostgreSQL made no database {name}: {made.stderr.strip()}")
    return f"{address}/{name}"


@contextmanager
def _started(folder: Path) -> Iterator[str]:
    data, port = folder / "data", free_port()
    if not data.exists():
        data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            _run("chown", "postgres", str(data), program=Path("/bin/chown"))
        _as_owner("initdb", "-D", str(data), "-U", ROLE, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    # As Debian sets it up, but for the address, for waiting for the disk, and for the memory: a quarter, as its manual
    # advises for a server, and what stood in it when it was stopped is there again.
    options = f"-p {port} -k /tmp -c listen_addresses=127.0.0.1 -c fsync=off -c shared_buffers={_memory() // 4}MB"
    options += " -c shared_preload_libraries=pg_prewarm"
    _as_owner("pg_ctl", "-D", str(data), "-w", "-l", str(data / "log"), "-o", options, "start")
    try:
        yield f"postgres://{ROLE}@127.0.0.1:{port}"
    finally:
        _as_owner("pg_ctl", "-D", str(data), "-m", "fast", "-w", "stop")


def _memory() -> int:
    """Of this machine, in MB."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20


def _as_owner(name: str, *arguments: str) -> None:
    """PostgreSQL refuses to run as root."""
    command = [str(_program(name)), *arguments]
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    # Into a file: a server that pg_ctl starts would keep a pipe open for ever.
    with tempfile.TemporaryFile("w+") as said:
        if subprocess.run(command, stdout=said, stderr=said, stdin=subprocess.DEVNULL, check=False).returncode:
            said.seek(0)
            raise Trouble(f"{name} failed: {said.read().strip()[-300:]}")


def _run(name: str, *arguments: str, program: Path | None = None, check: bool = True) -> subprocess.CompletedProcess:
    return subprocess.run([str(program or _program(name)), *arguments], capture_output=True, text=True, check=check)


def _program(name: str) -> Path:
    found = sorted(DEBIAN.glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    if not found:
        raise Trouble(
            "PostgreSQL is not installed (Debian and Ubuntu: apt install postgresql), nor named by DATABASE_URL."
        )
    return found[-1]
