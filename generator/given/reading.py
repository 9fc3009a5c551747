"""Reads the ABC that a person brings: one tune, its title, rhythm, tempo and bars. Knows no models and no tasks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from generator.attributes import rhythm_of
from generator.brief import METERS, BriefError
from generator.harmony import played_as
from generator.notation import NotationError, Score, canonical_key, canonical_meter, parse

MOST_CHARACTERS = 20_000
MIN_TEMPO, MAX_TEMPO = 30, 300
_FIELD = re.compile(r"([A-Za-z+]):(.*)")
_VOICE = re.compile(r"^V:[ \t]*(\S+).*$|\[V:[ \t]*([^\]\s]+)[^\]]*\]", re.MULTILINE)
_QUOTED = re.compile(r'"([^"\n]*)"')
_ANNOTATION = ("^", "_", "<", ">", "@", "/")
_WORDS = frozenset("fine coda segno d.c. d.s. dc ds d.c d.s solo tutti intro end n.c. nc n.c 1st 2nd 1. 2. 1 2".split())
_REASONS = {
    "many voices": "There are several voices in it; give a single melody.",
    "a third ending": "There is a third ending in it; first and second endings can be read.",
    "no notes": "There are no notes in it.",
    "too long": "The tune is too long to be read here.",
    "unit length": "The L: field cannot be read; write L:1/8 or the like.",
    "tuplet": "There is a tuplet in it that cannot be read; write (3abc.",
    "tuplet over a bar line": "A tuplet in it runs over a bar line.",
    "broken rhythm": "A > or < in it does not stand between two notes.",
    "unfinished tuplet or broken rhythm": "It ends inside a tuplet, or with a > or < that has no second note.",
    "a change inside a bar": "The key or the meter changes inside a bar; change it at a bar line.",
    "length": "There is a note length in it that cannot be read.",
    "pitch": "There is a note in it too high or too low to be read.",
    "macro": "There is a macro in it; write its notes out.",
    "key": "A key in it cannot be read; write K:D, K:Am, K:Edor or K:Gmix.",
    "free or unknown meter": "A meter in it cannot be read; write M:6/8 or the like.",
}


@dataclass(frozen=True)
class OwnTune:
    """One tune as it was given."""

    score: Score
    title: str
    rhythm: str | None
    tempo_qpm: int | None
    closed: bool  # a bar line stands after the last note


def read_tune(text: object) -> OwnTune:
    """Raises BriefError, its field `abc`, with one sentence on the first thing that is wrong."""
    plain = _checked_text(text)
    fields, body = _split(plain)
    meter, key = _meter(fields), _key(fields)
    if sentence := _chord_fault(body):
        raise _fault(sentence)
    try:
        score = parse(body, meter=meter, key=key, unit=fields.get("L"))
    except NotationError as reason:
        raise _fault(_REASONS.get(str(reason), "It cannot be read as ABC notation; look for a stray sign.")) from None
    title = fields.get("T", "").strip()
    closed = type(score.symbols[-1]).__name__ == "Bar"
    return OwnTune(score, title, rhythm_of(fields.get("R", "")), _tempo(fields.get("Q", "")), closed)


def _fault(sentence: str) -> BriefError:
    return BriefError({"abc": sentence})


def _checked_text(text: object) -> str:
    if not isinstance(text, str) or not text.strip():
        raise _fault("Give a tune in ABC notation; this is empty.")
    if len(text) > MOST_CHARACTERS:
        raise _fault(f"Please keep the music under {MOST_CHARACTERS} characters; this has {len(text)}.")
    plain = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    if len(re.findall(r"^X:", plain, re.MULTILINE)) > 1:
        raise _fault("There are several tunes in it; give one.")
    voices = {one or other for one, other in _VOICE.findall(plain)}
    if len(voices) > 1:
        raise _fault(_REASONS["many voices"])
    return _VOICE.sub("", plain)  # the name of an only voice tells nothing


def _split(text: str) -> tuple[dict[str, str], str]:
    """The fields up to K, the first of each, and all that follows."""
    fields: dict[str, str] = {}
    lines = text.split("\n")
    for index, line in enumerate(lines):
        if match := _FIELD.match(line.strip()):
            fields.setdefault(match[1], match[2].split("%")[0].strip())
            if match[1] == "K":
                return fields, "\n".join(lines[index + 1 :])
    if "M" in fields:
        raise _fault("The key is missing; put a line such as K:D before the notes.")
    raise _fault("This is no tune in ABC notation: it needs lines such as M:6/8 and K:D before its notes.")


def _meter(fields: dict[str, str]) -> str:
    written = fields.get("M", "")
    if not written:
        raise _fault("The meter is missing; put a line such as M:6/8 before the key.")
    try:
        meter = canonical_meter(written)
    except NotationError:
        meter = ""
    if meter not in METERS:
        raise _fault(f"The meter {written[:12]} is none of those written here: {', '.join(METERS)}.")
    return meter


def _key(fields: dict[str, str]) -> str:
    try:
        return canonical_key(fields["K"])
    except NotationError:
        raise _fault(f"{fields['K'][:20]!r} is not a key; write K:D, K:Am, K:Edor, K:Gmix, K:Flyd or K:Bphr.") from None


def _chord_fault(body: str) -> str | None:
    """A word above the notes is taken for a chord unless it is marked as a remark or holds a blank."""
    for text in _QUOTED.findall(body):
        word = text.strip()
        said = not word or word.startswith(_ANNOTATION) or " " in word or word.lower() in _WORDS
        if not said and played_as(word.strip("()")) is None:
            return f"{word[:20]!r} is no chord that is known here; write D, Em, A7, Gmaj7, Asus4, Bdim or D/F#."
    return None


def _tempo(text: str) -> int | None:
    """Quarter notes a minute of a Q: field; None where it tells none."""
    match = re.search(r"(?:(\d{1,2})/(\d{1,2})\s*=\s*)?(\d{1,3})(?!\d|/)", re.sub(r'"[^"]*"', "", text))
    if match is None:
        return None
    top, bottom, beats = match.groups()
    if bottom is not None and not int(bottom):
        return None
    quarters = round(int(beats) * (Fraction(int(top), int(bottom)) * 4 if top else 1))
    return quarters if MIN_TEMPO <= quarters <= MAX_TEMPO else None
