"""Says no to given music that a task cannot start from, field by field, in sentences. Knows no models."""

from __future__ import annotations

from fractions import Fraction

from generator.brief import GIVEN_TASKS, MAX_BARS, MIN_BARS, Brief, BriefError, Given
from generator.given.bars import misfit, note_count, written_bars
from generator.given.frames import opening_and_shape
from generator.given.reading import OwnTune, read_tune
from generator.notation import KeyChange, MeterChange, NotationError, sounding, split_key
from generator.structure import bar_count, bar_spans

_LOWEST, _HIGHEST = 43, 95  # MIDI: an octave outside G3 to B5


def given_faults(brief: Brief) -> dict[str, str]:
    """By field: abc, task, bars, strength, and conditions that the tune contradicts."""
    given = brief.given
    if not isinstance(given, Given) or given.task not in GIVEN_TASKS:
        return {"task": f"Choose what to do with the music: {', '.join(GIVEN_TASKS)}."}
    try:
        tune = read_tune(given.abc)
    except BriefError as wrong:
        return wrong.fields
    if sentence := tune_fault(tune, unfinished=given.task == "continue"):
        return {"abc": sentence}
    wrong = _contradictions(brief, tune)
    if wrong:
        return wrong
    return {"continue": _opening_faults, "vary": _strength_faults, "fill": _bar_faults}[given.task](brief, tune)


def tune_fault(tune: OwnTune, *, unfinished: bool = False) -> str | None:
    """One sentence on a tune that can be read and yet not be worked with."""
    score = tune.score
    for kind, word in ((KeyChange, "key"), (MeterChange, "meter")):
        if any(isinstance(symbol, kind) for symbol in score.symbols):
            return f"The {word} changes inside the tune; give a tune, or the part of one, in a single {word}."
    return _length_fault(tune, unfinished=unfinished) or misfit_fault(tune, unfinished=unfinished) or _note_fault(tune)


def melody_fault(tune: OwnTune) -> str | None:
    """One sentence on a tune that no chords can be laid over."""
    return _length_fault(tune, unfinished=False) or misfit_fault(tune)


def _length_fault(tune: OwnTune, *, unfinished: bool) -> str | None:
    count = bar_count(tune.score)
    if unfinished and note_count(tune.score) < 2:
        return "The opening is too short to go on from; give two notes at least."
    if count > MAX_BARS or (count < MIN_BARS and not unfinished):
        bars = "1 bar" if count == 1 else f"{count} bars"
        return f"A tune has {MIN_BARS} to {MAX_BARS} bars here; this one has {bars}."
    if unfinished and bar_spans(tune.score)[-1].ending == 1:
        return "The opening breaks off inside a first ending; end it before, or give the second ending too."
    return None


def misfit_fault(tune: OwnTune, *, unfinished: bool = False) -> str | None:
    found = misfit(tune.score, unfinished=unfinished and not tune.closed)
    if found is None:
        return None
    span, number = found
    return f"Bar {number} holds {_eighths(span.length)} where {_eighths(span.measure)} fit."


def _eighths(length: Fraction) -> str:
    whole, rest = divmod(length, 1)
    text = f"{whole}" if not rest else f"{whole} {rest}" if whole else f"{rest}"
    return f"{text} eighth{'s' * (length > 1)}"


def _note_fault(tune: OwnTune) -> str | None:
    try:
        written_bars(tune.score)
    except NotationError as reason:
        what = str(reason).rpartition(" ")[2]
        return f"There is a {what} in it that no composer here knows; write it plainer."
    pitches = [pitch for _, _, pitch in sounding(tune.score) if pitch is not None]
    if min(pitches) < _LOWEST or max(pitches) > _HIGHEST:
        return "Its notes lie more than an octave outside G3 to B5, where tunes are written here."
    return None


def _contradictions(brief: Brief, tune: OwnTune) -> dict[str, str]:
    """What was asked and the tune is not: given music is kept as it is."""
    from generator.validation import RHYTHM_METERS

    asked, (tonic, mode), meter = brief.conditions, split_key(tune.score.key), tune.score.meter
    wrong = {}
    for name, wanted, own in (("key", asked.key, tonic), ("mode", asked.mode, mode), ("meter", asked.meter, meter)):
        if wanted not in (None, own):
            wrong[name] = f"The music given is in {own}; leave the {name} free, or ask for {own}."
    if asked.rhythm and meter not in RHYTHM_METERS[asked.rhythm]:
        wrong["rhythm"] = f"A {asked.rhythm} is not written in {meter}, which the music given is in."
    count = bar_count(tune.score)
    if brief.given.task != "continue" and asked.bars not in (None, count):
        wrong["bars"] = f"The tune has {count} bars; leave their number free."
    if brief.given.task != "continue" and asked.chords is not None and len(asked.chords) != count:
        wrong["chords"] = f"There are {len(asked.chords)} chords for {count} bars; give one for each bar."
    return wrong


def _opening_faults(brief: Brief, tune: OwnTune) -> dict[str, str]:
    try:
        *_, shape = opening_and_shape(brief, tune)
    except BriefError as wrong:
        return wrong.fields
    chords = brief.conditions.chords
    if shape.bars > MAX_BARS:
        return {"bars": f"A tune has {MIN_BARS} to {MAX_BARS} bars here."}
    if chords is not None and len(chords) != shape.bars:
        return {"chords": f"There are {len(chords)} chords for {shape.bars} bars; give one for each bar."}
    return {}


def _strength_faults(brief: Brief, _: OwnTune) -> dict[str, str]:
    strength = brief.given.strength
    number = isinstance(strength, int | float) and not isinstance(strength, bool)
    if number and 0 <= strength <= 1:
        return {}
    return {"strength": "The strength must be a number from 0 to 1."}


def _bar_faults(brief: Brief, tune: OwnTune) -> dict[str, str]:
    count, bars = bar_count(tune.score), brief.given.bars
    if not isinstance(bars, tuple | list) or not bars:
        return {"bars": "Say which bars to write again, as in 5-8."}
    if not all(isinstance(bar, int) and not isinstance(bar, bool) for bar in bars):
        return {"bars": "Bars are whole numbers, as in 5-8."}
    outside = next((bar for bar in bars if not 1 <= bar <= count), None)
    if outside is not None:
        return {"bars": f"There is no bar {outside}: the tune has bars 1 to {count}."}
    if len(set(bars)) == count:
        return {"bars": "All bars are to be written again, and nothing of the tune would be left; keep one at least."}
    return {}
