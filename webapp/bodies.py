"""The largest body that is taken in at all: Django writes the whole of one to the disk before any page looks at it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

LARGEST = 8 * 1024 * 1024  # bytes; below it pages turn away what is too much for them, each in its own words
TOO_LARGE = b"That was too much at once."

Receive = Callable[[], Awaitable[dict]]
Send = Callable[[dict], Awaitable[None]]
App = Callable[[dict, Receive, Send], Awaitable[None]]


def bounded(app: App) -> App:
    async def application(scope: dict, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
        elif _told_length(scope) > LARGEST:
            await _refuse(send)
        else:
            await app(scope, _counted(receive), send)

    return application


def _told_length(scope: dict) -> int:
    told = dict(scope["headers"]).get(b"content-length", b"")
    return int(told) if told.isdigit() else 0


def _counted(receive: Receive) -> Receive:
    """For a body that does not tell its length. Beyond the bound it is as if the sender had gone."""
    taken = 0

    async def counted() -> dict:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return message if taken <= LARGEST else {"type": "http.disconnect"}

    return counted


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"text/plain"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": TOO_LARGE})
