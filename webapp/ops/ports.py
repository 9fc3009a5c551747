"""Which address the pages are served at, and whether it is free."""

from __future__ import annotations

import errno
import os
import socket

from webapp.ops.troubles import Trouble

DEFAULT_PORT = 8000


def asked_host() -> str:
    """Loopback unless HOST says otherwise: a laptop serves itself alone."""
    return os.environ.get("HOST") or "127.0.0.1"


def asked_port() -> int:
    text = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise Trouble(f"PORT must be a number from 1 to 65535, and it is {text!r}: try PORT=9000 make run.")
    return int(text)


def free_port() -> int:
    """A port of the loopback address that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def check_port(host: str, port: int) -> None:
    """Raises Trouble when another program listens there, or when we may not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port just given back is free
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            raise Trouble(_sentence(error, host, port)) from error


def _sentence(error: OSError, host: str, port: int) -> str:
    other = f"PORT={port + 1000 if port < 64000 else 9000} make run"
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program: stop that one, or choose another port, as in `{other}`."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Only the system's administrator may use port {port}: choose one above 1023, as in `{other}`."
    return f"We cannot serve at {host}:{port} ({error.strerror}): HOST must be an address of this machine."
