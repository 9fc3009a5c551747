"""From what a listener sent, page or program alike, to a checked brief and what is understood of it."""

from __future__ import annotations

from collections.abc import Mapping

from generator import Brief, BriefError, Conditions, Interpretation, check_brief, conditions_from_dict, interpret

CONDITION_NAMES = tuple(Conditions.__dataclass_fields__)


def brief_from(sent: Mapping, *, seed: int) -> tuple[Brief, tuple[float, float] | None]:
    """Raises BriefError with everything that is wrong at once, so that nobody is told of one fault at a time."""
    faults: dict[str, str] = {}
    asked = _asked(sent.get("conditions") or {}, faults)
    chosen = {name: sent[name] for name in ("seed", "composer", "temperature") if sent.get(name) not in (None, "")}
    brief = Brief(**{"prompt": sent.get("prompt") or "", "conditions": asked, "seed": seed, **chosen})
    try:
        check_brief(brief)
    except BriefError as error:
        faults = {**error.fields, **faults}
    feeling = _feeling(sent.get("feeling"), faults)
    if faults:
        raise BriefError({_sayable(field)[:60]: _sayable(message) for field, message in faults.items()})
    return brief, feeling


def understood(brief: Brief, feeling: tuple[float, float] | None = None) -> Interpretation:
    asked = brief.conditions
    return interpret(brief.prompt, asked=asked, feeling=feeling, style=asked.style, seed=brief.seed)


def _asked(conditions: Mapping, faults: dict[str, str]) -> Conditions:
    try:
        return conditions_from_dict(conditions)
    except BriefError as error:
        faults.update(error.fields)
        return Conditions()


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
