"""`make bench-music`: composes, measures and prints two tables: every composer that ships, and ours beside its peer.

Run as: python -m generator.measures [--data FOLDER] [--out FOLDER] [--n N] [--quick]
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from generator.brief import DEFAULT_COMPOSER, Brief, BriefError, ComposerCard
from generator.composers import checkpoint_id, checkpoint_path
from generator.encoding import corpus_places, named_by_ear
from generator.measures.composing import code_id, composed, pieces, sampled_by_peer
from generator.measures.corpus import VALID, add_data_argument, check_data, corpus_tunes
from generator.measures.drawn import asked_of, drawn_briefs, mood_briefs
from generator.measures.figures import at_least_one
from generator.measures.gathered import Gathered, gathered

PEER = "folkrnn"
_KEPT = Path(__file__).resolve().parents[2] / "var" / "bench-music"
_SIZES = {"shipped": 2000, "unmasked": 500, "pairs": 100}
_QUICK = {"shipped": 24, "unmasked": 12, "pairs": 5}
_QUICK_LINES = 40  # of tunes-valid, for bits per character
_EACH, _QUICK_EACH = 40, 2  # pieces of every composer for the first table


def main(arguments: list[str] | None = None) -> int:
    args = _arguments(arguments)
    try:
        check_data(args.data)
        _measure(args)
    except BriefError as wrong:
        print(wrong, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"Stopped; the same command goes on from {args.out}.", file=sys.stderr)
        return 130
    return 0


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m generator.measures", description=__doc__)
    add_data_argument(parser)
    parser.add_argument("--out", type=Path, default=_KEPT, metavar="FOLDER", help="keeps the pieces; a cut run goes on")
    parser.add_argument("--n", type=at_least_one, help=f"pieces of every composer for the first table: {_EACH}")
    parser.add_argument("--quick", action="store_true", help="a few pieces, to see that all of it works")
    parser.add_argument("--peer", type=Path, help=f"a checkpoint of {PEER} in place of the shipped one")
    parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--seed", type=int, default=20_000)
    return parser.parse_args(arguments)


def _measure(args: argparse.Namespace) -> None:
    from generator.measures import everybody, table

    bits = partial(_bits_of, args, {})
    print(everybody.HEADING, flush=True)
    asking = everybody.Asking(args.n or (_QUICK_EACH if args.quick else _EACH), args.seed, args.out)
    for row in everybody.rows(asking, partial(_bits_or_none, bits)):
        _show(row())
    corpus = table.Corpus(*corpus_tunes(args.data))
    print(f"\n{table.HEADING}", flush=True)
    _show(_bits_row(bits(DEFAULT_COMPOSER), _bits_of_peer(args)))
    briefs, peer = _briefs(args, corpus), _peer(args)
    unmasked, shipped, pairs = (_ours(args, name, briefs[name]) for name in ("unmasked", "shipped", "pairs"))
    theirs = _theirs(args, briefs["shipped"], peer) if peer else None
    _show(*table.sound_rows(unmasked, shipped, theirs, corpus))
    _show(*table.obeyed_rows(shipped, theirs, corpus))
    _show(table.chord_row(shipped, corpus))
    _show(*table.novelty_rows(shipped, theirs))
    _show(*table.distribution_rows(shipped, theirs, corpus))
    _show(*table.texture_rows(shipped, theirs, corpus))
    _show(table.mood_row(pairs))


def _show(*rows: object) -> None:
    print("\n".join(map(str, rows)), flush=True)


def _briefs(args: argparse.Namespace, corpus: object) -> dict[str, list[Brief]]:
    sizes = _QUICK if args.quick else _SIZES
    places = corpus_places([named_by_ear(tune) for tune in corpus.train])
    drawn = partial(drawn_briefs, [asked_of(tune, places) for tune in corpus.valid])
    return {
        "shipped": drawn(count=sizes["shipped"], seed=args.seed),
        "unmasked": drawn(count=sizes["unmasked"], seed=args.seed + 1_000_000, masked=False),
        "pairs": mood_briefs(pairs=sizes["pairs"], seed=args.seed + 2_000_000),
    }


def _ours(args: argparse.Namespace, name: str, briefs: list[Brief]) -> Gathered:
    kept = args.out / f"{name}-{checkpoint_id(DEFAULT_COMPOSER)}-{code_id()}.jsonl"
    return gathered(pieces(briefs, composed, kept, processes=args.processes))


def _peer(args: argparse.Namespace) -> Path | None:
    path = args.peer or checkpoint_path(PEER)
    if args.peer and not path.is_file():
        raise BriefError({"peer": f"There is no checkpoint {path}."})
    return path if path.is_file() else None


def _theirs(args: argparse.Namespace, briefs: list[Brief], peer: Path) -> Gathered:
    kept = args.out / f"{PEER}-{hashlib.sha256(peer.read_bytes()).hexdigest()[:10]}-{code_id()}.jsonl"
    return gathered(pieces(briefs, partial(sampled_by_peer, peer), kept, processes=args.processes))


def _bits_of(args: argparse.Namespace, known: dict[str, dict], composer: str) -> dict:
    if composer not in known:
        known[composer] = _evaluated(args, composer=composer)
    return known[composer]


def _bits_or_none(bits: Callable[[str], dict], card: ComposerCard) -> float | None:
    """None for all that gives canonical text no probability: notes, chords, raw text."""
    from generator.evaluation import UnknownComposer

    if card.bits_per_character is None:
        return None
    try:
        return bits(card.name)["bits_per_character"]
    except UnknownComposer:
        return None


def _bits_of_peer(args: argparse.Namespace) -> dict | None:
    peer = _peer(args)
    return _evaluated(args, checkpoint=peer) if peer else None


def _evaluated(args: argparse.Namespace, **which: object) -> dict:
    from generator.evaluation import evaluate

    with tempfile.TemporaryDirectory() as folder:
        file = _some_lines(args.data / VALID, Path(folder)) if args.quick else args.data / VALID
        return evaluate(file, **which)


def _bits_row(ours: dict, theirs: dict | None) -> object:
    from generator.measures.table import NONE, Row

    figure = f"bits per character, {ours['tunes']} tunes of tunes-valid, {ours['excluded']} lines excluded"
    if not theirs:
        return Row(figure, str(ours["bits_per_character"]), NONE, NONE, "≤ .90 × folkrnn")
    ratio = ours["bits_per_character"] / theirs["bits_per_character"]
    return Row(figure, f"{ours['bits_per_character']} (× {ratio:.3f})", str(theirs["bits_per_character"]), NONE,
               "≤ .90 × folkrnn")  # fmt: skip


def _some_lines(path: Path, folder: Path) -> Path:
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)[:_QUICK_LINES]
    (folder / VALID).write_bytes(gzip.compress(b"".join(lines)))
    return folder / VALID


if __name__ == "__main__":
    sys.exit(main())
