"""Times the peer's sampler and one tune alone on the same cores, for `make bench-speed`. Knows no web.

Reads ABC tunes, one JSON string a line, and tells what the sampler would need for the same tunes, symbol by symbol.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from dataclasses import replace

import numpy as np

from generator.brief import Brief, Conditions
from generator.composers import checkpoint_path
from generator.composers.folkrnn_numpy import NumpySampler
from generator.composers.folkrnn_symbols import is_note, symbols_of
from generator.notation import Score, parse
from generator.pipeline import compose, warm_up

_MOST_SYMBOLS = 3000  # that the sampler is timed over
_ALONE = 20
_PUBLISHED = 137  # symbols of folk-rnn v2


def main() -> int:
    waiting = [json.loads(line) for line in sys.stdin if line.strip()]
    alone, seconds = alone_tunes()
    sampler = peer(waiting + alone)
    symbol = seconds_a_symbol(sampler)
    told = {
        "trained": checkpoint_path("folkrnn").exists(),
        "seconds_a_symbol": symbol,
        "alone": seconds,
        "alone_by_peer": [symbol * count for count in map(symbols, alone)],
        "waiting_by_peer": [symbol * count for count in map(symbols, waiting)],
        "notes": [sum(map(is_note, symbols_of(score(abc)))) for abc in alone],
    }
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


def alone_tunes() -> tuple[list[str], list[float]]:
    """Tunes composed one after another, nobody else there, and the seconds of each."""
    warm_up()
    brief = Brief("hopeful and full of wonder", Conditions(bars=16))
    tunes, seconds = [], []
    for seed in range(_ALONE + 1):
        began = time.perf_counter()
        *_, piece = compose(replace(brief, seed=seed))
        tunes.append(piece.abc)
        seconds.append(time.perf_counter() - began)
    return tunes[1:], seconds[1:]  # the first one warms the road


def peer(tunes: list[str]) -> NumpySampler:
    """The trained peer; without its checkpoint one of noise with as many symbols as the published one had."""
    path = checkpoint_path("folkrnn")
    if path.exists():
        return NumpySampler.from_checkpoint(path)
    known = sorted({symbol for abc in tunes for symbol in symbols_of(score(abc))})
    more = [f"<{number}>" for number in range(_PUBLISHED - 1 - len(known))]
    return NumpySampler.random(("<other>", *known, *more))


def seconds_a_symbol(sampler: NumpySampler) -> float:
    """The median of a few runs over the same number of steps."""
    rng, state = np.random.default_rng(0), [(np.zeros_like(g["input"].bias),) * 2 for g in sampler.layers]
    times = []
    for _ in range(5):
        began = time.perf_counter()
        token = 0
        for _ in range(_MOST_SYMBOLS // 5):
            p = sampler._step(token, state, 1.0)
            token = int(rng.choice(len(p), p=p))
        times.append((time.perf_counter() - began) / (_MOST_SYMBOLS // 5))
    return statistics.median(times)


def symbols(abc: str) -> int:
    """Symbols that the sampler draws for this tune: all but the three that are given."""
    return len(symbols_of(score(abc))) - 3


def score(abc: str) -> Score:
    fields = {line[0]: line[2:].strip() for line in abc.splitlines() if line[1:2] == ":" and line[0] in "MKL"}
    body = "\n".join(line for line in abc.splitlines() if line[1:2] != ":" or line[0] == "|")
    return parse(body, meter=fields["M"], key=fields["K"], unit=fields.get("L"))


if __name__ == "__main__":
    sys.exit(main())
