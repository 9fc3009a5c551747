"""The largest body that is taken in at all: Django writes the whole of one to the disk before any page looks at it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from generator import LARGEST_WAV

LARGEST = 8 * 1024 * 1024  # bytes; below it pages turn away what is too much for them, each in its own words
TOO_LARGE = b"That was too much at once."
# A recording is kept nowhere, so it must not be so long that Django puts it into a file while it comes in.
RECORDINGS = frozenset({"/speak/", "/api/v1/hear/"})

Receive = Callable[[], Awaitable[dict]]
Send = Callable[[dict], Awaitable[None]]
App = Callable[[dict, Receive, Send], Awaitable[None]]


def bounded(app: App) -> App:
    async def application(scope: dict, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
        elif f"{scope.get('path', '').rstrip('/')}/" in RECORDINGS:
            await app(scope, _cut_off(receive, LARGEST_WAV, _told_length(scope)), send)
        elif _told_length(scope) > LARGEST:
            await _refuse(send)
        else:
            await app(scope, _counted(receive), send)

    return application


def length_of(told: str | None) -> int:
    """What a request says of its length, in bytes; none where it says nothing or no number."""
    return int(told) if told and told.isascii() and told.isdigit() else 0


def _told_length(scope: dict) -> int:
    return length_of(dict(scope["headers"]).get(b"content-length", b"").decode("latin-1"))


def _counted(receive: Receive) -> Receive:
    """For a body that does not tell its length. Beyond the bound it is as if the sender had gone."""
    taken = 0

    async def counted() -> dict:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return message if taken <= LARGEST else {"type": "http.disconnect"}

    return counted


def _cut_off(receive: Receive, most: int, told: int) -> Receive:
    """One byte more than `most` at the utmost, nothing where too many are told: pages see that and answer in words."""
    left = 0 if told > most else most + 1
    over = False

    async def cut_off() -> dict:
        nonlocal left, over
        if over:
            return await _gone(receive)
        message = await receive() if left else {"type": "http.request"}
        taken = message.get("body", b"")[:left]
        left -= len(taken)
        over = not left or not message.get("more_body")
        return message | {"body": taken, "more_body": not over}

    return cut_off


async def _gone(receive: Receive) -> dict:
    """Drops what else is sent; it ends with the answer, after which the server hears no more."""
    while (message := await receive())["type"] == "http.request":
        pass
    return message


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"text/plain"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": TOO_LARGE})
