"""Writes a frame's free bars: several ways are tried, and the one that what follows agrees with is kept.

The voice hears only what came before, so each way is judged by its own likelihood and by that of the bars after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from generator import vocabulary as V
from generator.engraving import beam_group
from generator.given.bars import Ids
from generator.given.frames import Frame
from generator.given.scribe import Scribe
from generator.place import Place
from generator.sampling import SampleError, Voice

WAYS = 6  # tried for each stretch of free bars that something follows
_TRIES = 24  # draws, at most, for that many ways that differ from what stood there
_DARING = 8  # draws after which the temperature has doubled: a bar that stands elsewhere is said again and again
OWN_WEIGHT = 4.0  # of a way's mean log-probability, beside the sum of what follows it
_FOLLOWING = 2  # kept bars whose likelihood counts


def written(frame: Frame, voice: Voice, *, temperature: float, rng: np.random.Generator) -> Iterator[int]:
    """Ids of the whole tune in order. Raises SampleError where no way could be found."""
    scribe = Scribe(frame, voice)
    scribe.say(frame.head)
    yield from frame.head
    while scribe.at < len(scribe.bars):
        stretch = _stretch(scribe)
        if not stretch:
            yield from scribe.keep()
        elif scribe.at + stretch == len(scribe.bars) and not _stood(scribe, stretch):
            for _ in range(stretch):
                yield from scribe.write(temperature=temperature, rng=rng)
        else:
            scribe, ids = _best_way(scribe, stretch, temperature, rng)
            yield from ids


def _stretch(scribe: Scribe) -> int:
    """How many free bars follow one another from here."""
    count = 0
    while scribe.at + count < len(scribe.bars) and scribe.bars[scribe.at + count].free:
        count += 1
    return count


def _stood(scribe: Scribe, stretch: int) -> bool:
    """Whether something stood in these bars that must not come out again; an unfinished bar is only gone on with."""
    return any(bar.ids and not bar.begun for bar in scribe.bars[scribe.at : scribe.at + stretch])


def _best_way(scribe: Scribe, stretch: int, temperature: float, rng: np.random.Generator) -> tuple[Scribe, Ids]:
    best: tuple[float, Scribe, Ids] | None = None  # only one is kept: a crowd of voices takes much memory
    drawn = any(bar.like is None for bar in scribe.bars[scribe.at : scribe.at + stretch])
    wanted = WAYS if drawn else 1  # what is taken over can be said in one way only
    for number in range(_TRIES):
        way = scribe.copy()
        warmth = temperature * (1 + number / _DARING)
        ids = [token for _ in range(stretch) for token in way.write(temperature=warmth, rng=rng)]
        if not _is_new(scribe, way, stretch):
            continue
        own = OWN_WEIGHT * _mean_since(scribe, way)
        follow, after = _followed(way)
        score = own + after + (scribe.frame.likeness or 0.0) * _kept_strong(scribe, way, stretch)
        if best is None or score > best[0]:
            best = (score, way, (*ids, *follow))
        wanted -= 1
        if not wanted:
            break
    if best is None:
        raise SampleError("Nothing new could be found for these bars.")
    return best[1:]


def _followed(way: Scribe) -> tuple[Ids, float]:
    """Says the kept bars that follow: their ids, and the sum of their log-probabilities, the same ids for every way."""
    before, ids = way.likelihood, []
    for _ in range(_FOLLOWING):
        if way.at < len(way.bars) and not way.bars[way.at].free:
            ids += way.keep()
    return tuple(ids), way.likelihood - before


def _mean_since(scribe: Scribe, way: Scribe) -> float:
    return (way.likelihood - scribe.likelihood) / max(1, way.said - scribe.said)


def _is_new(scribe: Scribe, way: Scribe, stretch: int) -> bool:
    """Every bar that held something holds something else now; in a variation not what another bar holds, either."""
    for at in range(scribe.at, scribe.at + stretch):
        bar, now = scribe.bars[at], way.bars[at].ids
        if bar.ids and not bar.begun and now == bar.ids:
            return False
        others = (*way.bars[:at], *way.bars[scribe.at + stretch :])
        if scribe.frame.likeness is not None and bar.like is None and any(now == other.ids for other in others):
            return False
    return True


def _kept_strong(scribe: Scribe, way: Scribe, stretch: int) -> float:
    """The share of strong-beat notes that are those of before."""
    hits = total = 0
    for at in range(scribe.at, scribe.at + stretch):
        before, now = (strong_pitches(bars[at].ids, scribe.frame.meter) for bars in (scribe.bars, way.bars))
        total += len(before)
        hits += sum(now.get(onset) == pitch for onset, pitch in before.items())
    return hits / total if total else 0.0


def strong_pitches(ids: Ids, meter: str) -> dict[Fraction, int]:
    """Pitch ids by onset, of a full bar's notes that begin on a strong beat."""
    place, strong, out = Place(meter), max(Fraction(2), beam_group(meter)), {}
    for token in ids:
        if V.kind(token) == "pitch" and place.elapsed % strong == 0:
            out[place.elapsed] = token
        place.feed(token)
    return out
