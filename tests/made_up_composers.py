"""Composers' files of a folder of our own, beside those that are shipped."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from generator import composers, playing, stories

_SHIPPED = Path(composers.__file__).parent
_KNOWN = (
    composers.composer_names, composers._kind, composers._card, composers.checkpoint_id, composers._read,
    stories.composer_story, playing._read,
)  # fmt: skip


@contextmanager
def composers_folder() -> Iterator[Path]:
    """What is put into it is as if it were shipped; after the first question, once we look again."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path in _SHIPPED.glob("*.*"):
            (folder / path.name).symlink_to(path)
        with patch.object(composers, "_FOLDER", folder), patch.object(stories, "_FOLDER", folder):
            look_again()
            try:
                yield folder
            finally:
                look_again()


def look_again() -> None:
    """What was known of the composers is asked for anew."""
    for known in _KNOWN:
        known.cache_clear()


def put_card(folder: Path, name: str, **told: object) -> None:
    """In place of a shipped one's where there is one."""
    path = folder / f"{name}.card.json"
    path.unlink(missing_ok=True)
    card = {"title": name.title(), "summary": "It is made up.", "parameters": 1, "trained_on": "little"}
    path.write_text(json.dumps(card | {"bits_per_character": None} | told))
