"""Chorded tunes and mood-tagged progressions as piano rolls with a feeling each. Knows no model."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from generator.attributes import measured
from generator.brief import BriefError
from generator.composers.rbm_roll import Chord, bar_of, beat_of, middle_of, row_of
from generator.encoding import Tune, human_chords
from generator.harmony import MODE_STEPS, chord_name, played_as
from generator.notation import Score, split_key, tonic_pitch_class
from generator.prompts.attributes import HAPPINESS, notes_per_second, usual_tempo
from generator.prompts.feeling import read_feeling
from generator.prompts.priors import place_of
from generator.prompts.styles import styles
from generator.rhythm_classifier import heard_rhythm
from generator.structure import BarSpan, bar_spans

PART = 8  # bars of a mended roll, two steps each
_SIXTEENTHS = 2  # to an eighth
_UNKNOWN_RHYTHM = "march"  # of middling pace, for tunes whose rhythm nobody names and the classifier cannot hear
_NO_FEELING = frozenset({"cadence"})  # a tag of the progressions that names a use
_NUMERAL = re.compile(r"([b#]?)([ivIV]+)(.*)")
_DEGREES = ("I", "II", "III", "IV", "V", "VI", "VII")
Feeling = tuple[float, float]


@dataclass(frozen=True)
class Loop:
    """A progression of a chord a bar, counted from its tonic, with what it is said to feel like."""

    chords: tuple[Chord, ...]
    feeling: Feeling


@dataclass(frozen=True)
class Half:
    """Half a bar: the chord that holds, and whether it is struck there."""

    chord: Chord
    struck: bool


# Progressions


def loops_of(path: Path) -> list[Loop]:
    """Of a file of mood-tagged progressions: objects with mode, roman and moods. Raises BriefError."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        found = [_loop(row) for row in rows]
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as wrong:
        raise BriefError({"data": f"The file {path} holds no progressions with mode, roman and moods."}) from wrong
    return [loop for loop in found if loop]


def _loop(row: dict) -> Loop | None:
    feelings = [of_word(mood) for mood in row["moods"] if mood.lower() not in _NO_FEELING]
    if not feelings:
        return None
    valence, arousal = (sum(side) / len(feelings) for side in zip(*feelings, strict=True))
    scale = MODE_STEPS["minor" if row["mode"] == "min" else "major"]  # the modal ones bend the major scale
    return Loop(tuple(chord_of(numeral, scale) for numeral in row["roman"]), (valence, arousal))


@lru_cache(64)
def of_word(mood: str) -> Feeling:
    """Valence and arousal of a word, as prompts are read: the lexicon first, then MiniLM fitted to the norms."""
    reading = read_feeling(mood.lower())
    return reading.valence, reading.arousal


def chord_of(numeral: str, scale: tuple[int, ...]) -> Chord:
    """`bVIIM`, `ivm6`, `Idom7`: the case gives the third unless M or m does; a bare 7 is the scale's own."""
    accidental, roman, colour = _NUMERAL.fullmatch(numeral).groups()
    steps = MODE_STEPS["major"] if accidental else scale
    root = (steps[_DEGREES.index(roman.upper())] + (accidental == "#") - (accidental == "b")) % 12
    minor = colour.startswith("m") or (roman.islower() and not colour.startswith("M"))
    return Chord(root, _quality(colour, minor, (root + 11) % 12 in scale), root)


def _quality(colour: str, minor: bool, leading: bool) -> str:
    if colour.startswith(("dim", "sus")):
        return "dim" if colour.startswith("dim") else "sus4"
    if colour.endswith("7"):
        return "m7" if minor else "7" if "dom" in colour or not (leading or "M" in colour) else "maj7"
    return "m" if minor else ""


def style_loops() -> list[Loop]:
    """The progressions of the chord styles that are offered on the page; they come with the program."""
    return [
        Loop(tuple(Chord.of(chord_name(numeral, "C", style.modes[0])) for numeral in loop),
             (style.valence, style.arousal))
        for style in styles().values() for loop in style.progressions
    ]  # fmt: skip


# Tunes


def feeling_of(tune: Tune) -> Feeling:
    """By the formulas of Temperley & Tan (2013) and Eerola et al. (2013), from mode, register and notes a second.

    Nobody said of these tunes what they feel like: this is a reckoning.
    """
    facts, rhythm = measured(tune.score), tune.rhythm or heard_rhythm(tune.score) or _UNKNOWN_RHYTHM
    pace = facts.notes_per_quarter * usual_tempo(rhythm) / 60
    arousal = _within((math.log2(pace) - math.log2(notes_per_second(0))) / 1.18)
    bright = _within((HAPPINESS[split_key(tune.score.key)[1]] - 0.52) / 0.31)
    height = 2 * place_of(facts.mean_pitch, rhythm, "register") - 1
    return _within(0.67 * bright + 0.34 * height + 0.13 * arousal), arousal


def _within(number: float) -> float:
    return max(-1.0, min(1.0, number))


def is_chorded(score: Score) -> bool:
    return human_chords(bar_spans(score), 0) is not None


def halves_of(score: Score) -> list[list[tuple[Half, Half]]]:
    """The halves of the full bars, part by part, from the first chord on, counted from the tonic.

    The first half is always struck, the second where its chord is new or the melody strikes a note there.
    """
    tonic, middle, held, parts = tonic_pitch_class(score.key), middle_of(score.meter), None, {}
    for span in bar_spans(score):
        first, second = _in_bar(span, tonic, held)
        held = second or held
        if first and second and span.number is not None:
            again = second != first or any(onset == middle for onset, _, pitch in span.events if pitch)
            parts.setdefault(span.part, []).append((Half(first, True), Half(second, again)))
    return [parts[part] for part in sorted(parts)]


def _in_bar(span: BarSpan, tonic: int, held: Chord | None) -> tuple[Chord | None, Chord | None]:
    first = second = held
    for onset, text in span.chords:
        symbol = played_as(text)
        if symbol is not None:
            second = Chord.of(symbol, tonic)
            first = second if not onset else first
    return first or second, second


# Rolls


def published_rolls(tunes: Iterable[Tune], loops: Iterable[Loop], *, steps: int, low: int, high: int) -> np.ndarray:
    """Windows of sixteenths, chords struck on every beat, tunes in their own keys.  # (windows, steps * 2 * notes)

    A window that comes again is told once: four of five are like an earlier one.
    """
    windows: dict[bytes, np.ndarray] = {}
    for beats in (*map(_beats_of, tunes), *map(_loop_beats, loops)):
        roll = _on_sixteenths(beats, low, high)
        for at in range(0, len(roll) - steps + 1, steps):
            window = roll[at : at + steps].reshape(-1)
            windows.setdefault(np.packbits(window).tobytes(), window)
    return np.array([*windows.values()], np.uint8).reshape(len(windows), steps * 2 * (high - low))


def _beats_of(tune: Tune) -> list[tuple[Chord, int]]:
    """Each beat's chord, counted from C, and its sixteenths."""
    tonic = tonic_pitch_class(tune.score.key)
    size, beat, middle = bar_of(tune.score.meter), beat_of(tune.score.meter), middle_of(tune.score.meter)
    return [
        (_moved((second if at >= middle else first).chord, tonic), min(beat, size - at) * _SIXTEENTHS)
        for part in halves_of(tune.score) for first, second in part for at in range(0, size, beat)
    ]  # fmt: skip


def _moved(chord: Chord, up: int) -> Chord:
    return Chord((chord.root + up) % 12, chord.quality, (chord.bass + up) % 12)


def _loop_beats(loop: Loop) -> list[tuple[Chord, int]]:
    return [(chord, 4) for chord in loop.chords for _ in range(4)]


def _on_sixteenths(beats: list[tuple[Chord, int]], low: int, high: int) -> np.ndarray:
    roll = np.zeros((sum(size for _, size in beats), 2, high - low), np.uint8)
    at = 0
    for chord, size in beats:
        row = row_of(chord.notes, low, high)
        roll[at : at + size, 0] = row
        roll[at, 1] = row
        at += size
    return roll


def mended_roll(bars: list[tuple[Half, Half]], *, low: int, high: int) -> np.ndarray:
    """A part of eight bars, two steps a bar.  # (16 * 2 * notes,)"""
    roll = np.zeros((2 * len(bars), 2, high - low), np.uint8)
    for step, half in enumerate(half for bar in bars for half in bar):
        roll[step, 0] = row_of(half.chord.notes, low, high)
        roll[step, 1] = roll[step, 0] * half.struck
    return roll.reshape(-1)


def parts_of(score: Score) -> Iterator[list[tuple[Half, Half]]]:
    """Its stretches of eight bars; a part of four is heard twice."""
    for part in halves_of(score):
        bars = part * 2 if len(part) == PART // 2 else part
        for at in range(0, len(bars) - PART + 1, PART):
            yield bars[at : at + PART]


def loop_part(loop: Loop, rng: np.random.Generator) -> list[tuple[Half, Half]]:
    """Eight bars of a loop. Nobody tells its rhythm: the livelier, the oftener is a second half struck."""
    chords = [loop.chords[bar % len(loop.chords)] for bar in range(PART)]
    again = rng.random(PART) < (1 + loop.feeling[1]) / 2
    return [(Half(chord, True), Half(chord, bool(struck))) for chord, struck in zip(chords, again, strict=True)]
