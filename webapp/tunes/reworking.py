"""Working with a tune that is there, one's own or one from here: vary it, go on, write bars again, find new chords."""

from __future__ import annotations

from dataclasses import replace

from generator import GIVEN_TASKS, MAX_BARS, Brief, BriefError, Conditions, check_brief
from webapp.tunes.abilities import work_fault, worker_on
from webapp.tunes.briefs import filled, understood
from webapp.tunes.composing import interpretation_of
from webapp.tunes.givens import given_from
from webapp.tunes.listeners import Listener
from webapp.tunes.models import Tune
from webapp.tunes.services import new_seed, tune_keep, tune_request

CHORDS = "chords"
ON_CHORDS = "on_chords"  # a melody for bare chords
WORKS = (*GIVEN_TASKS, CHORDS)
WORK_NAMES = {
    "vary": "varied", "continue": "went on", "fill": "bars written again", CHORDS: "other chords",
    ON_CHORDS: "a tune on its chords",
}  # fmt: skip
STRENGTHS = (("0.25", "a little"), ("0.5", "by half"), ("0.75", "a lot"))
PART = 8  # bars that a part usually has


def harmonise(abc: str, *, style: str | None = None) -> str:
    # Fetched here and not above, as the composer is: only those who ask for chords wait for it.
    from generator import harmonise as generator_harmonise

    return generator_harmonise(abc, style=style)


def longer(tune: Tune) -> int | None:
    """The bars of the tune and one part more, where its bars are known."""
    bars = tune.conditions.get("bars")
    return min(MAX_BARS, bars + PART) if bars else None


def tune_rework(
    *,
    tune: Tune,
    task: str,
    listener: Listener,
    strength: float | None = None,
    bars: str = "",
    length: int | None = None,
    once: str = "",
) -> Tune:
    """A child of the tune, composed from its notes. Raises BriefError."""
    _must_be_workable(tune)
    given = given_from({"abc": tune.abc, "task": task, "bars": bars, "strength": strength})
    seed = new_seed()
    was = filled(interpretation_of(tune), seed)
    asked = Conditions()
    if task == "continue":
        # A longer tune has another form, and chords for more bars.
        asked = Conditions(bars=length)
        was = replace(was, conditions=replace(was.conditions, bars=length, form=None, chords=None))
    brief = _brief_like(tune, given=given, conditions=asked, seed=seed)
    check_brief(brief)
    return tune_request(brief=brief, interpretation=was, listener=listener, once=once, parent=tune, tweak=task)


def tune_rechord(*, tune: Tune, style: str | None, listener: Listener, once: str = "") -> Tune:
    """A child with the same melody over other chords, ready at once. Raises BriefError."""
    _must_be_workable(tune)
    was = interpretation_of(tune)
    conditions = replace(was.conditions, style=style or was.conditions.style, chords=None)
    return tune_keep(
        abc=harmonise(tune.abc, style=style),
        given={"abc": tune.abc, "task": CHORDS, "style": style},
        brief=_brief_like(tune, seed=tune.seed, composer=tune.composer),
        interpretation=replace(was, conditions=conditions),
        listener=listener,
        once=once,
        parent=tune,
        tweak=CHORDS,
    )


def tune_chord(*, brief: Brief, style: str | None, listener: Listener, once: str = "") -> Tune:
    """A brief's own music over chords that fit it, ready at once. Raises BriefError."""
    abc = brief.given.abc
    return tune_keep(
        abc=harmonise(abc, style=style),
        given={"abc": abc, "task": CHORDS, "style": style},
        brief=brief,
        interpretation=understood(brief),
        listener=listener,
        once=once,
        tweak=CHORDS,
    )


def _must_be_workable(tune: Tune) -> None:
    if sentence := work_fault(tune):
        raise BriefError({"task": sentence})


def _brief_like(tune: Tune, **changes: object) -> Brief:
    plain = Brief(tune.prompt, seed=new_seed(), composer=worker_on(tune), temperature=tune.temperature)
    return replace(plain, **changes)
