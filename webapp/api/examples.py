"""Examples of what is sent and answered, for the schema and the page made of it."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample


def _sent(name: str, value: object) -> OpenApiExample:
    return OpenApiExample(name, value=value, request_only=True)


def _answered(name: str, value: object, status: int = 200) -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=[str(status)])


BRIEF = _sent(
    "From words",
    {"prompt": "hopeful and full of wonder", "conditions": {"rhythm": "reel", "mode": "dorian", "bars": 16}},
)
ACCEPTED = _answered(
    "Accepted",
    {
        "id": "0c3gkRkqS0yPPkzXvcB9wA",
        "status": "queued",
        "url": "https://tunewright.example/tunes/0c3gkRkqS0yPPkzXvcB9wA/",
    },
    202,
)
HEARD = _answered("Heard", {"text": "hopeful and full of wonder", "confidence": 0.83})
CHANGE = _sent("Name it and give it away", {"title": "The Lantern at Low Tide", "visibility": "public"})
TWEAK = _sent("Calmer, in the same key", {"tweak": "calmer", "locked": ["key", "mode"]})
VARY = _sent("Another version", {"task": "vary", "strength": 0.5})
PROFILE = _sent("A new name", {"name": "Alice"})
STARS = _sent("Four stars", {"stars": 4})
COMMENT = _sent("An answer", {"text": "The second part is lovely on a whistle.", "reply_to": 12})
REPORT = _sent("Of a tune", {"tune": "0c3gkRkqS0yPPkzXvcB9wA", "reason": "copied", "note": "This is O'Neill 1234."})
