"""`corpora`: reads collections and tells what is kept, what is left out and why, and how it splits by family."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from generator.brief import BriefError
from generator.corpora import BUNDLED_NAME, UnreadableFile, read_corpus


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", nargs="+", default=[BUNDLED_NAME], metavar="FILE",
        help=f".abc, .jsonl or .jsonl.gz; the word {BUNDLED_NAME} (the default) stands for its bundled collections",
    )  # fmt: skip
    parser.add_argument("--list-excluded", type=Path, metavar="FILE", help="write each tune left out, JSON Lines")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write the kept tunes there, one JSONL file a split")
    parser.add_argument("--json", action="store_true", help="accepted for likeness: the summary is always JSON")


def run(args: argparse.Namespace) -> int:
    try:
        corpus = read_corpus(args.data)
    except UnreadableFile as wrong:
        raise BriefError({"data": str(wrong)}) from wrong
    try:
        if args.list_excluded:
            lines = [json.dumps(e.as_dict(), ensure_ascii=False) + "\n" for e in corpus.excluded]
            args.list_excluded.write_text("".join(lines))
        if args.out:
            corpus.write(args.out)
    except OSError as wrong:
        raise BriefError({"out": f"The file {wrong.filename} cannot be written: {wrong.strerror}."}) from wrong
    print(json.dumps(corpus.summary(), ensure_ascii=False))
    return 0
