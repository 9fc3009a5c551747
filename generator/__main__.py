"""The command line: python -m generator COMMAND. Status 2 and one sentence on bad input."""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
from typing import NoReturn

from generator.brief import BriefError

# Told here and not in the commands' own modules, so that help for one need not load what all of them need.
COMMANDS = {
    "compose": "compose tunes for a prompt",
    "continue": "go on from a given opening",
    "vary": "write another version of a given tune",
    "fill": "write some bars of a given tune again",
    "harmonise": "find chords for a given melody",
    "interpret": "say what is understood of a prompt",
    "evaluate": "measure bits per character on a file of tunes",
    "train": "train a composer, or go on where it stopped",
    "composers": "list the composers",
    "corpora": "read, clean, dedupe and split collections of tunes",
    "survey": "compose for a file of prompts and report how the tunes measure up",
}
_MODULES = {"continue": "resume"}  # a module cannot bear the name of a word of Python's own
_LONGEST_MESSAGE = 300


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One sentence, without the usage lines that argparse puts before it."""
        self.exit(2, sentence(message) + "\n")


def main(arguments: list[str] | None = None) -> int:
    arguments = sys.argv[1:] if arguments is None else arguments
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # titles come in any script, whatever the terminal's locale
    first = next((word for word in arguments if not word.startswith("-")), None)
    chosen = first if first in COMMANDS else None
    command = importlib.import_module(f"generator.commands.{_MODULES.get(chosen, chosen)}") if chosen else None
    args = _parser(chosen, command).parse_args(arguments)
    return _run(command, args)


def _run(command: object, args: argparse.Namespace) -> int:
    try:
        status = command.run(args)
        sys.stdout.flush()
        return status
    except BriefError as wrong:
        print(sentence(next(iter(wrong.fields.values()))), file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes once more on its way out
        return 1
    except (OSError, ImportError) as fault:
        print(sentence(str(fault)), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def sentence(message: str) -> str:
    """On one line, of bearable length, with a capital and a full stop."""
    line = " ".join(message.split()) or "Something went wrong"
    line = line if len(line) <= _LONGEST_MESSAGE else line[:_LONGEST_MESSAGE] + "…"
    return f"{line[0].upper()}{line[1:].rstrip('.')}."


def _parser(chosen: str | None, command: object) -> Parser:
    """All commands by name; arguments only for the one that is chosen."""
    parser = Parser(prog="python -m generator", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    for name, purpose in COMMANDS.items():
        one = commands.add_parser(name, help=purpose, description=command.__doc__ if name == chosen else purpose)
        if name == chosen:
            command.add_arguments(one)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
