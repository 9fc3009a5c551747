"""What a finished piece must be: pure functions from a score to a verdict. Knows no models."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from generator.brief import Check, Conditions
from generator.forms import form_by_runs
from generator.notation import SEMITONES, MeterChange, Score, signature, sounding, tonic_pitch_class
from generator.novelty import NEAR_DUPLICATE, TuneIndex
from generator.pitches import HIGHEST_MIDI, LOWEST_MIDI
from generator.structure import bar_count, bar_spans, form_of, open_repeats, parts, wrong_bars

_LONGEST_REPEATED_NOTE = 8
_MOST_ALIKE_BARS = 0.5
_LEAST_PITCHES = 5
_MOST_RESTS = 0.2
_LEAST_IN_KEY = 0.85


def checked(score: Score, conditions: Conditions, index: TuneIndex) -> dict[str, Check]:
    """Every check by name, in the order in which a listener would mind."""
    named: dict[str, Callable[[], Check]] = {
        "bars_right": lambda: bars_right(score),
        "repeats_closed": lambda: repeats_closed(score),
        "bars": lambda: bars_asked(score, conditions.bars),
        "meter": lambda: meter_asked(score, conditions.meter),
        "range": lambda: in_range(score),
        "key": lambda: in_key(score),
        "ends_on_tonic": lambda: ends_on_tonic(score),
        "chords": lambda: chorded(score, conditions.chords),
        "variety": lambda: varied(score),
        "form": lambda: form_asked(score, conditions.form),
        "novelty": lambda: novel(score, index),
    }
    return {name: check() for name, check in named.items()}


def bars_right(score: Score) -> Check:
    """The share of bars whose length is right."""
    spans, wrong = bar_spans(score), wrong_bars(score)
    return Check(not wrong, round(1 - len(wrong) / max(1, len(spans)), 4))


def repeats_closed(score: Score) -> Check:
    unclosed = open_repeats(score)
    return Check(unclosed == 0, unclosed)


def bars_asked(score: Score, bars: int | None) -> Check:
    count = bar_count(score)
    return Check(bars is None or count == bars, count)


def meter_asked(score: Score, meter: str | None) -> Check:
    changed = any(isinstance(symbol, MeterChange) for symbol in score.symbols)
    return Check(meter is None or (score.meter == meter and not changed), score.meter)


def in_range(score: Score) -> Check:
    pitches = _pitches(score)
    low, high = min(pitches, default=0), max(pitches, default=0)
    return Check(low >= LOWEST_MIDI and high <= HIGHEST_MIDI, [low, high])


def in_key(score: Score) -> Check:
    """The share of notes that belong to the key's scale."""
    altered = signature(score.key)
    scale = {(SEMITONES[letter] + altered.get(letter, 0)) % 12 for letter in range(7)}
    pitches = _pitches(score)
    share = sum(pitch % 12 in scale for pitch in pitches) / max(1, len(pitches))
    return Check(share >= _LEAST_IN_KEY, round(share, 3))


def ends_on_tonic(score: Score) -> Check:
    last = next(reversed(_pitches(score)), None)
    return Check(last is not None and last % 12 == tonic_pitch_class(score.key), last)


def chorded(score: Score, chords: tuple[str, ...] | None) -> Check:
    """Every full bar has its chord."""
    count = bar_count(score)
    return Check(chords is None or len(chords) == count, 0 if chords is None else len(chords))


def varied(score: Score) -> Check:
    """No stuck note, no bar that takes half of the tune, not all rests."""
    events, pitches = sounding(score), _pitches(score)
    stuck = max((len(list(group)) for _, group in groupby(pitches)), default=0)
    bars = [tuple(span.events) for span in bar_spans(score)]
    alike = max(map(bars.count, set(bars)), default=0) / max(1, len(bars))
    silent = sum(length for _, length, pitch in events if pitch is None)
    rests = float(silent / max(1, sum(length for _, length, _ in events)))
    ok = (
        stuck <= _LONGEST_REPEATED_NOTE
        and (alike <= _MOST_ALIKE_BARS or len(bars) < 8)
        and len(set(pitches)) >= _LEAST_PITCHES
        and rests <= _MOST_RESTS
    )
    return Check(ok, {"pitches": len(set(pitches)), "longest_repeated": stuck, "rests": round(rests, 3)})


def form_asked(score: Score, form: str | None) -> Check:
    """Parts compared bar by bar and by their runs. AABB is never kept with a B part that is its A part again."""
    found = form_of(score)
    # A returning part ends in its own way: of one or two bars nothing is left to know it by.
    told = min((len(part) for part in parts(score)), default=0) > 2
    return Check(form is None or not told or found == form == form_by_runs(score), found)


def novel(score: Score, index: TuneIndex) -> Check:
    """The nearest training tune, and the share of the piece's twelve-note runs that stand in it."""
    nearest = index.nearest(score)
    return Check(nearest.share <= NEAR_DUPLICATE, nearest.as_value())


def _pitches(score: Score) -> list[int]:
    return [pitch for _, _, pitch in sounding(score) if pitch is not None]
