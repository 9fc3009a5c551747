"""Says no to a brief that cannot be composed, field by field, in sentences. Knows no models."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from generator.brief import (
    FORMS,
    MAX_BARS,
    MAX_PROMPT_CHARACTERS,
    MAX_SEED,
    METERS,
    MIN_BARS,
    MODES,
    RHYTHMS,
    TRADITIONS,
    TUNE,
    Brief,
    BriefError,
    Conditions,
)
from generator.harmony import is_playable, is_shareable
from generator.notation import KEY_SUFFIX, NotationError, canonical_key, signature, split_key

MIN_TEMPO, MAX_TEMPO = 30, 300
MIN_TEMPERATURE, MAX_TEMPERATURE = 0.1, 2.0
RHYTHM_METERS = {
    "reel": ("4/4", "2/2", "2/4"), "jig": ("6/8",), "slip jig": ("9/8",), "hornpipe": ("4/4", "2/2", "2/4", "3/2"),
    "polka": ("2/4",), "march": ("2/4", "4/4", "2/2", "6/8", "3/4"), "waltz": ("3/4", "3/8"), "slide": ("12/8", "6/8"),
    "strathspey": ("4/4", "2/2"), "schottische": ("4/4", "2/4", "2/2"), "mazurka": ("3/4",), "polska": ("3/4",),
    "minuet": ("3/4", "3/8"), "air": METERS, "song": METERS, "hymn": METERS,
}  # fmt: skip
_ENHARMONIC = {"Db": "C#", "Eb": "D#", "Gb": "F#", "Ab": "G#", "Bb": "A#", "Cb": "B", "Fb": "E"}
_ENHARMONIC |= {sharp: flat for flat, sharp in _ENHARMONIC.items() if len(sharp) == 2} | {"B#": "C", "E#": "F"}
_FORM_WORDS = {"through composed": "ABCD", "durchkomponiert": "ABCD"}
_CHOICES = {"mode": MODES, "meter": METERS, "rhythm": RHYTHMS, "form": FORMS, "tradition": TRADITIONS}


def check_brief(brief: Brief) -> None:
    """Raises BriefError with a sentence for each field that is wrong."""
    wrong: dict[str, str] = {}
    wordless = brief.given is not None and isinstance(brief.prompt, str) and not brief.prompt.strip()
    if not wordless and (sentence := _prompt_fault(brief.prompt)):
        wrong["prompt"] = sentence
    if not _is_whole(brief.seed) or not 0 <= brief.seed <= MAX_SEED:
        wrong["seed"] = f"The seed must be a whole number from 0 to {MAX_SEED}."
    if not _is_number(brief.temperature) or not MIN_TEMPERATURE <= brief.temperature <= MAX_TEMPERATURE:
        wrong["temperature"] = f"The temperature must lie between {MIN_TEMPERATURE} and {MAX_TEMPERATURE:g}."
    if sentence := _composer_fault(brief.composer):
        wrong["composer"] = sentence
    else:
        wrong |= _beyond_composer(brief)
    wrong |= _brief_condition_faults(brief.conditions)
    if brief.given is not None and not wrong:
        from generator.given.faults import given_faults  # most briefs bring no music

        wrong = given_faults(brief)
    if wrong:
        raise BriefError(wrong)


def conditions_from_dict(given: Mapping[str, Any]) -> Conditions:
    """Conditions in the contract's shape; null, absent and "" mean free. Raises BriefError field by field."""
    if not isinstance(given, Mapping):
        raise BriefError({"conditions": "Conditions must be an object of names and values."})
    known = {f.name for f in fields(Conditions)}
    wrong = {str(name): "There is no condition of this name." for name in given if name not in known}
    values = {name: value for name, value in given.items() if name in known and value not in (None, "", [], ())}
    if isinstance(values.get("form"), str):
        values["form"] = _FORM_WORDS.get(re.sub(r"[\s_-]+", " ", values["form"].strip().lower()), values["form"])
    if isinstance(values.get("chords"), list | tuple):
        values["chords"] = tuple(values["chords"])
    wrong |= _type_faults(values)
    if wrong:
        raise BriefError(wrong)
    conditions = _with_key_split(values)
    if wrong := _condition_faults(conditions):
        raise BriefError(wrong)
    return conditions


def key_conditions(key: str) -> Conditions:
    """`Edor`, `Am` or `D` as key and mode together. Raises BriefError."""
    try:
        tonic, mode = split_key(key)
        signature(canonical_key(key))
    except NotationError:
        raise BriefError({"key": f"{key[:20]!r} is not a key; write D, Am, Edor, Gmix, Flyd or Bphr."}) from None
    return Conditions(key=tonic, mode=mode)


def _with_key_split(values: dict[str, Any]) -> Conditions:
    key = values.get("key")
    if key and (len(key) > 2 or key.endswith("m")):
        named = key_conditions(key)
        if values.get("mode", named.mode) != named.mode:
            raise BriefError({"key": f"The key {key} is {named.mode}, but the mode asked for is {values['mode']}."})
        values |= {"key": named.key, "mode": named.mode}
    return respelled(Conditions(**values))


def respelled(conditions: Conditions) -> Conditions:
    """C sharp minor for D flat minor: a key of more than seven signs is written under its other name."""
    key, mode = conditions.key, conditions.mode
    if key in _ENHARMONIC and mode in KEY_SUFFIX and not _writable(key, mode) and _writable(_ENHARMONIC[key], mode):
        return replace(conditions, key=_ENHARMONIC[key])
    return conditions


def _writable(key: str, mode: str) -> bool:
    try:
        signature(key + KEY_SUFFIX[mode])
    except NotationError:
        return False
    return True


def _prompt_fault(prompt: object) -> str | None:
    if not isinstance(prompt, str) or not prompt.strip():
        return "Tell us what the tune should feel like: a word is enough."
    if len(prompt) > MAX_PROMPT_CHARACTERS:
        return f"Please keep it under {MAX_PROMPT_CHARACTERS} characters; this has {len(prompt)}."
    kinds = {unicodedata.category(character) for character in prompt if character not in "\n\r\t"}
    if kinds & {"Cc", "Cs"}:
        return "There are characters in it that cannot be read; please type it again."
    if not any(kind[0] in "L" for kind in kinds):
        return "Please use at least one word; we cannot read a feeling from signs alone."
    return None


def _composer_fault(name: object) -> str | None:
    from generator.composers import composer_names

    if isinstance(name, str) and name in composer_names():
        return None
    return f"There is no composer of that name; choose one of: {', '.join(composer_names())}."


def _beyond_composer(brief: Brief) -> dict[str, str]:
    """Nothing that a composer cannot do is passed over in silence."""
    from generator.composers import card_of

    card = card_of(brief.composer)
    asked = [f.name for f in fields(Conditions) if getattr(brief.conditions, f.name, None) is not None]
    sentence = f"{card.title} cannot be asked for this; choose another composer, or leave it free."
    wrong = {name: sentence for name in asked if name not in card.takes}
    if brief.given is not None and card.kind != TUNE:
        wrong["composer"] = f"{card.title} starts from nothing: it cannot go on with music of yours."
    return wrong


def _type_faults(values: dict[str, Any]) -> dict[str, str]:
    wrong = {}
    for name in ("key", "mode", "meter", "rhythm", "form", "tradition", "style"):
        if name in values and not isinstance(values[name], str):
            wrong[name] = "This must be a word."
    for name in ("bars", "tempo_qpm"):
        if name in values and not _is_whole(values[name]):
            wrong[name] = "This must be a whole number."
    for name in ("density", "register"):
        if name in values and not _is_number(values[name]):
            wrong[name] = "This must be a number from 0 to 1."
    chords = values.get("chords")
    if chords is not None and not (isinstance(chords, tuple) and all(isinstance(chord, str) for chord in chords)):
        wrong["chords"] = "Chords must be a list of words, one for each bar."
    return wrong


def _brief_condition_faults(c: object) -> dict[str, str]:
    """A brief may come from a program that never asked `conditions_from_dict`."""
    if not isinstance(c, Conditions):
        return {"conditions": "Conditions must be an object of names and values."}
    given = {f.name: getattr(c, f.name) for f in fields(c) if getattr(c, f.name) is not None}
    return _type_faults(given) or _condition_faults(c)


def _condition_faults(c: Conditions) -> dict[str, str]:
    wrong = {}
    for name, choices in _CHOICES.items():
        if getattr(c, name) is not None and getattr(c, name) not in choices:
            wrong[name] = f"There is no such {name}; choose one of: {', '.join(choices)}."
    wrong |= _key_faults(c) | _number_faults(c) | _style_faults(c)
    return wrong or _contradictions(c)


def _key_faults(c: Conditions) -> dict[str, str]:
    if c.key is None or c.mode not in (None, *MODES):
        return {}
    # With a free mode one that suits is enough: G# has no major key that can be written, and its phrygian has.
    modes = (c.mode,) if c.mode else MODES
    if re.fullmatch("[A-G][#b]?", c.key) and any(_writable(c.key, mode) for mode in modes):
        return {}
    return {"key": "There is no such key; write a letter from A to G, with # or b where it needs one."}


def _number_faults(c: Conditions) -> dict[str, str]:
    wrong = {}
    if c.bars is not None and not MIN_BARS <= c.bars <= MAX_BARS:
        wrong["bars"] = f"A tune has {MIN_BARS} to {MAX_BARS} bars here."
    if c.tempo_qpm is not None and not MIN_TEMPO <= c.tempo_qpm <= MAX_TEMPO:
        wrong["tempo_qpm"] = f"The tempo must lie between {MIN_TEMPO} and {MAX_TEMPO} quarter notes a minute."
    for name in ("density", "register"):
        number = getattr(c, name)
        if number is not None and not 0 <= number <= 1:
            wrong[name] = "This must be a number from 0 to 1."
    if c.chords is not None and not MIN_BARS <= len(c.chords) <= MAX_BARS:
        wrong["chords"] = f"Give {MIN_BARS} to {MAX_BARS} chords, one for each bar."
    return wrong


def _style_faults(c: Conditions) -> dict[str, str]:
    from generator.prompts import style_names

    if c.style is not None and c.style not in style_names():
        return {"style": f"There is no such style; choose one of: {', '.join(style_names())}."}
    return {}


def _contradictions(c: Conditions) -> dict[str, str]:
    wrong = {}
    if c.rhythm and c.meter and c.meter not in RHYTHM_METERS[c.rhythm]:
        meters = " or ".join(RHYTHM_METERS[c.rhythm])
        wrong["meter"] = f"A {c.rhythm} is written in {meters}, not in {c.meter}."
    if c.form and c.bars and not is_shareable(c.form, c.bars):
        wrong["bars"] = f"{c.bars} bars cannot be shared among the parts of {c.form}."
    if c.chords and c.bars and len(c.chords) != c.bars:
        wrong["chords"] = f"There are {len(c.chords)} chords for {c.bars} bars; give one for each bar."
    for chord in (c.chords or ()) if "chords" not in wrong else ():
        # Spaces alone: a line's end inside a chord would end the staff's line.
        if not all(is_playable(half.strip(" ")) for half in chord.split(",")) or chord.count(",") > 1:
            wrong["chords"] = (
                f"{chord[:20]!r} is not a chord that can be played here; write D, Em, A7, Gmaj7, Asus4, Bdim."
            )
    return wrong


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value
