"""What drf-spectacular cannot see by itself: the event stream is plain Django."""

from __future__ import annotations

EVENTS = """One event a change, each with JSON data:
`queued` {place, eta_seconds}; `notes` {attempt, offset, text} with id `attempt:offset`, the characters sent so far;
`restart` {attempt, reason}: clear the staff; `no-worker` {message}; `ready` {url, title, abc}; `failed` {reason};
`cancelled` {}. Comes back where it left off by `Last-Event-ID`."""


def describe_events(result: dict, **_: object) -> dict:
    where = "/api/v1/tunes/{tune_id}/events/"
    error = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}, "description": ""}
    stream = {"content": {"text/event-stream": {"schema": {"type": "string"}}}, "description": "Server-Sent Events"}
    parameters = [
        {"in": "path", "name": "tune_id", "schema": {"type": "string"}, "required": True},
        {"in": "header", "name": "Last-Event-ID", "schema": {"type": "string"}},
    ]
    result["paths"][where] = {
        "get": {
            "operationId": "tune_events",
            "description": EVENTS,
            "parameters": parameters,
            "tags": ["api"],
            "responses": {"200": stream, "404": error},
        }
    }
    return result
