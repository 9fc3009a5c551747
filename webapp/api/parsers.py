"""JSON as small as a brief is; larger or endlessly nested bodies are turned away before they cost anything."""

from __future__ import annotations

import io
from typing import IO

from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

LARGEST_BODY = 64 * 1024


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE


class SmallJSONParser(JSONParser):
    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: dict | None = None) -> object:
        text = stream.read(LARGEST_BODY + 1)
        if len(text) > LARGEST_BODY:
            raise TooLarge
        try:
            return super().parse(io.BytesIO(text), media_type, parser_context)
        except (RecursionError, LookupError) as error:
            raise ParseError from error
