"""Lines of composed pieces to scores and counts; what every figure is taken from. Knows no models and no goals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from generator.brief import Conditions
from generator.checks import bars_right, ends_on_tonic, repeats_closed
from generator.measures.composing import Line
from generator.measures.drawn import HEARD
from generator.notation import NotationError, Score, parse
from generator.structure import bar_spans, wrong_bars


@dataclass
class Gathered:
    """What was composed for a list of briefs."""

    scores: list[Score] = field(default_factory=list)  # those that can be read
    asked: list[Conditions] = field(default_factory=list)  # beside them
    tempi: list[float | None] = field(default_factory=list)  # beside them
    unreadable: int = 0  # texts that are no tune at all
    empty: int = 0  # briefs for which nothing came
    rejected: Counter = field(default_factory=Counter)  # attempts by the check that refused them

    @property
    def tries(self) -> int:
        """What was meant to be a tune; a text that is none counts as a tune gone wrong."""
        return len(self.scores) + self.unreadable


def gathered(lines: Sequence[Line]) -> Gathered:
    out = Gathered()
    for line in lines:
        out.rejected.update(line["rejected"])
        if not line["asked"]["masked"]:  # as shipped, nobody gets to hear what was refused
            out.unreadable += line["rejected"].count("notation")
        if line["abc"] is None:
            out.empty += 1
            continue
        try:
            out.scores.append(score_of(line["abc"]))
        except NotationError:
            out.unreadable += 1
            continue
        out.asked.append(_conditions(line["asked"]))
        out.tempi.append((line["conditions"] or {}).get("tempo_qpm"))
    return out


def score_of(abc: str) -> Score:
    """A whole tune's text, chord symbols kept. Raises NotationError."""
    parted = re.split(r"^K:\s*(\S+).*\n", abc, maxsplit=1, flags=re.MULTILINE)
    if len(parted) != 3:
        raise NotationError("no key")
    head, key, body = parted
    fields = dict(line.split(":", 1) for line in head.splitlines() if line[1:2] == ":")
    return parse(body, meter=fields["M"], key=key, unit=fields.get("L"))


def _conditions(asked: dict) -> Conditions:
    told = {**asked["conditions"]}
    told["chords"] = tuple(told["chords"]) if told["chords"] else None
    if asked["prompt"] == HEARD:  # to ask the classifier for what it heard itself would be no question
        told["rhythm"] = None
    return Conditions(**told)


@dataclass(frozen=True)
class Soundness:
    bars: float  # share of right bars
    tunes: float  # share of tunes with none wrong
    repeats: float  # share of tunes with all repeats closed
    tonic: float  # share that end on their tonic


def soundness(made: Gathered) -> Soundness:
    """Shares of all tries: what cannot be read is no right tune."""
    tries = max(1, made.tries)
    bars = sum(len(bar_spans(score)) for score in made.scores)
    wrong = sum(len(wrong_bars(score)) for score in made.scores)
    return Soundness(
        1 - wrong / max(1, bars),
        sum(bars_right(score).ok for score in made.scores) / tries,
        sum(repeats_closed(score).ok for score in made.scores) / tries,
        sum(ends_on_tonic(score).ok for score in made.scores) / tries,
    )
