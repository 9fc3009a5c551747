"""The shape of a page of a list, for the schema."""

from __future__ import annotations

from functools import cache

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers


@cache
def page_serializer(row: type[serializers.Serializer]) -> serializers.Serializer:
    name = row.__name__.removesuffix("Serializer")
    following = serializers.URLField(allow_null=True, help_text="The address of the next page; null on the last.")
    return inline_serializer(name=f"PageOf{name}", fields={"next": following, "results": row(many=True)})
