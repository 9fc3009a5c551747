"""Finds a named key or mode in a prompt ("in D minor", "fis-Moll", "sol mayor", "降B大调"); knows no moods."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.brief import TONICS
from generator.harmony import pitch_class
from generator.prompts.stems import folded

_MODES = (
    ("dorian", r"dorian|dorische?[nrs]?|dorico|dorien(?:ne)?|多利亚|多利安"),
    ("mixolydian", r"mixolydian|mixolydische?[nrs]?|mixolidio|mixolydien(?:ne)?|混合利底亚"),
    ("lydian", r"lydian|lydische?[nrs]?|lidio|lydien(?:ne)?|利底亚"),
    ("phrygian", r"phrygian|phrygische?[nrs]?|frigio|phrygien(?:ne)?|弗里几亚|弗利吉亚"),
    ("minor", r"minor|moll|menor|mineur|aeolian|aolisch|小调|小調"),
    ("major", r"major|dur|mayor|majeur|ionian|ionisch|大调|大調"),
)
_ANY_MODE = "|".join(pattern for _, pattern in _MODES)
_SOLFEGE = {"do": "C", "re": "D", "mi": "E", "fa": "F", "sol": "G", "la": "A", "si": "B"}
_SHARP = r"#|♯| ?-?sharp| sostenido| diese"
_FLAT = r"b|♭| ?-?flat| bemol"
# A letter and its mode: D minor, F sharp major, Bb dorian. "a minor key" is no A, so a lone small a must end there.
_LETTER_KEY = re.compile(
    rf"(?<![\w'’])([A-Ga-g])({_SHARP}|{_FLAT})?(?:-| )?(?:({_ANY_MODE}))(?![a-z])(?! (?:key|mode|scale|tune|chord))"
)
_GERMAN_KEY = re.compile(r"(?<![a-z])([a-h])(is|es|s)?-? ?(moll|dur)(?![a-z])")
_SOLFEGE_KEY = re.compile(rf"(?<![a-z])(do|re|mi|fa|sol|la|si)({_SHARP}|{_FLAT})? ({_ANY_MODE})(?![a-z])")
_CHINESE_KEY = re.compile(rf"([降升]?)([a-g])({_SHARP}|{_FLAT})? ?({_ANY_MODE})")
_BARE_KEY = re.compile(
    r"\b(?:in|key of|key:) ?(?:the key of )?([A-G])([#b♯♭]|[- ]?sharp|[- ]?flat)?(?=$|[.,;:!?)]| (?!\w))"
)
_LOOSE_KEY = re.compile(r"\b(?:[Ii]n|[Kk]ey of|key:) ?(?:the key of )?([B-G])([#b♯♭]|[- ]?sharp|[- ]?flat)?(?![\w'’/])")
_KEY_NOUNS = r"key|mode|scale|chords?|tune|melody|jig|reel|waltz|air|march|hornpipe|polka|lament|song|lullaby"
_BARE_MINOR = {
    "minor": rf"\b(?:in(?: an?)?|an?|sad|slow|dark) minor(?= (?:{_KEY_NOUNS})\b|$|[.,;!])"
    rf"|\bminor (?:{_KEY_NOUNS})\b|\bmoll\b"
    r"|(?:en|modo|tono|tonalidad|clave) menor\b|(?:en|mode|tonalite) mineure?\b|小调|小調",
    "major": rf"\bin(?: a)? major\b|\bmajor (?:{_KEY_NOUNS})\b|\bdur\b"
    r"|(?:en|modo|tono|tonalidad|clave) mayor\b|(?:en|mode|tonalite) majeure?\b|大调|大調",
}


@dataclass(frozen=True)
class _Found:
    letter: str
    bend: int
    mode: str | None


def find_key(prompt: str) -> tuple[str | None, str | None]:
    """The tonic (as in TONICS) and the mode named, either of them None."""
    text = folded(prompt)
    for find in (_german, _solfege, _chinese, _lettered, _bare):
        found = find(prompt, text)
        if found is not None:
            return _tonic(found), found.mode or _mode_alone(text)
    return None, _mode_alone(text)


def _tonic(found: _Found) -> str | None:
    pitch = (pitch_class(found.letter) + found.bend) % 12
    return next(tonic for tonic in TONICS if pitch_class(tonic) == pitch)


def _mode_of(word: str) -> str | None:
    return next((mode for mode, pattern in _MODES if re.fullmatch(pattern, word)), None)


def _mode_alone(text: str) -> str | None:
    for mode, pattern in _MODES[:4]:
        if re.search(rf"(?<![a-z])(?:{pattern})(?![a-z])", text):
            return mode
    return next((mode for mode, pattern in _BARE_MINOR.items() if re.search(pattern, text)), None)


def _bend(mark: str | None) -> int:
    mark = (mark or "").strip(" -").lower()
    if mark in ("#", "♯", "sharp", "sostenido", "diese"):
        return 1
    return -1 if mark in ("b", "♭", "flat", "bemol") else 0


def _lettered(prompt: str, text: str) -> _Found | None:
    for match in _LETTER_KEY.finditer(_simple(prompt)):
        if match[1] == "a" and not re.match(r"\s*(?:$|[.,;:!?)])", prompt[match.end() :]):
            continue
        return _Found(match[1].upper(), _bend(match[2]), _mode_of(folded(match[3])))
    return None


def _simple(prompt: str) -> str:
    """Mode names in lower case and letters as typed, so that `D Minor` is found and `a` stays small."""
    return re.sub(rf"(?i)\b(?:{_ANY_MODE})\b", lambda match: match[0].lower(), prompt)


def _german(prompt: str, text: str) -> _Found | None:
    match = _GERMAN_KEY.search(text)
    if match is None:
        return None
    letter, bend = match[1], {"is": 1, "es": -1, "s": -1, None: 0}[match[2]]
    if letter == "h":
        return _Found("B", bend, _mode_of(match[3]))
    if letter == "b" and not match[2]:
        return _Found("B", -1, _mode_of(match[3]))
    return _Found(letter.upper(), bend, _mode_of(match[3]))


def _solfege(prompt: str, text: str) -> _Found | None:
    match = _SOLFEGE_KEY.search(text)
    return _Found(_SOLFEGE[match[1]], _bend(match[2]), _mode_of(match[3])) if match else None


def _chinese(prompt: str, text: str) -> _Found | None:
    match = _CHINESE_KEY.search(text)
    if match is None or match[4].isascii():
        return None
    return _Found(match[2].upper(), {"降": -1, "升": 1}.get(match[1], 0) or _bend(match[3]), _mode_of(match[4]))


def _bare(prompt: str, text: str) -> _Found | None:
    match = _BARE_KEY.search(prompt) or _LOOSE_KEY.search(prompt)
    return _Found(match[1], _bend(match[2]), None) if match else None
