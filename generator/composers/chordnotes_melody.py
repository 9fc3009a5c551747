"""A first part for a second player: a melody of the default composer's, as plain as a chorale's. Knows no network."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from generator.brief import DEFAULT_COMPOSER, Brief, ComposeFailed, Interpretation, Piece
from generator.given.reading import read_tune
from generator.harmony import is_shareable
from generator.notation import Note, Score, measure_length, timed
from generator.performance import Struck
from generator.prompts import interpret
from generator.structure import bar_spans

_BARS = 16
_METER, _METERS = "4/4", ("4/4", "3/4")  # those that chorales are in
_EIGHTHS = 2  # of a quarter note


def melody_for(brief: Brief, feeling: tuple[float, float] | None = None) -> Piece:
    """A hymn without repeats. Raises ComposeFailed."""
    from generator.pipeline import compose  # which builds on the composers

    heard = _heard(brief, feeling)
    asked = Brief(brief.prompt, heard.conditions, brief.seed, DEFAULT_COMPOSER, brief.temperature)
    piece = next((event for event in compose(asked, interpretation=heard) if isinstance(event, Piece)), None)
    if piece is None:
        raise ComposeFailed("No first part came out well enough to keep. Please try again.")
    return piece


def _heard(brief: Brief, feeling: tuple[float, float] | None) -> Interpretation:
    """What was understood, with a hymn's rhythm, a chorale's meter and a form that is written out."""
    bars = brief.conditions.bars or _BARS
    form = "ABAC" if is_shareable("ABAC", bars) else "A"
    asked = replace(brief.conditions, rhythm="hymn", bars=bars, form=form)
    heard = interpret(brief.prompt, asked=asked, feeling=feeling, seed=brief.seed)
    if heard.conditions.meter not in _METERS:
        heard = interpret(brief.prompt, asked=replace(asked, meter=_METER), feeling=feeling, seed=brief.seed)
    return heard


def first_part(abc: str) -> tuple[tuple[Struck, ...], Fraction]:
    """A melody as it is written, and its bar's length; time zero is a bar line, a pickup stands before the next."""
    score = read_tune(abc).score
    bar = measure_length(score.meter)
    opening = bar_spans(score)[0]
    pickup = opening.measure - opening.length if opening.number is None else Fraction(0)
    return tuple(_struck(score, pickup)), bar / _EIGHTHS


def _struck(score: Score, wait: Fraction) -> list[Struck]:
    """Ties joined."""
    notes: list[Struck] = []
    tied = False
    for index, onset, length, pitch in timed(score):
        if pitch is not None:
            if tied and notes and notes[-1].pitch == pitch:
                notes[-1] = replace(notes[-1], length=notes[-1].length + length / _EIGHTHS)
            else:
                notes.append(Struck((onset + wait) / _EIGHTHS, length / _EIGHTHS, pitch))
        symbol = score.symbols[index]
        tied = isinstance(symbol, Note) and symbol.tie
    return notes
