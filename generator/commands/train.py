"""`train`: teaches a composer from a JSON configuration, on a CPU or a CUDA card; resumes where a state is found."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from generator.brief import BriefError
from generator.corpora import BUNDLED_NAME, UnreadableFile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("config", type=Path, help="JSON: composer, model, training")
    parser.add_argument(
        "--data", nargs="+", required=True, metavar="FILE",
        help=f".abc, .jsonl or .jsonl.gz; MIDI files and folders of them for the composers that read MIDI; the word "
             f"{BUNDLED_NAME} stands for its bundled collections",
    )  # fmt: skip
    parser.add_argument("--valid", nargs="+", metavar="FILE", help="tunes to measure on; without it, a split by family")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="checkpoints; a state there is resumed")


def run(args: argparse.Namespace) -> int:
    from generator.courses import ConfigError, read_configuration

    try:
        configuration = read_configuration(args.config)
        args.out.mkdir(parents=True, exist_ok=True)
        record = configuration.train(args.data, args.valid, args.out)
    except (ConfigError, UnreadableFile) as wrong:
        raise BriefError({"train": str(wrong)}) from wrong
    except OSError as wrong:
        raise BriefError({"out": f"The folder {args.out} cannot be written: {wrong.strerror}."}) from wrong
    print(json.dumps({"composer": configuration.composer, "checkpoint": str(args.out / "model.safetensors"), **record}))
    return 0
