"""`interpret`: what is understood of a prompt."""

from __future__ import annotations

import argparse
import json

from generator.brief import Brief
from generator.prompts import interpret
from generator.validation import check_brief


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("prompt")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="JSON; without it, a sentence")


def run(args: argparse.Namespace) -> int:
    check_brief(Brief(args.prompt, seed=args.seed))
    reading = interpret(args.prompt, seed=args.seed)
    if args.json:
        print(json.dumps(reading.as_dict(), ensure_ascii=False))
        return 0
    c = reading.conditions
    words = ", ".join(("not " if k.negated else "") + k.text for k in reading.keywords) or "no feeling words"
    print(f"Heard: {words}. Feeling {reading.valence:+.2f}, {reading.arousal:+.2f}. {reading.styles[0].name}: "
          f"{' '.join(reading.styles[0].progression)}, a {c.rhythm} in {c.key} {c.mode}, {c.meter}.")  # fmt: skip
    return 0
