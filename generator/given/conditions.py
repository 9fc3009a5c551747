"""What a given tune is, in the words a brief uses; free conditions stay free. Knows no models."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import log2

from generator.accompanist import chords_of
from generator.attributes import USUAL_NOTE_RATE, implied_tempo, measured
from generator.brief import FORMS, Brief, Conditions, Interpretation
from generator.given.bars import Chords, WrittenBar, has_own_chords, plain_chords
from generator.given.filling import counted
from generator.given.frames import begun_bars, opening_and_shape
from generator.given.reading import OwnTune, read_tune
from generator.harmony import lay_chords
from generator.notation import split_key
from generator.prompts import interpret
from generator.prompts.attributes import HAPPINESS
from generator.prompts.priors import place_of, priors
from generator.prompts.styles import styles
from generator.rhythm_classifier import heard_rhythm
from generator.structure import bar_spans, form_of
from generator.validation import RHYTHM_METERS

_SLOWEST, _FASTEST = 40, 240


def settled_given(brief: Brief, interpretation: Interpretation | None = None) -> Conditions:
    """What was asked, then what the given tune is. Of an opening's prompt: its tempo and the chords to come."""
    tune = read_tune(brief.given.abc)
    told = brief.conditions.merged(facts_of(tune))
    if brief.given.task == "continue":
        return _continued(brief, tune, told, interpretation)
    told = replace(told, form=None).merged(_pace(tune, told.rhythm))  # its form is what it is
    return told.merged(_whole_facts(tune, told))


def facts_of(tune: OwnTune) -> Conditions:
    """What holds of a tune and of its opening alike."""
    tonic, mode = split_key(tune.score.key)
    meter = tune.score.meter
    rhythm = tune.rhythm if tune.rhythm and meter in RHYTHM_METERS[tune.rhythm] else None
    return Conditions(key=tonic, mode=mode, meter=meter, rhythm=rhythm, tempo_qpm=tune.tempo_qpm)


def _pace(tune: OwnTune, rhythm: str | None) -> Conditions:
    """Tempo, density and register as they are told of tunes of that rhythm; of other tunes they are not known."""
    if rhythm is None:
        return Conditions()
    facts = measured(tune.score)
    tempo = min(_FASTEST, max(_SLOWEST, round(implied_tempo(rhythm, facts.notes_per_quarter))))
    if rhythm not in priors()["density"]:
        return Conditions(tempo_qpm=tempo)
    density = round(place_of(facts.notes_per_quarter, rhythm, "density"), 2)
    return Conditions(
        tempo_qpm=tempo, density=density, register=round(place_of(facts.mean_pitch, rhythm, "register"), 2)
    )  # fmt: skip


def _whole_facts(tune: OwnTune, told: Conditions) -> Conditions:
    form = form_of(tune.score)
    chords = tune_chords(tune, told.style)
    _, bars = begun_bars(tune)
    numbers = counted(bars)
    by_number: dict[int, Chords] = {}
    for bar, number, laid in zip(bars, numbers, chords, strict=True):
        if bar.number is not None and number is not None:
            by_number[number] = laid
    texts = _texts(list(by_number.values()), bars[0].measure)
    return Conditions(bars=len(by_number), form=form if form in FORMS else None, chords=texts)


def tune_chords(tune: OwnTune, style: str | None) -> list[Chords]:
    """Of each written bar: the tune's own chords where it has any, else such as fit, in the style asked for."""
    if has_own_chords(tune.score):
        return [plain_chords(span.chords) for span in bar_spans(tune.score)]
    return chords_of(tune.score, styles()[style] if style else None)


def _texts(bars: list[Chords], measure: Fraction) -> tuple[str, ...] | None:
    """One text for each bar as the contract has it; a bar without a chord holds the last one."""
    out: list[str] = []
    held = next((text for laid in bars for _, text in laid), None)
    if held is None:
        return None
    for laid in bars:
        first = [text for onset, text in laid if onset * 2 < measure]
        second = [text for onset, text in laid if onset * 2 >= measure]
        start = first[0] if first and laid[0][0] == 0 else held if not first else first[0]
        held = (second or first or [held])[-1]
        out.append(start if held == start else f"{start},{held}")
    return tuple(out)


def _continued(brief: Brief, tune: OwnTune, told: Conditions, interpretation: Interpretation | None) -> Conditions:
    """The opening's chords, and over the bars to come those of the style that the prompt or the tune suggests."""
    _, bars, _, shape = opening_and_shape(brief, tune)
    told = replace(told, bars=shape.bars, form=told.form or shape.known_form)
    # Its pace is that of the dance it sounds like, also where nobody named one.
    heard = told.rhythm or heard_rhythm(tune.score)
    asked = replace(told, chords=None, form=None, bars=None, rhythm=heard)
    understood = interpretation or interpret(
        brief.prompt, asked=asked, feeling=None if brief.prompt.strip() else _feeling(tune, heard), seed=brief.seed
    )
    told = told.merged(Conditions(tempo_qpm=understood.conditions.tempo_qpm, style=understood.conditions.style))
    if told.chords is not None:
        return told
    style = styles()[told.style]
    first = understood.styles[0].progression if understood.styles[0].name == told.style else style.progressions[0]
    others = [loop for loop in style.progressions if loop != first] or [first]
    own = _texts(_by_number(bars, tune_chords(tune, None)), bars[0].measure) or ()
    chords: list[str] = []
    begins: dict[str, int] = {}
    for letter, length in zip(shape.letters, shape.lengths, strict=True):
        start = begins.setdefault(letter, len(chords))
        loop = first if letter == "A" else others[0]
        laid = lay_chords(loop, tonic=told.key, mode=told.mode, parts=(length,), style=style.name)
        chords += chords[start : start + length] if start < len(chords) else laid
        chords[: len(own)] = own[: len(chords)]
    return replace(told, chords=tuple(chords))


def _by_number(bars: list[WrittenBar], chords: list[Chords]) -> list[Chords]:
    return [laid for bar, laid in zip(bars, chords, strict=True) if bar.number is not None]


def _feeling(tune: OwnTune, rhythm: str | None) -> tuple[float, float]:
    """Where an opening itself seems to stand: its mode's brightness, its rhythm's notes a second (music.md)."""
    mode = split_key(tune.score.key)[1]
    rate = USUAL_NOTE_RATE.get(rhythm or "", 3.3)
    return (HAPPINESS[mode] - 0.52) / 0.31, (log2(rate) - 1.56) / 1.18
