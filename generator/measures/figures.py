"""The figures of any composer's card: shares that parse, whose bars are right, that copy; seconds a tune.

Run as: python -m generator.measures.figures NAME [--n 100] [--seed 0] [--examples FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from generator.brief import TUNE, AttemptRejected, Brief, BriefError, ComposeFailed, Piece
from generator.composers import card_of
from generator.given.reading import read_tune
from generator.measures.gathered import Gathered, soundness
from generator.melody import first_voice
from generator.notation import Score
from generator.novelty import NEAR_DUPLICATE, shipped_index

PROMPTS = (
    "hopeful and full of wonder", "not sad, just tired", "a wild wedding dance", "a rainy harbour at dawn",
    "calm and slow", "angry", "a lullaby for a small child", "homesick", "proud and bright", "lonely in a crowd",
)  # fmt: skip
EXAMPLES = 3


@dataclass
class Made:
    """What came of the same prompts with one seed after another."""

    pieces: list[Piece] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    copied: int = 0  # attempts that were refused for it
    failed: int = 0


def made(name: str, count: int, seed: int) -> Made:
    out = Made()
    for number in range(count):
        began = time.process_time()  # of all threads: what else the machine does is not the composer's
        try:
            piece, reasons = _composed(Brief(PROMPTS[number % len(PROMPTS)], seed=seed + number, composer=name))
        except ComposeFailed:
            out.failed += 1
            continue
        out.pieces.append(piece)
        out.seconds.append(time.process_time() - began)
        out.copied += reasons.count("novelty")
    return out


@dataclass(frozen=True)
class Counted:
    """Shares of what was written; bars of the first voice, where there are several."""

    readable: int
    tries: int
    bars: float  # share of right bars, of those that can be read
    tunes: float  # share of all tries with none wrong
    near: float  # share of near-duplicates, refused ones counted among them


def counted(texts: Sequence[str], *, failed: int, copied: int) -> Counted:
    readable = Gathered(list(_scores(texts)))
    readable.unreadable = len(texts) + failed - len(readable.scores)
    index, sound = shipped_index(), soundness(readable)
    near = sum(index.nearest(score).share > NEAR_DUPLICATE for score in readable.scores) + copied
    tries, known = len(texts) + failed, max(1, len(readable.scores) + copied)
    return Counted(len(readable.scores), tries, sound.bars, sound.tunes, near / known)


def figures(name: str, run: Made) -> dict[str, dict[str, object]]:
    """As they stand in a card."""
    found = counted([piece.abc for piece in run.pieces], failed=run.failed, copied=run.copied)
    middle = sorted(run.seconds)[len(run.seconds) // 2] if run.seconds else None
    refused = f"; {run.copied} more attempts were refused for it" if card_of(name).kind == TUNE else ""
    return {
        "parses": {
            "value": round(found.readable / max(1, found.tries), 4),
            "told": f"{found.readable} of {found.tries} tunes asked for",
        },
        "bars_right": {
            "value": round(found.bars, 4) if found.readable else None,
            "told": f"of those that parse; in {found.tunes:.1%} of all tunes every bar is right",
        },
        "near_duplicates": {
            "value": round(found.near, 4),
            "told": f"of {found.readable} tunes, against our training tunes{refused}",
        },
        "seconds": {
            "value": round(middle, 3) if middle else None,
            "told": f"median of {len(run.seconds)}, processor time",
        },
    }


def examples(pieces: list[Piece]) -> list[dict[str, str]]:
    """The first few, not chosen by ear."""
    return [
        {"title": piece.title or "Untitled", "abc": piece.abc, "told": f"“{piece.prompt}”, seed {piece.seed}"}
        for piece in pieces[:EXAMPLES]
    ]


def _composed(brief: Brief) -> tuple[Piece, list[str]]:
    from generator.pipeline import compose

    reasons = []
    for event in compose(brief):
        if isinstance(event, AttemptRejected):
            reasons.append(event.reason)
        elif isinstance(event, Piece):
            return event, reasons
    raise ComposeFailed("It ended without a piece.")


def _scores(texts: Sequence[str]) -> Iterator[Score]:
    for text in texts:
        try:
            yield read_tune(first_voice(text)).score
        except BriefError:
            continue


def at_least_one(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError("at least one piece of each is needed")
    return count


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m generator.measures.figures", description=__doc__)
    parser.add_argument("composer")
    parser.add_argument("--n", type=at_least_one, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--examples", type=Path, metavar="FILE", help="where to write the first three tunes")
    args = parser.parse_args(arguments)
    try:
        card_of(args.composer)
    except KeyError:
        print(f"There is no composer called {args.composer} here.", file=sys.stderr)
        return 2
    run = made(args.composer, args.n, args.seed)
    print(json.dumps(figures(args.composer, run), ensure_ascii=False, indent=1))
    if args.examples:
        told = json.dumps(examples(run.pieces), ensure_ascii=False, indent=1)
        args.examples.write_text(f"{told}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
