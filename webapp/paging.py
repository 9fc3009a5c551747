"""Pages by keyset: newest first, from just after a signed cursor, so that a far page costs what the first does."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.http import Http404
from django.utils.dateparse import parse_datetime

Row = TypeVar("Row", bound=Model)


class Cursor:
    """For rows ordered by one column and then by their key, both falling."""

    def __init__(self, name: str, column: str) -> None:
        self.salt = f"cursor:{name}"
        self.column = column

    def page(self, rows: QuerySet[Row], after: str, size: int) -> tuple[list[Row], str]:
        """A page and the cursor of the next one, "" on the last. Raises Http404 for a cursor that is not ours."""
        rows = rows.order_by(f"-{self.column}", "-pk")
        if after:
            value, pk = self._read(after)
            rows = rows.filter(Q(**{f"{self.column}__lt": value}) | Q(**{self.column: value, "pk__lt": pk}))
        page = list(rows[: size + 1])
        more = len(page) > size
        return page[:size], self._after(page[size - 1]) if more else ""

    def _after(self, row: Model) -> str:
        return signed_place(getattr(row, self.column), row.pk, salt=self.salt)

    def _read(self, cursor: str) -> tuple[object, object]:
        value, pk = place_of(cursor, salt=self.salt)
        return value, pk


def signed_place(value: object, *rest: object, salt: str) -> str:
    """A row's place in an order: its value there, which may be a moment, and what else tells it from others."""
    return signing.dumps([value.isoformat() if isinstance(value, datetime) else value, *rest], salt=salt)


def place_of(cursor: str, *, salt: str) -> tuple:
    """Raises Http404 for a cursor that is not ours."""
    try:
        value, *rest = signing.loads(cursor, salt=salt)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Http404("There is no such page.") from error
    return parse_datetime(value) if isinstance(value, str) else value, *rest
