"""`vary`: a tune in, another version of it out."""

from __future__ import annotations

import argparse

from generator.brief import Given
from generator.commands.given import add_common_arguments, music, write


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_common_arguments(parser)
    parser.add_argument("--strength", type=float, default=0.5, help="0 to 1: the share of bars written anew")


def run(args: argparse.Namespace) -> int:
    return write(args, Given(music(args.file), "vary", strength=args.strength))
