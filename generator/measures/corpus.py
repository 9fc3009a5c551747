"""The tunes that figures are held against, less those that are excluded. Knows no models."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from generator.abc_files import UnreadableFile, read_rows
from generator.brief import BriefError
from generator.corpora import scored
from generator.encoding import Tune
from generator.notation import NotationError

# Beside the checkout, as the collections are handed out; they are no part of the repository.
USUAL = Path(__file__).resolve().parents[3] / "shared" / "data"
TRAIN, VALID = "tunes-train.jsonl.gz", "tunes-valid.jsonl.gz"


def add_data_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, default=USUAL, metavar="FOLDER", help=f"holds {TRAIN} and {VALID}")


def check_data(folder: Path) -> None:
    """Raises BriefError with a sentence when the collections are not there."""
    if missing := [name for name in (TRAIN, VALID) if not (folder / name).is_file()]:
        raise BriefError({"data": f"The folder {folder} holds no {' and no '.join(missing)}; name one with --data."})


def corpus_tunes(folder: Path) -> tuple[list[Tune], list[Tune]]:
    """Every readable tune of train and of valid, in order. Raises BriefError."""
    check_data(folder)
    try:
        return list(_read(folder / TRAIN)), list(_read(folder / VALID))
    except UnreadableFile as wrong:
        raise BriefError({"data": str(wrong)}) from wrong


def _read(path: Path) -> Iterator[Tune]:
    for row in read_rows(path):
        try:
            yield scored(row)
        except NotationError:
            continue
