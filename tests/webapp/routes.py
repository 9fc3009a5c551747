"""Every address the site answers to, read from the URL configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

# What stands in an address where a test has nothing of the kind: nobody's.
NOTHING = {
    "pair_id": "A" * 22,
    "riddle_id": "A" * 22,
    "key": "no-such-key",
    "uidb36": "1",
    "visit_id": 10**9,
    "token_id": 0,
    "comment_id": 0,
    "name": "none",
}


@dataclass(frozen=True)
class Route:
    name: str  # with its namespace; the pattern where it has no name
    pattern: str
    arguments: tuple[str, ...]

    def filled(self, **known: object) -> dict[str, object]:
        """The arguments of an address; one that no test knows yet is a KeyError with its name."""
        return {name: (NOTHING | known)[name] for name in self.arguments}

    @property
    def is_api(self) -> bool:
        return self.pattern.startswith("api/")

    @property
    def is_admin(self) -> bool:
        return self.pattern.startswith("admin/")


def routes(
    patterns: list | None = None, before: str = "", names: tuple[str, ...] = (), taken: tuple[str, ...] = ()
) -> Iterator[Route]:
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        pattern = before + str(entry.pattern)
        arguments = (*taken, *entry.pattern.converters, *_groups(entry))
        if isinstance(entry, URLResolver):
            inner = (*names, entry.namespace) if entry.namespace else names
            yield from routes(entry.url_patterns, pattern, inner, arguments)
        elif isinstance(entry, URLPattern):
            yield Route(":".join((*names, entry.name)) if entry.name else pattern, pattern, arguments)


def _groups(entry: URLPattern | URLResolver) -> tuple[str, ...]:
    """Names of arguments in a pattern written as a regular expression."""
    regex = getattr(entry.pattern, "_regex", None)
    return tuple(re.findall(r"\(\?P<(\w+)>", regex)) if isinstance(regex, str) else ()
