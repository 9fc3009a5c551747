"""Tweak and again: what each tap changes, and what it therefore must leave alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.core.exceptions import BadRequest

from generator import Brief, BriefError, Conditions, Interpretation, conditions_from_dict, interpret
from webapp.tunes.abilities import NOT_ASKED, asked_of, card_of, follows_rules, tweaks_of
from webapp.tunes.briefs import filled
from webapp.tunes.composing import interpretation_of
from webapp.tunes.givens import given_of
from webapp.tunes.listeners import Listener
from webapp.tunes.models import Tune
from webapp.tunes.services import new_seed, tune_request

TWEAKS = (
    ("happier", "happier"),
    ("sadder", "sadder"),
    ("calmer", "calmer"),
    ("livelier", "livelier"),
    ("faster", "faster"),
    ("slower", "slower"),
    ("other_key", "other key"),
    ("again", "try again"),
)
WORDLESS = "a tune"  # what is asked for when music was given without a word
FEELING_STEP = 0.4
TEMPO_STEP = 1.15
MOVES = {
    "happier": (FEELING_STEP, 0.0),
    "sadder": (-FEELING_STEP, 0.0),
    "livelier": (0.0, FEELING_STEP),
    "calmer": (0.0, -FEELING_STEP),
}
# What a move along each axis of the feeling is free to change; the rest of the parent stays.
GLADNESS_FREES = ("key", "mode", "style", "chords", "register")
LIVELINESS_FREES = ("rhythm", "meter", "tempo_qpm", "density", "style", "chords")
SLOWEST, FASTEST = 40, 300
KEY_DRAWS = 40


class UnknownTweak(BadRequest):
    """No such tap is on the page."""


def tune_again(*, tune: Tune, tweak: str, locked: Sequence[str], listener: Listener, once: str = "") -> Tune:
    """Composes a sibling of what the tune is, changed as asked, and remembers it as its child. Raises BriefError."""
    if tweak not in dict(TWEAKS):
        raise UnknownTweak("There is no such tweak.")
    if tweak not in (tweaks_of(tune) or dict(TWEAKS)):
        raise BriefError({"tweak": NOT_ASKED.format(card_of(tune.composer).title)})
    seed = new_seed()
    interpretation = tweaked(tune, tweak, locked, seed)
    # "Try again" is the same work once more; every other tap asks for a new tune.
    given = given_of(tune.given) if tweak == "again" else None
    brief = Brief(
        prompt=tune.prompt if given else tune.prompt or WORDLESS,
        conditions=conditions_from_dict(tune.asked) if given else _asked(tune, tweak, interpretation, locked),
        seed=seed,
        composer=tune.composer,
        temperature=tune.temperature,
        given=given,
    )
    return tune_request(
        brief=brief,
        interpretation=interpretation,
        listener=listener,
        locked=locked,
        once=once,
        parent=tune,
        tweak=tweak,
    )


def tweaked(tune: Tune, tweak: str, locked: Sequence[str], seed: int) -> Interpretation:
    was = interpretation_of(tune)
    if given_of(tune.given) is None or tweak != "again":
        was = filled(was, seed)
    if tweak in MOVES:
        return _moved(tune, was, tweak, locked, seed)
    if tweak in ("faster", "slower"):
        return replace(was, conditions=_paced(was.conditions, TEMPO_STEP if tweak == "faster" else 1 / TEMPO_STEP))
    if tweak == "other_key":
        return _in_another_key(was, seed)
    return was


def _moved(tune: Tune, was: Interpretation, tweak: str, locked: Sequence[str], seed: int) -> Interpretation:
    step_valence, step_arousal = MOVES[tweak]
    feeling = (_within(was.valence + step_valence), _within(was.arousal + step_arousal))
    frees = [name for name in (GLADNESS_FREES if step_valence else LIVELINESS_FREES) if name not in locked]
    asked = replace(was.conditions, **dict.fromkeys(frees))
    now = interpret(tune.prompt, asked=asked, feeling=feeling, style=asked.style, seed=seed)
    if step_arousal and "tempo_qpm" not in locked:
        now = replace(now, conditions=_surely_paced(now.conditions, was.conditions, step_arousal))
    return now


def _surely_paced(now: Conditions, was: Conditions, step: float) -> Conditions:
    """Words of the prompt ("slow") outrank a feeling, and a tap on livelier must still be heard."""
    if was.tempo_qpm is None or now.tempo_qpm is None or now.rhythm != was.rhythm:
        return now
    moved = now.tempo_qpm - was.tempo_qpm
    factor = TEMPO_STEP if step > 0 else 1 / TEMPO_STEP
    return now if moved * step > 0 else _paced(replace(now, tempo_qpm=was.tempo_qpm), factor)


def _paced(conditions: Conditions, factor: float) -> Conditions:
    if conditions.tempo_qpm is None:
        return conditions
    return replace(conditions, tempo_qpm=min(FASTEST, max(SLOWEST, round(conditions.tempo_qpm * factor))))


def _in_another_key(was: Interpretation, seed: int) -> Interpretation:
    """Draws as for any free key, until it differs. The prompt is left out: its own "in D" would win each time."""
    free = replace(was.conditions, key=None, chords=None)
    for draw in range(KEY_DRAWS):
        drawn = interpret("a tune", asked=free, feeling=(was.valence, was.arousal), style=free.style, seed=seed + draw)
        if drawn.conditions.key != was.conditions.key:
            break
    return replace(was, conditions=drawn.conditions)


def _asked(tune: Tune, tweak: str, interpretation: Interpretation, locked: Sequence[str]) -> Conditions:
    """What was understood does not reach a composer without our rules, so it is asked for whatever it is to keep."""
    now = interpretation.conditions
    if follows_rules(tune.composer):
        return _kept(now, locked)
    changed = {"other_key": ("key", "mode"), "faster": ("tempo_qpm",), "slower": ("tempo_qpm",)}.get(tweak, ())
    asked = _kept(now, [*changed, *locked]).merged(conditions_from_dict(tune.asked))
    return asked_of(asked, tune.composer)


def _kept(conditions: Conditions, locked: Sequence[str]) -> Conditions:
    """What the listener asked for by locking it; the rest was understood and may be understood anew."""
    names = set(locked)
    return conditions_from_dict({name: value for name, value in conditions.as_dict().items() if name in names})


def _within(value: float) -> float:
    return max(-1.0, min(1.0, round(value, 3)))
