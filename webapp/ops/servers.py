"""Whether the servers that the environment names can be reached; starts none."""

from __future__ import annotations

import os
import socket
from urllib.parse import urlsplit

# setting → (how people call the server, schemes, port when the address names none)
WANTED = {
    "DATABASE_URL": ("PostgreSQL", {"postgres": 5432, "postgresql": 5432}),
    "CELERY_BROKER_URL": ("Redis or RabbitMQ", {"redis": 6379, "rediss": 6379, "amqp": 5672, "amqps": 5671}),
}


def missing_servers() -> list[str]:
    """One sentence for each server the second run needs and does not find."""
    return [sentence for setting in WANTED if (sentence := problem(setting))]


def problem(setting: str) -> str | None:
    name, ports = WANTED[setting]
    url = os.environ.get(setting, "")
    if not url:
        return f"{setting} is not set: start {name} and name it, as in {setting}={_example(setting)}."
    parts = urlsplit(url)
    if parts.scheme not in ports:
        return f"{setting} names no {name} (its scheme is {parts.scheme!r}): use one like {_example(setting)}."
    host, port = parts.hostname or "127.0.0.1", parts.port or ports[parts.scheme]
    try:
        socket.create_connection((host, port), timeout=3).close()
    except OSError as error:
        return f"{name} does not answer at {host}:{port} ({error}): start it, or correct {setting}."
    return None


def _example(setting: str) -> str:
    if setting == "DATABASE_URL":
        return "postgres://user:password@127.0.0.1:5432/tunewright"
    return "redis://127.0.0.1:6379/0"
