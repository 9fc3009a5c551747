"""What to ask a composer for: conditions drawn from tunes-valid, and pairs of a sad and a joyful prompt. No models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from generator import accompanist
from generator.attributes import Places, implied_tempo, measured
from generator.brief import FORMS, MAX_BARS, METERS, MIN_BARS, Brief, BriefError, Conditions
from generator.encoding import Tune
from generator.harmony import is_playable, is_shareable
from generator.notation import Score, split_key
from generator.rhythm_classifier import heard_rhythm
from generator.structure import bar_spans
from generator.validation import MAX_TEMPO, MIN_TEMPO, RHYTHM_METERS, check_brief

PROMPT = "a tune"  # says nothing: all that matters is asked for
HEARD = "a melody"  # says nothing either: the rhythm asked for is none that people wrote, but what the classifier heard
SADNESS = ("a sad tune", "sorrow and loss", "weeping alone at night", "a mournful goodbye", "full of grief",
           "lonely and sad", "a broken heart", "a melancholy autumn evening", "mourning an old friend",
           "tired and unhappy")  # fmt: skip
JOY = ("a joyful tune", "laughter and delight", "dancing together all night", "a happy welcome", "full of joy",
       "merry and glad", "a wedding feast", "a cheerful spring morning", "celebrating an old friend",
       "lively and happy")  # fmt: skip


def asked_of(tune: Tune, places: tuple[Places, Places]) -> Brief:
    """All that a brief can say of a tune; what it cannot say stays free."""
    facts, meter = measured(tune.score), tune.score.meter
    tonic, mode = split_key(tune.score.key)
    rhythm = tune.rhythm or heard_rhythm(tune.score)
    rhythm = rhythm if rhythm and meter in RHYTHM_METERS[rhythm] else None
    bars = facts.bars if MIN_BARS <= facts.bars <= MAX_BARS else None
    form = facts.form if bars and facts.form in FORMS and is_shareable(facts.form, bars) else None
    group = rhythm or meter
    asked = Conditions(
        key=tonic, mode=mode, meter=meter if meter in METERS else None, rhythm=rhythm, bars=bars,
        form=form, density=round(places[0].place(group, facts.notes_per_quarter), 2),
        register=round(places[1].place(group, facts.mean_pitch), 2), tradition=tune.tradition,
        tempo_qpm=_tempo(rhythm, facts.notes_per_quarter), chords=chords_of(tune.score) if bars else None,
    )  # fmt: skip
    return Brief(PROMPT if tune.rhythm else HEARD, asked)


def _tempo(rhythm: str | None, notes_per_quarter: float) -> int | None:
    """The collections write no tempi: what the rhythm's usual note rate makes of the notes."""
    if rhythm is None:
        return None
    return round(min(MAX_TEMPO, max(MIN_TEMPO, implied_tempo(rhythm, notes_per_quarter))))


def chords_of(score: Score) -> tuple[str, ...]:
    """One or two chords for each bar: those that people wrote, or the harmoniser's where under half have any."""
    spans = bar_spans(score)
    written = [tuple(span.chords) for span in spans]
    playable = all(is_playable(text) for laid in written for _, text in laid)
    if sum(map(bool, written)) * 2 < len(spans) or not playable:
        written = accompanist.chords_of(score)
    bars = [(span, laid) for span, laid in zip(spans, written, strict=True) if span.number is not None]
    held, out = next(text for _, laid in bars for _, text in laid), []
    for span, laid in bars:
        first = next((text for onset, text in laid if onset * 2 < span.measure), held)
        held = laid[-1][1] if laid else held
        out.append(first if held == first else f"{first},{held}")
    return tuple(out)


def drawn_briefs(asked: Sequence[Brief], *, count: int, seed: int, masked: bool = True) -> list[Brief]:
    """Each of the briefs once in a round, rounds in an order of their own; brief i has the seed `seed` + i."""
    rng = np.random.default_rng(seed)
    order = np.concatenate([rng.permutation(len(asked)) for _ in range(-(-count // len(asked)))])[:count]
    drawn = [_writable(asked[which]) for which in order.tolist()]
    return [replace(brief, seed=seed + index, masked=masked) for index, brief in enumerate(drawn)]


def _writable(asked: Brief) -> Brief:
    """A tonic that no brief can name (C flat, say) is left to the composer."""
    try:
        check_brief(asked)
    except BriefError as wrong:
        free = dict.fromkeys(set(wrong.fields) & set(asked.conditions.as_dict()))
        return replace(asked, conditions=replace(asked.conditions, **free))
    return asked


def mood_briefs(*, pairs: int, seed: int) -> list[Brief]:
    """A sad brief and a joyful one in turn; both of a pair have one seed."""
    out = []
    for index in range(pairs):
        which = index % len(SADNESS)
        out += [Brief(prompts[which], seed=seed + index) for prompts in (SADNESS, JOY)]
    return out
