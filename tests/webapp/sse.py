"""A small reader of Server-Sent Events for tests, over a real connection."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass
class Event:
    name: str
    told: dict
    id: str = ""


class Stream:
    def __init__(self, url: str, last_event_id: str = "", timeout: float = 30, cookies: str = "") -> None:
        parts = urlsplit(url)
        self.link = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
        sent = {"Last-Event-ID": last_event_id, "Cookie": cookies}
        headers = {name: value for name, value in sent.items() if value}
        self.link.request("GET", parts.path, headers=headers)
        self.answer = self.link.getresponse()

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self.link.close()

    def __iter__(self) -> Iterator[Event]:
        """Until the server ends the stream."""
        fields: dict[str, str] = {}
        for raw in self.answer:
            line = raw.decode().rstrip("\n")
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            else:
                if "event" in fields:
                    yield Event(fields["event"], json.loads(fields["data"]), fields.get("id", ""))
                fields = {}

    def next(self, name: str) -> Event:
        for event in self:
            if event.name == name:
                return event
        raise AssertionError(f"The stream ended without {name}")
