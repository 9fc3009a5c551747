"""`continue`: an opening in, a whole tune out. (A module cannot be called continue: that is a word of Python's own.)"""

from __future__ import annotations

import argparse

from generator.brief import Given
from generator.commands.given import add_common_arguments, music, write


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_common_arguments(parser)
    parser.add_argument("--bars", type=int, help="of the whole tune, the opening counted")
    parser.add_argument("--form", help="AABB")


def run(args: argparse.Namespace) -> int:
    return write(args, Given(music(args.file), "continue"))
