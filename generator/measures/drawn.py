"""What to ask a composer for: conditions drawn from tunes-valid, and pairs of a sad and a joyful prompt. No models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from generator.attributes import Places, measured
from generator.brief import FORMS, MAX_BARS, METERS, MIN_BARS, Brief, BriefError, Conditions
from generator.encoding import Tune
from generator.harmony import is_playable, is_shareable
from generator.notation import Score, split_key
from generator.structure import bar_spans
from generator.validation import RHYTHM_METERS, check_brief

PROMPT = "a tune"  # says nothing: all that matters is asked for
SADNESS = ("a sad tune", "sorrow and loss", "weeping alone at night", "a mournful goodbye", "full of grief",
           "lonely and sad", "a broken heart", "a melancholy autumn evening", "mourning an old friend",
           "tired and unhappy")  # fmt: skip
JOY = ("a joyful tune", "laughter and delight", "dancing together all night", "a happy welcome", "full of joy",
       "merry and glad", "a wedding feast", "a cheerful spring morning", "celebrating an old friend",
       "lively and happy")  # fmt: skip


def asked_of(tune: Tune, places: tuple[Places, Places]) -> Conditions:
    """All that a brief can say of a tune; what it cannot say stays free."""
    facts, meter = measured(tune.score), tune.score.meter
    tonic, mode = split_key(tune.score.key)
    known = meter in METERS
    rhythm = tune.rhythm if known and tune.rhythm and meter in RHYTHM_METERS[tune.rhythm] else None
    bars = facts.bars if MIN_BARS <= facts.bars <= MAX_BARS else None
    form = facts.form if bars and facts.form in FORMS and is_shareable(facts.form, bars) else None
    group = tune.rhythm or meter
    return Conditions(
        key=tonic, mode=mode, meter=meter if known else None, rhythm=rhythm, bars=bars if form else None, form=form,
        density=round(places[0].place(group, facts.notes_per_quarter), 2),
        register=round(places[1].place(group, facts.mean_pitch), 2), tradition=tune.tradition,
        chords=chords_of(tune.score) if form else None,
    )  # fmt: skip


def chords_of(score: Score) -> tuple[str, ...] | None:
    """The chords that people wrote, one or two for each bar; None when under half of the bars have any."""
    bars = [span for span in bar_spans(score) if span.number is not None]
    symbols = [text for span in bars for _, text in span.chords]
    if sum(bool(span.chords) for span in bars) * 2 < len(bars) or not all(map(is_playable, symbols)):
        return None
    held, out = symbols[0], []
    for span in bars:
        first = next((text for onset, text in span.chords if onset * 2 < span.measure), held)
        held = span.chords[-1][1] if span.chords else held
        out.append(first if held == first else f"{first},{held}")
    return tuple(out)


def drawn_briefs(asked: Sequence[Conditions], *, count: int, seed: int, masked: bool = True) -> list[Brief]:
    """Each of the conditions once in a round, rounds in an order of their own; brief i has the seed `seed` + i."""
    rng = np.random.default_rng(seed)
    order = np.concatenate([rng.permutation(len(asked)) for _ in range(-(-count // len(asked)))])[:count]
    drawn = [_writable(asked[which]) for which in order.tolist()]
    return [Brief(PROMPT, conditions, seed + index, masked=masked) for index, conditions in enumerate(drawn)]


def _writable(asked: Conditions) -> Conditions:
    """A tonic that no brief can name (C flat, say) is left to the composer."""
    try:
        check_brief(Brief(PROMPT, asked))
    except BriefError as wrong:
        return replace(asked, **dict.fromkeys(set(wrong.fields) & set(asked.as_dict())))
    return asked


def mood_briefs(*, pairs: int, seed: int) -> list[Brief]:
    """A sad brief and a joyful one in turn; both of a pair have one seed."""
    out = []
    for index in range(pairs):
        which = index % len(SADNESS)
        out += [Brief(prompts[which], seed=seed + index) for prompts in (SADNESS, JOY)]
    return out
