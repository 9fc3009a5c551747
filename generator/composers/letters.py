"""Raw ABC as the accounts' networks read it: collections as one text, and tunes cut out of a sampled one. No models."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from generator.abc_files import Row, bundled_rows, read_rows
from generator.corpora import BUNDLED_NAME

_START = re.compile(r"^X:", re.MULTILINE)
_LINES_END = re.compile(r"\n\s*\n")


def rows_of(files: Iterable[str], source: str = "") -> list[Row]:
    """The rows that hold a tune, those of one collection where it is named. Raises UnreadableFile."""
    rows = [row for name in files for row in (bundled_rows() if name == BUNDLED_NAME else read_rows(Path(name)))]
    return [row for row in rows if _has_tune(row) and source in ("", row.fields.get("source"))]


def _has_tune(row: Row) -> bool:
    return row.fields is not None and all(isinstance(row.fields.get(name), str) for name in ("abc", "M", "K"))


def raw_tune(number: int, fields: dict) -> str:
    """A tune with its headers, as a collection in ABC has it; an empty line ends it."""
    named = {"X": str(number), "T": fields.get("title") or f"No. {number}",
             **{name: fields[name] for name in ("M", "L", "K") if fields.get(name)}}  # fmt: skip
    head = "".join(f"{name}:{_one_line(text)}\n" for name, text in named.items())
    return f"{head}{_LINES_END.sub(chr(10), fields['abc'].strip())}\n\n"


def _one_line(text: str) -> str:
    return " ".join(str(text).split())


def raw_text(rows: Iterable[Row]) -> str:
    """A collection as one text, its tunes numbered from one."""
    return "".join(raw_tune(number, row.fields) for number, row in enumerate(rows, 1))


def tunes_in(text: str) -> list[str]:
    """What stands from each X: to the next, or to an empty line. What precedes the first X: is no tune."""
    starts = [match.start() for match in _START.finditer(text)]
    return [_LINES_END.split(text[a:b])[0] + "\n" for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
