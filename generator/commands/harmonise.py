"""`harmonise`: a melody in, the same melody with fitting chords out."""

from __future__ import annotations

import argparse
import json
import sys

from generator.commands.given import music


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="a tune in ABC notation; - reads it from stdin")
    parser.add_argument("--style", help="a chord style, as `interpret` names them")
    parser.add_argument("--json", action="store_true", help="one JSON line; without it, ABC")


def run(args: argparse.Namespace) -> int:
    from generator.given.chording import harmonised

    found = harmonised(music(args.file), args.style)
    line = {"abc": found.abc, "style": args.style, "chords": list(found.chords), "chord_fit": found.fit}
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n" if args.json else found.abc.rstrip("\n") + "\n")
    return 0
