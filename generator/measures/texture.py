"""Figures of single tunes that stand beside the corpus': repetition, cadences, chord fit. Pure; knows no models."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from generator.chord_fit import fit_of
from generator.harmony import is_playable
from generator.notation import ChordSymbol, Score, is_compound, tonic_pitch_class
from generator.structure import BarSpan, bar_spans, parts

_OF_I_AND_V = {0, 3, 4, 7, 11, 2}  # semitones above the tonic, either third
_WITH_CHORDS = 0.5  # of the bars, for a tune to count as chorded by people


def zlib_ratio(score: Score) -> float:
    text = score.without_chords().body.encode()
    return len(zlib.compress(text, 9)) / len(text)


def middle(values: Sequence[float]) -> tuple[float, float]:
    """Between which the middle 95 % lie."""
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)


def cadences(score: Score) -> list[bool]:
    """At the fourth and the eighth bar of each part that has them: a long note, or one of I or V, at the bar's end."""
    tonic = tonic_pitch_class(score.key)
    return [_comes_to_rest(bar, score.meter) or _rests_on_chord(bar, tonic) for bar in _phrase_ends(score)]


def held_notes(score: Score) -> list[bool]:
    """The stricter half of `cadences`: at the same bars, a last note of a beat or more."""
    return [_comes_to_rest(bar, score.meter) for bar in _phrase_ends(score)]


def _phrase_ends(score: Score) -> list[BarSpan]:
    out = []
    for spans in parts(score):
        bars = [span for span in spans if span.number is not None]
        out += [bars[place] for place in (3, 7) if len(bars) > place]
    return out


def _comes_to_rest(bar: BarSpan, meter: str) -> bool:
    last = next((length for _, length, pitch in reversed(bar.events) if pitch is not None), Fraction(0))
    return last >= (3 if is_compound(meter) else 2)


def _rests_on_chord(bar: BarSpan, tonic: int) -> bool:
    last = next((pitch for *_, pitch in reversed(bar.events) if pitch is not None), None)
    return last is not None and (last - tonic) % 12 in _OF_I_AND_V


def human_chorded(scores: Sequence[Score]) -> list[Score]:
    """Those with playable chord symbols in at least half of their bars."""
    return [score for score in scores if _is_chorded(score)]


def _is_chorded(score: Score) -> bool:
    spans = bar_spans(score)
    symbols = [symbol.text for symbol in score.symbols if isinstance(symbol, ChordSymbol)]
    written = sum(bool(span.chords) for span in spans)
    return bool(symbols) and all(map(is_playable, symbols)) and written >= _WITH_CHORDS * len(spans)


def chord_fit(scores: Sequence[Score]) -> float:
    return float(np.mean([fit_of(score) for score in scores]))


def with_shuffled_chords(score: Score, rng: np.random.Generator) -> Score:
    """The same melody, the tune's own chord symbols in another order."""
    places = [index for index, symbol in enumerate(score.symbols) if isinstance(symbol, ChordSymbol)]
    symbols = list(score.symbols)
    for place, origin in zip(places, rng.permutation(places).tolist(), strict=True):
        symbols[place] = score.symbols[origin]
    return Score(score.meter, score.key, tuple(symbols))
