"""Composes many pieces, each kept as a line of JSON, so that a run that was cut off goes on. Knows no figures."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np

from generator.brief import AttemptRejected, Brief, Conditions, Piece
from generator.notation import KEY_SUFFIX

Line = dict  # index, asked, abc (None when nothing came), rejected, seconds, checks, conditions, nearest


def pieces(briefs: list[Brief], work: Callable[[Brief], Line], kept: Path, *, processes: int) -> list[Line]:
    """One line for each brief, in order; those that the file already holds are not composed again."""
    done = dict(_kept(kept, briefs))
    left = [(index, brief) for index, brief in enumerate(briefs) if index not in done]
    kept.parent.mkdir(parents=True, exist_ok=True)
    with open(kept, "a", encoding="utf-8") as file:
        for line in _composed(left, work, processes):
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            file.flush()
            done[line["index"]] = line
    return [done[index] for index in range(len(briefs))]


def _kept(path: Path, briefs: list[Brief]) -> Iterator[tuple[int, Line]]:
    """Lines of an earlier run for the very same briefs; a last line that was cut off is left out."""
    if not path.exists():
        return
    for text in path.read_text(encoding="utf-8").split("\n"):
        try:
            line = json.loads(text)
        except ValueError:
            continue
        index = line["index"]
        if index < len(briefs) and line["asked"] == _asked(briefs[index]):
            yield index, line


def code_id() -> str:
    """A fingerprint of what composes: pieces of other code are not this code's."""
    folder, found = Path(__file__).resolve().parents[1], hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".py", ".json", ".npz") and "measures" not in path.parts:
            found.update(path.read_bytes())
    return found.hexdigest()[:8]


def _asked(brief: Brief) -> dict:
    return json.loads(json.dumps(asdict(brief)))


def _composed(left: list[tuple[int, Brief]], work: Callable[[Brief], Line], processes: int) -> Iterator[Line]:
    one = partial(_line, work)
    if processes <= 1 or len(left) < 2:
        yield from map(one, left)
        return
    # Fresh processes: one that was forked while torch holds its threads would hang.
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield from pool.imap_unordered(one, left, chunksize=2)


def _line(work: Callable[[Brief], Line], numbered: tuple[int, Brief]) -> Line:
    index, brief = numbered
    began = time.perf_counter()
    line = work(brief)
    return {"index": index, "asked": _asked(brief), "seconds": round(time.perf_counter() - began, 3), **line}


def composed(brief: Brief) -> Line:
    """By the road that listeners take."""
    from generator.pipeline import ComposeFailed, compose

    rejected: list[str] = []
    piece: Piece | None = None
    try:
        for event in compose(brief):
            if isinstance(event, AttemptRejected):
                rejected.append(event.reason)
            elif isinstance(event, Piece):
                piece = event
    except ComposeFailed:
        pass
    told = piece.as_dict() if piece else {"abc": None, "conditions": None, "checks": {}}
    return {"rejected": rejected, **{name: told[name] for name in ("abc", "conditions", "checks")}}


def sampled_by_peer(checkpoint: Path, brief: Brief) -> Line:
    """The peer can be told a meter, a key and a mode, and nothing else; what it writes is not looked through."""
    asked = brief.conditions
    key = f"{asked.key or 'D'}{KEY_SUFFIX[asked.mode or 'major']}"
    sampler = _sampler(checkpoint)
    meter = asked.meter if f"M:{asked.meter}" in sampler.ids else "4/4"
    given = Conditions(key=asked.key or "D", mode=asked.mode or "major", meter=meter)
    tune = sampler.sample(meter=meter, key=key, rng=np.random.default_rng([brief.seed, 1]))
    return {"rejected": [], "abc": tune.abc, "conditions": given.as_dict(), "checks": {}}


_SAMPLERS: dict[Path, object] = {}


def _sampler(checkpoint: Path):  # noqa: ANN202 (the peer's module is loaded only where it is measured)
    from generator.composers.folkrnn_numpy import NumpySampler

    if checkpoint not in _SAMPLERS:
        _SAMPLERS[checkpoint] = NumpySampler.from_checkpoint(checkpoint)
    return _SAMPLERS[checkpoint]
