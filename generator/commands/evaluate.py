"""`evaluate`: bits per character of a composer on a file of tunes."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from generator.abc_files import UnreadableFile
from generator.brief import DEFAULT_COMPOSER, BriefError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help=".jsonl.gz, .jsonl or .abc")
    parser.add_argument("--composer", default=DEFAULT_COMPOSER)
    parser.add_argument("--checkpoint", type=Path, help="weights to measure in place of the shipped ones")
    parser.add_argument("--json", action="store_true", help="JSON; without it, a sentence")


def run(args: argparse.Namespace) -> int:
    from generator.evaluation import UnknownComposer, evaluate

    try:
        figures = evaluate(args.file, composer=args.composer, checkpoint=args.checkpoint)
    except (UnreadableFile, UnknownComposer) as wrong:
        raise BriefError({"file": str(wrong)}) from wrong
    if args.json:
        print(json.dumps(figures))
    else:
        print(f"{figures['composer']}: {figures['bits_per_character']} bits a character over {figures['tunes']} tunes, "
              f"{figures['excluded']} excluded, in {figures['seconds']} s.")  # fmt: skip
    return 0
