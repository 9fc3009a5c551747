"""The folder that carries jobs where no broker was installed: kombu's, with messages that appear whole."""

from __future__ import annotations

import os
import time
import uuid
from pathlib import Path

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps

LONGEST_LOOK = 0.1  # seconds


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: dict, **kwargs: object) -> None:
        # Wall clock, not the monotonic one: order must survive a restart of the machine.
        name = f"{time.time_ns() // 1_000_000}_{uuid.uuid4()}"
        folder = Path(self.data_folder_out)
        half = folder / f"{name}.part"
        try:
            half.write_bytes(str_to_bytes(dumps(payload)))
            os.replace(half, folder / f"{name}.{queue}.msg")
        except OSError as error:
            raise ChannelError(f"Cannot write a job into {folder}: {error}") from error


class Transport(filesystem.Transport):
    Channel = Channel

    def drain_events(self, connection: object, timeout: float | None = None) -> None:
        # Tunes that are done are told to the queue between two calls: a worker with its hands full must not wait long.
        super().drain_events(connection, timeout=min(timeout or LONGEST_LOOK, LONGEST_LOOK))
