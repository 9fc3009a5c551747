"""From what a listener sent, page or program alike, to a checked brief and what is understood of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from generator import (
    Brief,
    BriefError,
    Conditions,
    Given,
    Interpretation,
    check_brief,
    conditions_from_dict,
    interpret,
)
from webapp.tunes.abc_headers import conditions_in
from webapp.tunes.abilities import card_of, hears
from webapp.tunes.givens import given_from

CONDITION_NAMES = tuple(Conditions.__dataclass_fields__)
NEEDED = ("key", "mode", "meter", "rhythm", "bars", "form", "tempo_qpm", "style", "chords")


def brief_from(sent: Mapping, *, seed: int) -> tuple[Brief, tuple[float, float] | None]:
    """Raises BriefError with everything that is wrong at once, so that nobody is told of one fault at a time."""
    faults: dict[str, str] = {}
    asked = _asked(sent.get("conditions") or {}, faults)
    given = _given(sent.get("given"), faults)
    chosen = {name: sent[name] for name in ("seed", "composer", "temperature") if sent.get(name) not in (None, "")}
    brief = Brief(**{"prompt": sent.get("prompt") or "", "conditions": asked, "seed": seed, "given": given, **chosen})
    try:
        check_brief(brief)
    except BriefError as error:
        faults = {**error.fields, **faults}
    if sent.get("given") is not None and not brief.prompt:
        faults.pop("prompt", None)  # the music speaks for itself, also when there is something wrong with it
    feeling = _feeling(sent.get("feeling"), faults)
    if feeling is not None and not hears(brief.composer):
        faults["feeling"] = f"{card_of(brief.composer).title} hears no feeling; choose another composer, or send none."
    if faults:
        raise BriefError({_sayable(field)[:60]: _sayable(message) for field, message in faults.items()})
    return brief, feeling


def understood(brief: Brief, feeling: tuple[float, float] | None = None) -> Interpretation:
    asked = brief.conditions
    if brief.given is None:
        return interpret(brief.prompt, asked=asked, feeling=feeling, style=asked.style, seed=brief.seed)
    asked = _told_by_music(brief.given, asked)
    heard = interpret(brief.prompt, asked=asked, feeling=feeling, style=asked.style, seed=brief.seed)
    # How long the music is and on what chords it stands is the composer's to read, and not drawn from words.
    own = {name: getattr(brief.conditions, name) for name in ("bars", "form", "chords")}
    return replace(heard, conditions=replace(heard.conditions, **own))


def filled(was: Interpretation, seed: int) -> Interpretation:
    """Music of one's own leaves open what a new tune needs: its length and chords, its rhythm, its style."""
    if all(getattr(was.conditions, name) is not None for name in NEEDED):
        return was
    feeling, style = (was.valence, was.arousal), was.conditions.style
    heard = interpret("", asked=was.conditions, feeling=feeling, style=style, seed=seed)
    return replace(heard, keywords=was.keywords, language=was.language)


def _told_by_music(given: Given, asked: Conditions) -> Conditions:
    try:
        return conditions_from_dict(asked.merged(conditions_in(given.abc)).as_dict())
    except BriefError:
        return asked


def _asked(conditions: Mapping, faults: dict[str, str]) -> Conditions:
    try:
        return conditions_from_dict(conditions)
    except BriefError as error:
        faults.update(error.fields)
        return Conditions()


def _given(sent: object, faults: dict[str, str]) -> Given | None:
    if sent is None:
        return None
    try:
        return given_from(sent)
    except BriefError as error:
        faults.update(error.fields)
        return None


def _feeling(sent: object, faults: dict[str, str]) -> tuple[float, float] | None:
    if sent is None:
        return None
    valence, arousal = sent
    if not (-1 <= valence <= 1 and -1 <= arousal <= 1):
        faults["feeling"] = "The feeling lies between -1 and 1 in both directions."
        return None
    return valence, arousal


def _sayable(message: str) -> str:
    """A message may quote what was sent, and not everything that was sent can be written down."""
    return message.encode("utf-8", "replace").decode()
