"""A few notes as people type them, to the steps between them; knows no tunes."""

from __future__ import annotations

import re
from itertools import pairwise

LETTERS = "CDEFGAB"
FEWEST_NOTES, MOST_NOTES = 4, 64
_LONGEST = 1000  # characters, lengths and bar lines included
_NOTE = re.compile(r"(?P<before>[_^=♯♭♮]*)(?P<letter>[A-Ga-g])(?P<after>[#♯♭♮]*)(?P<octave>[',’]*)")
# Bar lines, lengths and rests, as in a line copied from ABC: any rhythm will do, so they say nothing here.
_SILENT = re.compile(r"[\s|:\[\]0-9/<>z.()-]+")
# A small b after a capital that stands alone is a flat: Bb. Elsewhere it is a note: gab.
_FLAT = re.compile(r"(?<![^\s|])([A-G])b(?=[',’]*(?:[\s|]|$))")
# "D, F, A, d": here commas stand between notes, and lower none by an octave.
_LISTED = re.compile(r"[^\s,]{1,4}(?:,\s+[^\s,]{1,4})+")


class NotesError(ValueError):
    """The message is one sentence a person can act on."""


def steps_of(text: str) -> tuple[int, ...]:
    """Signed diatonic steps; accidentals are read and left out, since any key will do. Raises NotesError."""
    if len(text) > _LONGEST:
        raise NotesError(f"Give at most {MOST_NOTES} notes.")
    places = _places(text.replace(",", " ") if _LISTED.fullmatch(text) else text)
    if len(places) < FEWEST_NOTES:
        raise NotesError(f"Give at least {FEWEST_NOTES} notes: with fewer, nearly every tune would be found.")
    if len(places) > MOST_NOTES:
        raise NotesError(f"Give at most {MOST_NOTES} notes.")
    return tuple(b - a for a, b in pairwise(places))


def _places(text: str) -> list[int]:
    """Diatonic steps above C of each note."""
    text, at, places = _FLAT.sub(r"\1♭", text), 0, []
    while at < len(text):
        if silent := _SILENT.match(text, at):
            at = silent.end()
        elif note := _NOTE.match(text, at):
            places.append(_place(note))
            at = note.end()
        else:
            raise NotesError(f"“{text[at]}” is no note: type letters from A to G, as in D F A d.")
    return places


def _place(note: re.Match) -> int:
    octave = note["letter"].islower() + len(note["octave"]) - 2 * note["octave"].count(",")
    return LETTERS.index(note["letter"].upper()) + 7 * octave
