"""The schema: who may ask without a token, the errors each address may answer with, and the event stream."""

from __future__ import annotations

from drf_spectacular.openapi import AutoSchema
from rest_framework.permissions import SAFE_METHODS

from webapp.api.permissions import open_methods
from webapp.api.serializers import ErrorSerializer

EVENTS = """One event a change, each with JSON data:
`queued` {place, eta_seconds}; `notes` {attempt, offset, text} with id `attempt:offset`, the characters sent so far;
`restart` {attempt, reason}: clear the staff; `no-worker` {message}; `ready` {url, title, abc}; `failed` {reason};
`cancelled` {}. Comes back where it left off by `Last-Event-ID`."""
TAGS = {
    "composing": "From words, or from music that is there, to a tune.",
    "tunes": "The gallery, single tunes, and what becomes of them.",
    "me": "What belongs to the account of the token.",
    "makers": "People and their public tunes.",
    "talk": "Stars, favourites, comments and reports.",
    "duels": "Which of two tunes, and human or machine?",
    "dumps": "All public tunes in one file.",
}
ERRORS = {
    "400": "Something in the request cannot be used; `fields` says what.",
    "401": "The token is missing, unknown, expired or revoked.",
    "403": "The token lacks the scope, or this is not yours to change.",
    "404": "There is nothing here that you may see.",
    "409": "It stands against what is there already.",
    "413": "The request is larger than 64 KB, or the recording longer than 12 seconds.",
    "415": "The request is not JSON.",
    "429": "Too many requests; `Retry-After` says how many seconds to wait.",
    "503": "Too many recordings at this moment; `Retry-After` likewise.",
}


class Schema(AutoSchema):
    def get_tags(self) -> list[str]:
        return [self.view.tag]

    def get_summary(self) -> str | None:
        return super().get_description().partition("\n\n")[0].replace("\n", " ") or None

    def get_description(self) -> str:
        return super().get_description().partition("\n\n")[2]

    def get_auth(self) -> list[dict]:
        needed = super().get_auth()
        return [*needed, {}] if self.method in open_methods(self.view) else needed

    def get_operation(self, *args: object) -> dict | None:
        operation = super().get_operation(*args)
        if operation is not None:
            self.resolve_serializer(ErrorSerializer, "response")
            answers = operation["responses"]
            answers |= {status: error_answer(status) for status in self._errors(operation) if status not in answers}
            operation["responses"] = dict(sorted(answers.items()))
        return operation

    def _errors(self, operation: dict) -> list[str]:
        """What the view does not have to say itself."""
        places = {parameter["in"] for parameter in operation.get("parameters", [])}
        writes, has_body = self.method not in SAFE_METHODS, "requestBody" in operation
        return [
            *(["400"] if has_body or "query" in places else []),
            *(["401", "429"]),
            *(["403"] if writes else []),
            *(["404"] if "path" in places or "after" in str(operation.get("parameters")) else []),
            *(["413"] if has_body else []),
            *(["415"] if "application/json" in operation.get("requestBody", {}).get("content", {}) else []),
        ]


def error_answer(status: str) -> dict:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {"content": content, "description": ERRORS[status]}


def describe_events(result: dict, **_: object) -> dict:
    """The event stream is plain Django, which drf-spectacular does not see."""
    where = "/api/v1/tunes/{tune_id}/events/"
    stream = {"content": {"text/event-stream": {"schema": {"type": "string"}}}, "description": "Server-Sent Events"}
    parameters = [
        {"in": "path", "name": "tune_id", "schema": {"type": "string"}, "required": True},
        {"in": "header", "name": "Last-Event-ID", "schema": {"type": "string"}},
    ]
    result["paths"][where] = {
        "get": {
            "operationId": "tune_events",
            "summary": "A tune as it is being written.",
            "description": EVENTS,
            "parameters": parameters,
            "tags": ["composing"],
            "security": [{"token": []}, {}],
            "responses": {"200": stream, "401": error_answer("401"), "404": error_answer("404")},
        }
    }
    return result
