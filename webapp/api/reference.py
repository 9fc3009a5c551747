"""The schema, made once, and what the page for developers shows of it: addresses by subject, fields, examples."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from drf_spectacular.generators import SchemaGenerator

from webapp.api.schema import TAGS

METHODS = ("get", "post", "put", "patch", "delete")
# What stands for a part of an address in the examples.
SAMPLES = {"tune_id": "0c3gkRkqS0yPPkzXvcB9wA", "slug": "alice", "comment_id": "12"}
OTHER_SAMPLE = "5uYbq0rYTfiZ1ZyV0sC1hQ"
RECORDING = "audio/wav"
DEEPEST = 2
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Field:
    name: str
    type: str
    about: SafeString
    choices: tuple[str, ...] = ()
    required: bool = False
    place: str = ""  # query, header, path


@dataclass(frozen=True)
class Answer:
    status: str
    kind: str  # the media type, where it is not JSON
    shape: str  # the name of a shape below
    example: str


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    summary: SafeString
    about: SafeString
    scope: str  # of the token; empty where none is needed
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answers: tuple[Answer, ...]
    errors: tuple[str, ...]
    curl: str


@dataclass(frozen=True)
class Group:
    tag: str
    about: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True)
class Shape:
    name: str
    about: SafeString
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Reference:
    groups: tuple[Group, ...]
    shapes: tuple[Shape, ...]


@cache
def api_schema() -> dict:
    """The same for everybody, and half a second of work: made once."""
    return SchemaGenerator().get_schema(public=True)


@lru_cache(maxsize=8)  # the names that this site goes by
def reference(base: str) -> Reference:
    schema = api_schema()
    operations = list(_operations(schema, base))
    groups = tuple(
        Group(tag, about, tuple(operation for at, operation in operations if at == tag)) for tag, about in TAGS.items()
    )
    named = {answer.shape for _, operation in operations for answer in operation.answers} - {""}
    return Reference(groups, tuple(_shape(schema, name) for name in sorted(_with_inner(schema, named))))


def _operations(schema: dict, base: str) -> Iterator[tuple[str, Operation]]:
    for path, methods in schema["paths"].items():
        for method in METHODS:
            if method in methods:
                yield methods[method]["tags"][0], _operation(schema, path, method, methods[method], base)


def _operation(schema: dict, path: str, method: str, told: dict, base: str) -> Operation:
    contents = told.get("requestBody", {}).get("content", {})
    body = contents.get("application/json", {})
    good = {status: answer for status, answer in told["responses"].items() if status < "400"}
    scope = "" if {} in told["security"] else "read" if method == "get" else "write"
    return Operation(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        summary=_words(told.get("summary", "")),
        about=_words(told.get("description", "")),
        scope=scope,
        parameters=tuple(_parameter(schema, row) for row in told.get("parameters", ()) if row["in"] != "path"),
        body=tuple(_fields(schema, body.get("schema", {}))),
        answers=tuple(_answer(status, answer) for status, answer in good.items()),
        errors=tuple(status for status in told["responses"] if status >= "400"),
        curl=_curl(schema, base + _filled(path), method, scope, body, RECORDING in contents),
    )


def _parameter(schema: dict, row: dict) -> Field:
    inner = row["schema"]
    kind, choices, about = _type(schema, inner), _choices(schema, inner), _words(row.get("description", ""))
    return Field(row["name"], kind, about, choices, row.get("required", False), row["in"])


def _answer(status: str, told: dict) -> Answer:
    kind, content = next(iter(told.get("content", {}).items()), ("", {}))
    example = next(iter(content.get("examples", {}).values()), {}).get("value")
    shape = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    shown = json.dumps(example, indent=2, ensure_ascii=False) if example else ""
    return Answer(status, "" if kind == "application/json" else kind, shape, shown)


def _fields(schema: dict, inner: dict, before: str = "", depth: int = 0) -> Iterator[Field]:
    """Those of an object and, a step or two down, of the objects in it: conditions.key."""
    inner = _resolved(schema, inner)
    for name, field in inner.get("properties", {}).items():
        about, choices = _words(_about(schema, field)), _choices(schema, field)
        required = name in inner.get("required", ())
        yield Field(before + name, _type(schema, field), about, choices, required)
        if depth < DEEPEST:
            yield from _fields(schema, field, f"{before}{name}.", depth + 1)


def _shape(schema: dict, name: str) -> Shape:
    inner = schema["components"]["schemas"][name]
    fields = tuple(_fields(schema, inner, depth=DEEPEST))
    return Shape(name, _words(inner.get("description", "")), fields)


def _with_inner(schema: dict, names: set[str]) -> set[str]:
    """Those shapes and all that stand in them; a list of choices is told where it is used."""
    found, waiting = set(), list(names)
    while waiting:
        if (name := waiting.pop()) not in found:
            found.add(name)
            waiting += re.findall(r"#/components/schemas/(\w+)", json.dumps(schema["components"]["schemas"][name]))
    return {name for name in found if "enum" not in schema["components"]["schemas"][name]}


def _resolved(schema: dict, inner: dict) -> dict:
    """The object itself, behind a reference or wrapped for being nullable."""
    if "$ref" in inner:
        return schema["components"]["schemas"][inner["$ref"].rpartition("/")[2]]
    wrapped = inner.get("allOf") or inner.get("oneOf") or ()
    return _resolved(schema, wrapped[0]) | {"nullable": inner.get("nullable", False)} if wrapped else inner


def _about(schema: dict, field: dict) -> str:
    """What is said of the field itself, and not of the kind of thing it holds; nor its choices once more."""
    return field.get("description", "").partition("* `")[0].strip()


def _type(schema: dict, field: dict) -> str:
    inner = _resolved(schema, field)
    if field.get("type") == "array":
        kind = f"list of {_type(schema, field['items'])}"
    elif "properties" in inner:
        kind = field.get("$ref", "").rpartition("/")[2] or "object"
    else:
        kinds = [_type(schema, each) for each in field.get("oneOf", ()) if "enum" not in _resolved(schema, each)]
        kind = " or ".join(kinds) or {"string": "text", "boolean": "true or false"}.get(
            inner.get("type"), inner.get("type", "anything")
        )
    return f"{kind} or null" if field.get("nullable") else kind


def _choices(schema: dict, field: dict) -> tuple[str, ...]:
    inner = _resolved(schema, field.get("items", field))
    return tuple(str(choice) for choice in inner.get("enum", ()) if choice not in ("", None))


def _filled(path: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda part: SAMPLES.get(part[1], OTHER_SAMPLE), path)


def _curl(schema: dict, where: str, method: str, scope: str, body: dict, recording: bool) -> str:
    words = ["curl", *(["-X", method.upper()] if method not in ("get", "post") or not body else [])]
    words = [word for word in words if (method, word) not in (("get", "-X"), ("get", "GET"))]
    lines = [f"{' '.join(words)} {shlex.quote(where)}"]
    if scope:
        lines.append('-H "Authorization: Bearer $TOKEN"')
    if body:
        example = next(iter(body.get("examples", {}).values()), {}).get("value") or _sample(schema, body["schema"])
        lines += ["-H 'Content-Type: application/json'", f"-d {shlex.quote(json.dumps(example, ensure_ascii=False))}"]
    if recording:
        lines += [f"-H 'Content-Type: {RECORDING}'", "--data-binary @spoken.wav"]
    return " \\\n  ".join(lines)


def _sample(schema: dict, inner: dict) -> object:
    """The least that may be sent."""
    inner = _resolved(schema, inner)
    if "properties" in inner:
        needed = inner.get("required", ())
        return {name: _sample(schema, field) for name, field in inner["properties"].items() if name in needed}
    if "enum" in inner:
        return inner["enum"][0]
    return {"integer": 1, "number": 0.5, "boolean": True, "array": []}.get(inner.get("type"), "…")


def _words(text: str) -> SafeString:
    return mark_safe(_CODE.sub(r"<code>\1</code>", escape(text)))  # noqa: S308 - escaped just now
