"""`survey`: composes for many prompts and counts what came out, abc2midi's opinion included."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections import Counter
from pathlib import Path

from generator.brief import DEFAULT_COMPOSER, AttemptRejected, Brief, BriefError, Conditions, NotesAdded, Piece
from generator.validation import check_brief


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("prompts", type=Path, help="a JSON list of prompts, or of objects with a text")
    parser.add_argument("--n", type=int, default=200, help="tunes in all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--composer", default=DEFAULT_COMPOSER)
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--unmasked", action="store_true")
    parser.add_argument("--out", type=Path, help="where to write the pieces, JSON Lines")


def run(args: argparse.Namespace) -> int:
    briefs = _briefs(args)
    began, pieces, rejected = time.perf_counter(), [], Counter()
    for brief in briefs:
        piece, reasons = _composed(brief)
        rejected.update(reasons)
        pieces += [piece] if piece else []
    if args.out:
        args.out.write_text("".join(json.dumps(p.as_dict(), ensure_ascii=False) + "\n" for p in pieces))
    print(json.dumps(_report(pieces, rejected, args.n, time.perf_counter() - began), ensure_ascii=False))
    return 0


def _briefs(args: argparse.Namespace) -> list[Brief]:
    """One for each tune, the prompts taken in turn. Raises BriefError before the first note is written."""
    if args.n < 1:
        raise BriefError({"n": "--n must be at least 1."})
    prompts = _prompts(args.prompts)
    briefs = [
        Brief(prompts[index % len(prompts)], Conditions(), args.seed + index, args.composer, args.temperature,
              not args.unmasked) for index in range(args.n)
    ]  # fmt: skip
    for brief in {brief.prompt: brief for brief in briefs}.values():
        check_brief(brief)
    return briefs


def _prompts(path: Path) -> list[str]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        prompts = [row["text"] if isinstance(row, dict) else row for row in rows]
    except (OSError, ValueError, TypeError, KeyError):
        prompts = []
    if not prompts or not isinstance(rows, list):
        raise BriefError({"prompts": f"{path} is not a JSON list of prompts."})
    return prompts


def _composed(brief: Brief) -> tuple[Piece | None, list[str]]:
    from generator.pipeline import ComposeFailed, compose

    reasons: list[str] = []
    try:
        for event in compose(brief):
            if isinstance(event, AttemptRejected):
                reasons.append(event.reason)
            elif not isinstance(event, NotesAdded):
                return event, reasons
    except ComposeFailed as failure:
        print(f"seed {brief.seed}: {failure}", file=sys.stderr)
    return None, reasons


def _report(pieces: list[Piece], rejected: Counter, asked: int, seconds: float) -> dict:
    from generator.midi import abc2midi_warnings

    if not pieces:
        return {"asked": asked, "composed": 0, "rejected_attempts": dict(rejected), "seconds": round(seconds, 1)}
    warned = [piece.seed for piece in pieces if abc2midi_warnings(piece.abc)]
    bars = [piece.checks["bars"].value for piece in pieces]
    return {
        "asked": asked,
        "composed": len(pieces),
        "rejected_attempts": dict(rejected),
        "abc2midi_warned_seeds": warned,
        "bars_right": statistics.mean(p.checks["bars_right"].value for p in pieces),
        "tunes_right": statistics.mean(p.checks["bars_right"].ok for p in pieces),
        "repeats_closed": statistics.mean(p.checks["repeats_closed"].ok for p in pieces),
        "ends_on_tonic": statistics.mean(p.checks["ends_on_tonic"].ok for p in pieces),
        "bars_min": min(bars),
        "bars_max": max(bars),
        "chords_in_every_bar": statistics.mean(p.checks["chords"].ok for p in pieces),
        "near_duplicates": sum(not p.checks["novelty"].ok for p in pieces),
        "largest_share": max(p.checks["novelty"].value["share"] for p in pieces),
        "chord_fit": round(statistics.mean(chord_fit(p) for p in pieces), 4),
        "seconds": round(seconds, 1),
    }


def chord_fit(piece: Piece) -> float:
    """The share of notes on strong beats that belong to the sounding chord."""
    from generator.chord_fit import share_on_chord

    return share_on_chord(piece.abc)
