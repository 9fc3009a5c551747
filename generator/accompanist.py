"""Finds a chord or two for each bar of a melody, as people chorded tunes: a small net and their usual moves, in numpy.

The net hears a bar with its neighbours, its place in the part, mode and meter; fit_accompanist.py fits what is in
accompanist.npz. Knows no composer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np

from generator.chord_ids import QUALITIES, STATES, reduced
from generator.engraving import beam_group
from generator.harmony import MINOR_MODES, chord_name, chord_symbol, fit_to_mode, parse_chord
from generator.inputs import outline
from generator.notation import Score, split_key, tonic_pitch_class
from generator.prompts.styles import Style
from generator.structure import BarSpan, bar_spans

FITTED_PATH = Path(__file__).with_name("accompanist.npz")
MODES = ("major", "minor", "dorian", "mixolydian")
_AKIN = {"lydian": "major", "phrygian": "minor"}  # too rare to fit
METERS = ("2/4", "3/4", "4/4", "2/2", "6/8", "9/8", "other")
PLACES = ("first", "opening", "middle", "before half", "half", "before last", "last", "end")
START = STATES  # the state before the first bar
_MOVES_COUNT = 0.25  # of the moves' weight: the net has heard the neighbours already
_IN_STYLE, _MOVE_OF_STYLE = 1.6, 1.2  # what a style's chords and moves gain, in nats
_NAMES = {"maj": "", "min": "m", "7": "7", "dim": "dim"}

Chords = tuple[tuple[Fraction, str], ...]  # onset in the bar, symbol


@dataclass(frozen=True)
class Heard:
    """The bars of one tune without its pickups, as the net takes them."""

    features: np.ndarray  # (bars, features)
    places: list[int]
    indices: list[int]  # among the written bars


def heard(score: Score, spans: Sequence[BarSpan]) -> Heard:
    placed = [(index, place) for index, place in enumerate(_places(spans)) if place is not None]
    indices, places = [index for index, _ in placed], [place for _, place in placed]
    tonic = tonic_pitch_class(score.key)
    notes = np.array([halves(spans[index], tonic, score.meter) for index in indices]).reshape(-1, 48)
    far = np.pad(notes, ((2, 2), (0, 0)))
    near = [far[shift : shift + len(notes)] for shift in (1, 2, 3)]
    farther = [far[shift : shift + len(notes)].reshape(-1, 2, 24).sum(1) for shift in (0, 4)]
    told = [np.eye(len(PLACES))[places], *(np.tile(one, (len(notes), 1)) for one in (_mode(score), _meter(score)))]
    return Heard(np.concatenate([4 * part for part in (*near, *farther)] + told, 1), places, indices)


def halves(span: BarSpan, tonic: int, meter: str) -> np.ndarray:
    """Pitch classes above the tonic in each half, on the beats and between them, as shares of a bar.  # (2, 2, 12)"""
    out = np.zeros((2, 2, 12))
    strong, middle = beam_group(meter), span.measure / 2
    for onset, length, pitch in span.events:
        if pitch is not None:
            weak, above = int(onset % strong != 0), (pitch - tonic) % 12
            before = max(Fraction(0), min(onset + length, middle) - onset)
            out[0, weak, above] += float(before / span.measure)
            out[1, weak, above] += float((length - before) / span.measure)
    return out


def _mode(score: Score) -> np.ndarray:
    mode = split_key(score.key)[1]
    return np.eye(len(MODES))[MODES.index(_AKIN.get(mode, mode))]


def _meter(score: Score) -> np.ndarray:
    return np.eye(len(METERS))[METERS.index(score.meter if score.meter in METERS else "other")]


def _places(spans: Sequence[BarSpan]) -> list[int | None]:
    """Where each bar stands in its part, as one of PLACES; None for a pickup."""
    out: list[int | None] = []
    seen: dict[int, int] = {}
    for span, (_, left) in zip(spans, outline(spans), strict=True):
        at = seen.get(span.part, 0)
        if span.number is None and span.ending == 0:
            out.append(None)
            continue
        seen[span.part] = at + (span.ending != 2)
        out.append(PLACES.index(_place(at, left, first=span.number == 0, last=span is spans[-1])))
    return out


def _place(at: int, left: int, *, first: bool, last: bool) -> str:
    if left == 1:
        return "end" if last else "last"
    if left == 2:
        return "before last"
    if at == 0:
        return "first" if first else "opening"
    return {2: "before half", 3: "half"}.get(at % 4, "middle")


@dataclass(frozen=True)
class Accompanist:
    layers: tuple[np.ndarray, ...]  # weights and biases, two of each
    moves: np.ndarray  # (2, places, STATES + 1, STATES): how much likelier a chord is after another; into bars, in them

    def states(self, tune: Heard, *, tonics: Sequence[int], bonus: np.ndarray | None = None) -> list[tuple[int, int]]:
        """The likeliest chords of each bar's halves (Viterbi). It ends on one of `tonics`.

        `bonus` (STATES + 1, STATES) is what a move gains.
        """
        said = self._said(tune.features)  # (bars, 2, STATES)
        extra = np.zeros((STATES + 1, STATES)) if bonus is None else bonus
        best, back = np.full(STATES + 1, -np.inf), []
        best[START] = 0.0
        for bar, place in zip(said, tune.places, strict=True):
            for second in (0, 1):
                moves = self.moves[second, place] * _MOVES_COUNT + extra
                through = best[:, None] + moves[: len(best)]  # (from, to)
                back.append(through.argmax(0))
                best = through.max(0) + bar[second]
        if len(said):
            best[[state for state in range(STATES) if state not in tonics]] -= 1e3
        path = [int(best.argmax())]
        for step in reversed(back[1:]):
            path.append(int(step[path[-1]]))
        path.reverse()
        return list(zip(path[::2], path[1::2], strict=True)) if len(said) else []

    def _said(self, features: np.ndarray) -> np.ndarray:
        """Log-probabilities of every chord for every half bar.  # (bars, 2, STATES)"""
        first, first_bias, second, second_bias = self.layers
        logits = (np.maximum(features @ first + first_bias, 0) @ second + second_bias).reshape(-1, 2, STATES)
        logits = logits - logits.max(-1, keepdims=True)
        return logits - np.log(np.exp(logits).sum(-1, keepdims=True))


@cache
def shipped() -> Accompanist:
    with np.load(FITTED_PATH) as stored:
        layers = tuple(stored[name].astype(np.float64) for name in ("first", "first_bias", "second", "second_bias"))
        return Accompanist(layers, stored["moves"].astype(np.float64))


def chords_of(score: Score, style: Style | None = None, *, player: Accompanist | None = None) -> list[Chords]:
    """Chords for each written bar of a melody, in the style asked for; none for a pickup."""
    spans = bar_spans(score)
    tune = heard(score, spans)
    tonic, mode = split_key(score.key)
    colours = _colours(style, tonic, mode) if style else {}
    found = (player or shipped()).states(tune, tonics=tonics(mode), bonus=_bonus(style, mode) if style else None)
    out: list[Chords] = [()] * len(spans)
    for index, (first, second) in zip(tune.indices, found, strict=True):
        names = [colours.get(state) or _name(state, tonic) for state in (first, second)]
        turn = _turn(spans[index])
        both = turn is not None and first != second
        out[index] = ((Fraction(0), names[0]), (turn, names[1])) if both else ((Fraction(0), names[0]),)
    return out


def _turn(span: BarSpan) -> Fraction | None:
    """Where a second chord would stand: at the first note of the second half, or the last one that reaches into it."""
    half = span.measure / 2
    begun = [onset for onset, _, _ in span.events if onset and onset >= half]
    reaching = [onset for onset, length, _ in span.events if onset and onset + length > half]
    return next(iter(begun or reaching[-1:]), None)


def _name(state: int, tonic: str) -> str:
    root, quality = divmod(state, len(QUALITIES))
    return chord_symbol(root, _NAMES[QUALITIES[quality]], tonic)


def tonics(mode: str) -> tuple[int, ...]:
    return (QUALITIES.index("min" if mode in MINOR_MODES else "maj"),)


def _loops(style: Style, mode: str) -> list[list[tuple[int, str]]]:
    """The style's progressions, each chord as its state and its numeral, at home in the mode."""
    loops = [fit_to_mode(progression, mode) for progression in style.progressions]
    return [[(_state(chord_name(numeral, "C", mode)), numeral) for numeral in loop] for loop in loops]


def _state(symbol: str) -> int:
    root, quality, _ = parse_chord(symbol)
    return root * len(QUALITIES) + QUALITIES.index(reduced(quality))


def _bonus(style: Style, mode: str) -> np.ndarray:
    bonus = np.zeros((STATES + 1, STATES))
    for loop in _loops(style, mode):
        states = [state for state, _ in loop]
        bonus[:, states] = np.maximum(bonus[:, states], _IN_STYLE)
        for one, other in zip(states, states[1:] + states[:1], strict=True):
            bonus[one, other] = _IN_STYLE + _MOVE_OF_STYLE * (one != other)
    return bonus


def _colours(style: Style, tonic: str, mode: str) -> dict[int, str]:
    """A style's own sevenths and suspensions, by the plain chord that each stands for; the tonic stays plain."""
    named = {state: chord_name(numeral, tonic, mode) for loop in _loops(style, mode) for state, numeral in loop}
    return {state: name for state, name in named.items() if state not in tonics(mode)}
