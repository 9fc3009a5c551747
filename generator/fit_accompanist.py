"""Fits the accompanist to the tunes that people chorded and writes accompanist.npz; or measures it on other tunes.

`python -m generator.fit_accompanist TRAIN.jsonl.gz ...` fits, `python -m generator.fit_accompanist --measure VALID...`
measures. The same files and release of PyTorch give the same weights.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from generator.abc_files import read_rows
from generator.accompanist import FITTED_PATH, PLACES, START, Accompanist, Heard, chords_of, heard, shipped
from generator.chord_fit import fit_of
from generator.chord_ids import STATES
from generator.corpora import scored
from generator.encoding import human_chords
from generator.given.bars import with_chords
from generator.harmony import played_as
from generator.notation import ChordSymbol, NotationError, Score, tonic_pitch_class
from generator.structure import bar_spans

WIDTH, DROPOUT, RATE, DECAY, PASSES, BATCH = 128, 0.35, 3e-3, 0.05, 16, 256
_EVERY = 8.0  # bars that the chord's own share counts for beside the moves seen


def chorded_tunes(paths: Iterable[Path]) -> list[Score]:
    """Those with a chord symbol in at least half of their bars."""
    scores = []
    for path in paths:
        for row in read_rows(path):
            try:
                score = scored(row).score
            except NotationError:
                continue  # `corpora` counts and lists these
            if score != score.without_chords() and human_chords(bar_spans(score), 0) is not None:
                scores.append(score)
    return scores


def lesson(score: Score) -> tuple[Heard, np.ndarray]:
    """The bars from the first chord on, and the states of their halves.  # (bars, 2)"""
    spans = bar_spans(score)
    tune = heard(score, spans)
    chords = np.array(human_chords(spans, tonic_pitch_class(score.key)))[tune.indices]
    told = chords.min(-1) > 0
    indices = [index for index, known in zip(tune.indices, told, strict=True) if known]
    places = [place for place, known in zip(tune.places, told, strict=True) if known]
    return Heard(tune.features[told], places, indices), chords[told] - 1


def move_scores(lessons: Iterable[tuple[Heard, np.ndarray]]) -> np.ndarray:
    """How much likelier each chord is after another than anyway at that place, in nats.  # (2, places, from, to)"""
    counts = np.zeros((2, len(PLACES), STATES + 1, STATES))
    for tune, states in lessons:
        before = START
        for place, bar in zip(tune.places, states, strict=True):
            for second in (0, 1):
                counts[second, place, before, bar[second]] += 1
                before = bar[second]
    every = _shares(counts.sum((0, 1, 2)) + 0.5)
    anyway = _backed(counts.sum((0, 2)), every)[None, :, None]  # (1, places, 1, to)
    after = _backed(counts.sum(1, keepdims=True), every)  # (2, 1, from, to)
    return np.log(_backed(counts, (after + anyway) / 2)) - np.log(anyway)


def _shares(counts: np.ndarray) -> np.ndarray:
    return counts / counts.sum(-1, keepdims=True)


def _backed(counts: np.ndarray, wide: np.ndarray) -> np.ndarray:
    return (counts + _EVERY * wide) / (counts.sum(-1, keepdims=True) + _EVERY)


def fitted(lessons: list[tuple[Heard, np.ndarray]], *, seed: int = 0) -> Accompanist:
    import torch
    from torch import nn
    from torch.nn import functional as F

    torch.manual_seed(seed)
    x = torch.tensor(np.concatenate([tune.features for tune, _ in lessons]), dtype=torch.float32)
    y = torch.tensor(np.concatenate([states for _, states in lessons]))
    net = nn.Sequential(nn.Linear(x.shape[1], WIDTH), nn.ReLU(), nn.Dropout(DROPOUT), nn.Linear(WIDTH, 2 * STATES))
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    steps = PASSES * len(x) // BATCH + 1
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps)
    for _ in range(steps):
        chosen = torch.randint(len(x), (BATCH,))
        loss = F.cross_entropy(net(x[chosen]).view(-1, STATES), y[chosen].view(-1))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    first, _, _, last = net
    layers = (first.weight.T, first.bias, last.weight.T, last.bias)
    return Accompanist(tuple(layer.detach().numpy().astype(np.float64) for layer in layers), move_scores(lessons))


def measured(player: Accompanist, scores: list[Score], *, seed: int = 0) -> dict[str, float]:
    """Agreement with the human chords by bar, and the chord fit of theirs, ours, and ours shuffled among the bars."""
    first = root = both = bars = 0
    fits: dict[str, list[float]] = {"human": [], "ours": [], "shuffled": []}
    rng = np.random.default_rng(seed)
    for score in scores:
        tune, theirs = lesson(score)
        whole = heard(score, bar_spans(score))
        ours = dict(zip(whole.indices, player.states(whole, tonics=range(STATES)), strict=True))
        found = np.array([ours[index] for index in tune.indices])
        bars, first, root = bars + len(found), first + (found == theirs)[:, 0].sum(), root + _roots(found, theirs)
        both += (found == theirs).all(1).sum()
        bare = score.without_chords()
        laid = chords_of(bare, player=player)
        mixed = [laid[index] for index in whole.indices]
        order = iter(rng.permutation(len(mixed)))
        shuffled = [mixed[next(order)] if index in whole.indices else () for index in range(len(laid))]
        for name, one in (("ours", laid), ("shuffled", shuffled)):
            fits[name].append(fit_of(with_chords(bare, one)))
        fits["human"].append(fit_of(_plain(score)))
    shares = {"first": first / bars, "root": root / bars, "both": both / bars}
    return {"tunes": len(scores), "bars": bars, **{name: round(float(share), 4) for name, share in shares.items()},
            **{f"fit_{name}": round(float(np.mean(values)), 4) for name, values in fits.items()}}  # fmt: skip


def _plain(score: Score) -> Score:
    """Its chords as those of the written kinds; the few that nobody can read are left out."""
    symbols = [
        ChordSymbol(played_as(symbol.text) or "") if isinstance(symbol, ChordSymbol) else symbol
        for symbol in score.symbols
    ]
    return Score(score.meter, score.key, tuple(symbol for symbol in symbols if symbol != ChordSymbol("")))


def _roots(found: np.ndarray, theirs: np.ndarray) -> int:
    return int((found[:, 0] // 4 == theirs[:, 0] // 4).sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--measure", action="store_true", help="measure what is shipped; write nothing")
    args = parser.parse_args()
    scores = chorded_tunes(args.files)
    if args.measure:
        sys.stdout.write(json.dumps(measured(shipped(), scores)) + "\n")
        return
    player = fitted([lesson(score) for score in scores])
    names = ("first", "first_bias", "second", "second_bias")
    np.savez_compressed(
        FITTED_PATH, **dict(zip(names, (layer.astype(np.float16) for layer in player.layers), strict=True)),
        moves=player.moves.astype(np.float16),
    )  # fmt: skip
    sys.stderr.write(f"wrote {FITTED_PATH.name} from {len(scores)} tunes\n")


if __name__ == "__main__":
    main()
