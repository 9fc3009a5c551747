"""A brief's given music as bars, some of them to be written, under its conditions. Knows no models."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from generator.attributes import CAREFUL, condition_ids, measured
from generator.brief import Brief, Conditions
from generator.chord_ids import chord_id
from generator.given.bars import Chords, Ids, WrittenBar, has_own_chords, written_bars
from generator.given.continuing import Opening, Shape, continued, opening_of, shape_of
from generator.given.filling import counted, filled, varied
from generator.given.reading import OwnTune, read_tune
from generator.harmony import parse_chord
from generator.notation import tonic_pitch_class
from generator.structure import bar_spans

MOST_LIKENESS = 8.0  # nats that a slight variation gains by keeping every strong beat's note


@dataclass(frozen=True)
class Frame:
    """The whole tune before its new notes."""

    tune: OwnTune
    head: Ids  # bar lines before the first note
    bars: tuple[WrittenBar, ...]
    conditions: tuple[int, ...]  # ids in the order of attributes.CONDITION_NAMES
    chord_ids: tuple[tuple[int, int], ...]  # of each bar's halves
    likeness: float | None = None  # of a variation: how much new bars gain by keeping the strong beats' notes

    @property
    def meter(self) -> str:
        return self.tune.score.meter

    @property
    def key(self) -> str:
        return self.tune.score.key

    @property
    def full_bars(self) -> int:
        return sum(bar.number is not None for bar in self.bars)


def frame_of(brief: Brief, conditions: Conditions, rng: np.random.Generator) -> Frame:
    """For a brief that was checked, under its settled conditions; `rng` chooses what `vary` writes anew."""
    given = brief.given
    tune = read_tune(given.abc)
    if given.task == "continue":
        head, bars, opening, shape = opening_and_shape(brief, tune)
        bars = continued(bars, opening, shape, closed=tune.closed)
    else:
        head, bars = written_bars(tune.score)
        bars = filled(bars, given.bars) if given.task == "fill" else varied(bars, given.strength, rng)
    bars = chorded(tune, bars, conditions.chords or (), asked=brief.conditions.chords is not None)
    likeness = MOST_LIKENESS * (1 - given.strength) if given.task == "vary" else None
    ids = _condition_ids(tune, bars, conditions)
    return Frame(tune, head, tuple(bars), ids, _chord_ids(bars, tune.score.key), likeness)


def begun_bars(tune: OwnTune) -> tuple[Ids, list[WrittenBar]]:
    """The bars of an opening; one short bar alone is its first bar, broken off."""
    head, bars = written_bars(tune.score)
    if not tune.closed and bars[-1].is_pickup and len(bars) == 1:
        bars = [replace(bars[0], number=0)]
    return head, bars


def opening_and_shape(brief: Brief, tune: OwnTune) -> tuple[Ids, list[WrittenBar], Opening, Shape]:
    """What is there, and what shall be. Raises BriefError where the two do not go together."""
    head, bars = begun_bars(tune)
    opening = opening_of(head, bars)
    asked = brief.conditions
    return head, bars, opening, shape_of(opening, bars=asked.bars, form=asked.form)


def chorded(tune: OwnTune, bars: list[WrittenBar], chords: tuple[str, ...], *, asked: bool) -> list[WrittenBar]:
    """The bars with the chord of their number where the tune has none of its own; asked ones win over its own."""
    given = 0 if asked or not has_own_chords(tune.score) else len(bar_spans(tune.score))
    out: list[WrittenBar] = []
    number = -1
    for at, (bar, counts) in enumerate(zip(bars, counted(bars), strict=True)):
        number = counts if counts is not None else number
        told = chords[number] if 0 <= number < len(chords) and not bar.is_pickup else ""
        out.append(replace(bar, chords=_laid(told, bar)) if at >= given else bar)
    return out


def _laid(told: str, bar: WrittenBar) -> Chords:
    first, _, second = told.partition(",")
    laid = ((Fraction(0), first.strip()),) if first.strip() else ()
    return (*laid, (bar.measure / 2, second.strip())) if second.strip() and bar.length * 2 > bar.measure else laid


def _chord_ids(bars: list[WrittenBar], key: str) -> tuple[tuple[int, int], ...]:
    """Of each bar's halves; a bar without a chord keeps the last one, a pickup has none."""
    tonic, held, out = tonic_pitch_class(key), 0, []
    for bar in bars:
        halves = [held, held]
        for onset, text in bar.chords:
            root, quality, _ = parse_chord(text)
            held = chord_id(root - tonic, quality)
            halves = [held if onset * 2 < bar.measure else halves[0], held]
        out.append((0, 0) if bar.is_pickup else (halves[0], halves[1]))
    return tuple(out)


def _condition_ids(tune: OwnTune, bars: list[WrittenBar], c: Conditions) -> Ids:
    facts = measured(tune.score)
    pickup = bars[0].length if bars[0].is_pickup else Fraction(0)
    return tuple(condition_ids(
        key=tune.score.key, meter=tune.score.meter, rhythm=c.rhythm, tradition=c.tradition, form=c.form, bars=c.bars,
        density=c.density, register=c.register, tempo_qpm=c.tempo_qpm, pickup=pickup, dotted=facts.dotted, care=CAREFUL,
    ))  # fmt: skip
