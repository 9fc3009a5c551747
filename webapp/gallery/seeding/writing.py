"""Writes many rows of a model, as fast as the database takes them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import Field, Model


def rows_written(rows: Sequence[Model]) -> None:
    """What bulk_create does; PostgreSQL's COPY takes the same values in half the time. New keys are not read back."""
    if not rows:
        return
    model = type(rows[0])
    if connection.vendor == "postgresql":
        _copied(model, rows)
    else:
        model.objects.bulk_create(rows)


def _copied(model: type[Model], rows: Sequence[Model]) -> None:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key or rows[0].pk is not None]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    with connection.cursor() as cursor, cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([_value(field, row) for field in fields])


def _value(field: Field, row: Model) -> object:
    return field.get_db_prep_save(field.pre_save(row, add=True), connection)
