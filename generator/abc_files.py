"""Reads collections from disk, ABC or JSON Lines, into one shape of row; judges no tune and knows no models."""

from __future__ import annotations

import gzip
import importlib.util
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Folders of music21's own corpus that hold public-domain dance tunes as ABC. Its Essen songs stay away: their
# terms are non-commercial.
BUNDLED = {
    "oneills1850": ("oneills", "irish"),
    "ryansMammoth": ("ryans", "american"),
    "airdsAirs": ("airds", "scottish"),
    "miscFolk": ("miscfolk", ""),
    "nottingham-dataset": ("nottingham", "english"),
}
_FIELD = re.compile(r"([A-Za-z+]):(.*)")


class UnreadableFile(ValueError):
    """A file that is missing or is no collection; the message is a sentence."""


@dataclass(frozen=True)
class Row:
    """One tune as its collection has it. `fields` is None where a line is no JSON object."""

    where: str  # file and line, or file and X number
    text: str  # as found
    fields: dict | None


def read_rows(path: Path) -> Iterator[Row]:
    """Every tune of a file. Raises UnreadableFile."""
    content = _content(path)
    return _abc_rows(path, content) if path.name.endswith(".abc") else _json_rows(path, content)


def bundled_rows() -> Iterator[Row]:
    """Every tune of music21's bundled collections, read as text: music21 itself is not imported."""
    spec = importlib.util.find_spec("music21")
    if spec is None or not spec.submodule_search_locations:
        raise UnreadableFile("The package music21 is not installed, so its collections cannot be read.")
    corpus = Path(spec.submodule_search_locations[0]) / "corpus"
    for folder, (source, tradition) in BUNDLED.items():
        for path in sorted((corpus / folder).glob("*.abc")):
            for row in read_rows(path):
                yield Row(row.where, row.text, {**(row.fields or {}), "source": source, "tradition": tradition})


def _content(path: Path) -> str:
    try:
        raw = path.read_bytes()
        if path.name.endswith(".gz"):
            raw = gzip.decompress(raw)
    except (OSError, EOFError, ValueError, zlib.error) as wrong:
        reason = getattr(wrong, "strerror", None) or "it is damaged"
        raise UnreadableFile(f"The file {path} cannot be read: {reason}.") from wrong
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _json_rows(path: Path, content: str) -> Iterator[Row]:
    # Only a line feed ends a line here: a title may hold any of the other characters that splitlines() cuts at.
    for number, line in enumerate(content.split("\n"), 1):
        if line.strip():
            yield Row(f"{path.name}:{number}", line, _json_object(line))


def _json_object(line: str) -> dict | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _abc_rows(path: Path, content: str) -> Iterator[Row]:
    blocks = re.split(r"^(?=X:)", content.replace("\r", ""), flags=re.MULTILINE)
    shared = _header(blocks[0])[0] if not blocks[0].startswith("X:") else {}
    for block in blocks:
        if block.startswith("X:"):
            header, body = _header(block)
            fields = {**{name: shared[name] for name in "MLR" if name in shared}, **header}
            text = block.split("\n\n")[0]
            yield Row(f"{path.name} X:{fields['X']}", text, _row_fields(fields, body, path.stem))


def _header(block: str) -> tuple[dict[str, str], str]:
    """The fields up to K, the first of each, and the lines after them up to an empty one."""
    fields: dict[str, str] = {}
    lines = block.split("\n")
    for index, line in enumerate(lines):
        if match := _FIELD.match(line):
            fields.setdefault(match[1], match[2].split("%")[0].strip())
            if match[1] == "K":
                body = lines[index + 1 :]
                end = next((i for i, text in enumerate(body) if i and not text.strip()), len(body))
                return fields, "\n".join(body[:end])
    return fields, ""


def _row_fields(fields: dict[str, str], body: str, source: str) -> dict[str, str]:
    row = {"source": source, "title": fields.get("T", ""), "R": fields.get("R", ""), "abc": body}
    return {**row, **{name: fields[name] for name in "MLK" if name in fields}}
