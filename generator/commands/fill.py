"""`fill`: a tune and the numbers of some bars in, the tune with these bars written anew out."""

from __future__ import annotations

import argparse
import re

from generator.brief import MAX_BARS, BriefError, Given
from generator.commands.given import add_common_arguments, music, write


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_common_arguments(parser)
    # Under a name of its own: --bars is elsewhere the number of bars asked for.
    parser.add_argument("--bars", dest="again", required=True, help="the bars to write again, as in 5-8 or 2,7")


def run(args: argparse.Namespace) -> int:
    return write(args, Given(music(args.file), "fill", bars=bars_of(args.again)))


def bars_of(text: str) -> tuple[int, ...]:
    """`5-8,12` as 5, 6, 7, 8, 12. Raises BriefError."""
    found: set[int] = set()
    for piece in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,4})\s*(?:-\s*(\d{1,4})\s*)?", piece)
        if match is None:
            raise BriefError({"bars": f"{text[:20]!r} names no bars; write 5-8, or 2,7."})
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first:
            raise BriefError({"bars": f"{piece.strip()} runs backwards; write {last}-{first}."})
        found |= set(range(first, min(last, first + MAX_BARS) + 1))
    return tuple(sorted(found))
