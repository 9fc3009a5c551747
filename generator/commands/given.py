"""What `continue`, `vary` and `fill` share: music from a file or from stdin, tunes out as `compose` writes them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from generator.brief import DEFAULT_COMPOSER, Brief, BriefError, Given
from generator.commands.compose import asked_conditions, composed

_MOST_BYTES = 1_000_000


def add_common_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="a tune in ABC notation; - reads it from stdin")
    parser.add_argument("--prompt", default="", help="what it should feel like; none is needed")
    parser.add_argument("--composer", default=DEFAULT_COMPOSER)
    parser.add_argument("--n", type=int, default=1, help="how many; tune i uses seed S+i")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--json", action="store_true", help="JSON Lines; without it, ABC")
    parser.set_defaults(key=None, meter=None, rhythm=None, bars=None, form=None)


def music(file: str) -> str:
    """The text of a file, or of stdin. Raises BriefError."""
    try:
        raw = sys.stdin.buffer.read(_MOST_BYTES + 1) if file == "-" else _start_of(Path(file))
    except OSError as wrong:
        raise BriefError({"abc": f"The file {file} cannot be read: {wrong.strerror or wrong}."}) from wrong
    if len(raw) > _MOST_BYTES:
        raise BriefError({"abc": f"There are more than {_MOST_BYTES} bytes in it, and a tune has a few hundred."})
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _start_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MOST_BYTES + 1)


def write(args: argparse.Namespace, given: Given) -> int:
    conditions = asked_conditions(args)
    brief = Brief(args.prompt, conditions, args.seed, args.composer, args.temperature, given=given)
    return composed(brief, args.n, as_json=args.json)
