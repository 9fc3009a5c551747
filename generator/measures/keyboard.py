"""How the composers of notes and chords measure up: python -m generator.measures.keyboard CHECKPOINT... --data DATA.

A line of JSON for the corpus, and one for each checkpoint and each way of drawing from it: the share of pieces that
start on one symbol 32 times over, the share of runs of four symbols that a piece has had before, how many symbols a
piece uses, the share of moves that turn, and the longest stretch that only rises or only falls.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from generator import checkpoints
from generator.keyboard_corpus import read_works
from generator.keyboard_sheets import KEPT
from generator.measures.lines import longest_line, recalls, starts_on_one, turns
from generator.notes_and_chords import pitches_of, symbols_of

_SYMBOLS = 100  # of a piece, as many as the adversarial network writes
_QUARTERS = 64


def main(arguments: list[str] | None = None) -> None:
    args = _parser().parse_args(arguments)
    corpus = [symbols_of(work.notes) for work in read_works(args.data, cache=args.cache)]
    joined = [symbol for piece in corpus for symbol in piece]
    stretches = [joined[start : start + _SYMBOLS] for start in range(0, len(joined) - _SYMBOLS, _SYMBOLS)]
    print(json.dumps({"of": "corpus", **measured(stretches)}))
    for path in args.checkpoints:
        for way, pieces in _pieces(path, args.pieces):
            print(json.dumps({"of": str(path), "way": way, **measured(pieces)}), flush=True)


def measured(pieces: Iterable[Sequence[str]]) -> dict[str, float]:
    cut = [list(piece[:_SYMBOLS]) for piece in pieces if len(piece) >= 2]
    heights = [[max(pitches_of(symbol), default=0) for symbol in piece] for piece in cut]
    return {
        "pieces": len(cut),
        "start_on_one": _mean(starts_on_one(piece) for piece in cut),
        "recalls": _mean(recalls(piece) for piece in cut),
        "symbols_used": _mean(len(set(piece)) for piece in cut),
        "turns": _mean(turns(line) for line in heights),
        "longest_line": _mean(longest_line(line) for line in heights),
    }


def _pieces(path: Path, count: int) -> Iterator[tuple[str, list[list[str]]]]:
    composer = checkpoints.read_metadata(path)["composer"]
    if composer.startswith("gan"):
        from generator.composers.gan import imagined, read

        model, record = read(path)
        yield "noise", [imagined(model, record["symbols"], seed=seed) for seed in range(count)]
    elif composer == "chordnotes":
        from generator.composers import chordnotes_likeliest as likeliest

        model, record = likeliest.read(path)
        for way, heat in (("likeliest", 0.0), ("drawn", 1.0)):
            yield (
                way,
                [likeliest.gone_on(model, record, seed=s, count=_SYMBOLS, temperature=heat) for s in range(count)],
            )
    else:
        from generator.composers.chordnotes_mended import read, sampled

        model = read(path)
        performances = [sampled(model, seed=seed, temperature=1.0, quarters=_QUARTERS) for seed in range(count)]
        yield "drawn", [symbols_of(notes) for notes in performances]


def _mean(values: Iterable[float]) -> float:
    return round(float(np.mean(list(values))), 4)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m generator.measures.keyboard", description=__doc__)
    parser.add_argument("checkpoints", nargs="*", type=Path)
    parser.add_argument("--data", nargs="+", default=["music21"])
    parser.add_argument("--cache", type=Path, default=KEPT, help="where parsed works are kept")
    parser.add_argument("--pieces", type=int, default=20, help="of each checkpoint")
    return parser


if __name__ == "__main__":
    main()
