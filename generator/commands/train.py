"""`train`: teaches a composer from a JSON configuration, on a CPU or a CUDA card; resumes where a state is found."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from generator.brief import BriefError
from generator.corpora import BUNDLED_NAME, UnreadableFile, read_corpus

if TYPE_CHECKING:
    from generator.encoding import Tune


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("config", type=Path, help="JSON: composer, model, training")
    parser.add_argument(
        "--data", nargs="+", required=True, metavar="FILE",
        help=f".abc, .jsonl or .jsonl.gz; the word {BUNDLED_NAME} stands for its bundled collections",
    )  # fmt: skip
    parser.add_argument("--valid", nargs="+", metavar="FILE", help="tunes to measure on; without it, a split by family")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="checkpoints; a state there is resumed")


def run(args: argparse.Namespace) -> int:
    from generator.courses import ConfigError, read_configuration
    from generator.training import Trainer

    try:
        configuration = read_configuration(args.config)
        tunes, tests = _tunes(args.data, args.valid)
        args.out.mkdir(parents=True, exist_ok=True)
        trainer = Trainer(configuration.course(tunes, tests), configuration.training, args.out)
        trainer.run()
    except (ConfigError, UnreadableFile) as wrong:
        raise BriefError({"train": str(wrong)}) from wrong
    except OSError as wrong:
        raise BriefError({"out": f"The folder {args.out} cannot be written: {wrong.strerror}."}) from wrong
    print(json.dumps({"composer": configuration.composer, "checkpoint": str(args.out / "model.safetensors"),
                      "tunes": len(tunes), "valid": len(tests), **trainer.record[-1]}))  # fmt: skip
    return 0


def _tunes(data: list[str], valid: list[str] | None) -> tuple[list[Tune], list[Tune]]:
    """Tunes to learn from and tunes to measure on. Raises BriefError when there are none."""
    corpus = read_corpus(data)
    tests = read_corpus(valid).tunes if valid else corpus.split("valid")
    tunes = corpus.tunes if valid else corpus.split("train")
    if not tunes or not tests:
        raise BriefError({"data": "These files hold too few usable tunes to learn from and to measure on."})
    return tunes, tests
