"""The command line: python -m generator COMMAND. Status 2 and one sentence on bad input."""

from __future__ import annotations

import argparse
import importlib
import sys
from typing import NoReturn

from generator.brief import BriefError

COMMANDS = ("compose", "interpret", "evaluate", "train", "composers", "corpora", "survey")


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One sentence, without the usage lines that argparse puts before it."""
        print(f"{message[0].upper()}{message[1:].rstrip('.')}.", file=sys.stderr)
        raise SystemExit(2)


def main(arguments: list[str] | None = None) -> int:
    args = _parser().parse_args(arguments)
    command = importlib.import_module(f"generator.commands.{args.command}")
    try:
        return command.run(args)
    except BriefError as wrong:
        print(wrong, file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 1


def _parser() -> Parser:
    parser = Parser(prog="python -m generator", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    for name in COMMANDS:
        module = importlib.import_module(f"generator.commands.{name}")
        module.add_arguments(commands.add_parser(name, help=module.HELP, description=module.__doc__))
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
