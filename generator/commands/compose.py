"""`compose`: prompts in, tunes out."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace

from generator.brief import DEFAULT_COMPOSER, Brief, BriefError, Conditions, Piece
from generator.validation import conditions_from_dict, key_conditions


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("prompt", help="what it should feel like")
    parser.add_argument("--composer", default=DEFAULT_COMPOSER)
    parser.add_argument("--n", type=int, default=1, help="how many; tune i uses seed S+i")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--key", help="D, Am, Edor, Gmix: tonic and mode together")
    parser.add_argument("--meter", help="6/8")
    parser.add_argument("--rhythm", help="jig")
    parser.add_argument("--bars", type=int)
    parser.add_argument("--form", help="AABB")
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--unmasked", action="store_true", help="raw samples, bar lines not enforced")
    parser.add_argument("--json", action="store_true", help="JSON Lines; without it, ABC")


def run(args: argparse.Namespace) -> int:
    brief = Brief(args.prompt, asked_conditions(args), args.seed, args.composer, args.temperature, not args.unmasked)
    return composed(brief, args.n, as_json=args.json)


def composed(brief: Brief, count: int, *, as_json: bool) -> int:
    """Writes so many tunes to stdout, tune i with seed S+i. Raises BriefError before the first."""
    from generator.pipeline import ComposeFailed, compose
    from generator.validation import check_brief

    if count < 1:
        raise BriefError({"n": "--n must be at least 1."})
    check_brief(replace(brief, seed=brief.seed + count - 1))
    check_brief(brief)
    status = 0
    for index in range(count):
        try:
            *_, piece = compose(replace(brief, seed=brief.seed + index))
        except ComposeFailed as failure:
            print(f"Seed {brief.seed + index}: {failure}", file=sys.stderr)
            status = 1
            continue
        show(piece, as_json=as_json)
    return status


def asked_conditions(args: argparse.Namespace) -> Conditions:
    """The conditions named on the command line. Raises BriefError."""
    key = key_conditions(args.key) if args.key else Conditions()
    given = {"meter": args.meter, "rhythm": args.rhythm, "bars": args.bars, "form": args.form}
    return conditions_from_dict({**given, "key": key.key, "mode": key.mode})


def show(piece: Piece, *, as_json: bool) -> None:
    print(json.dumps(piece.as_dict(), ensure_ascii=False) if as_json else piece.abc, flush=True)
