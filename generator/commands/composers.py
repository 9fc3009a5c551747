"""`composers`: one line a composer."""

from __future__ import annotations

import argparse
import json

from generator.composers import composer_cards


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="JSON Lines; without it, a table")


def run(args: argparse.Namespace) -> int:
    for card in composer_cards():
        if args.json:
            facts = ("name", "parameters", "trained_on", "bits_per_character")
            print(json.dumps({fact: getattr(card, fact) for fact in facts}, ensure_ascii=False))
        else:
            print(f"{card.name}: {card.title}, {card.parameters:,} weights; {card.trained_on}")
    return 0
