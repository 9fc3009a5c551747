"""Struck notes to a finished piece for a brief: key, octaves, two staves, MIDI. Knows no models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from generator.brief import TONICS, Brief, Check, ComposeFailed, Conditions, NotesAdded, Piece
from generator.composers import card_of, checkpoint_id
from generator.found_key import key_of
from generator.performance import Struck, in_range, midi_of
from generator.titles import named
from generator.two_staves import key_fifths, written

MOST_QUARTERS = 128  # 32 bars of four
_METER, _QPM = "4/4", 100
_OUT_OF_HEARING = 16  # the lowest pitch that anybody hears as one
_ENHARMONIC = {"C#": "Db", "D#": "Eb", "Gb": "F#", "G#": "Ab", "A#": "Bb", "Cb": "B", "B#": "C", "E#": "F", "Fb": "E"}


def keyboard_piece(brief: Brief, notes: Sequence[Struck]) -> Iterator[NotesAdded | Piece]:
    """The piece line by line, then whole. A key that is taken is met by transposing, a tempo by playing so."""
    heard = [note for note in notes if note.pitch >= _OUT_OF_HEARING and note.onset < MOST_QUARTERS]
    if not heard:
        raise ComposeFailed("The composer wrote nothing but silence. Please try again.")
    taken = card_of(brief.composer).takes
    asked = Conditions(**{name: getattr(brief.conditions, name) for name in taken})
    key = key_of(heard)
    if asked.key is not None:
        heard, key = transposed(heard, key, asked.key)
    heard = [replace(note, pitch=in_range(note.pitch), length=_within(note)) for note in heard]
    tonic, mode = _tonic_and_mode(key)
    made = Conditions(key=tonic, mode=mode, meter=_METER, tempo_qpm=asked.tempo_qpm or _QPM)
    return _told(brief, heard, key, made)


def transposed(notes: Sequence[Struck], key: str, tonic: str) -> tuple[list[Struck], str]:
    """By the shortest way to another tonic; the mode stays."""
    up = (_pitch_class(tonic) - _pitch_class(_tonic_and_mode(key)[0]) + 6) % 12 - 6
    moved = [replace(note, pitch=note.pitch + up) for note in notes]
    wanted = tonic + ("m" if key.endswith("m") else "")
    return moved, wanted if abs(key_fifths(wanted)) <= 7 else key_of(moved)


def _told(brief: Brief, notes: list[Struck], key: str, made: Conditions) -> Iterator[NotesAdded | Piece]:
    title, qpm, text = named(brief.prompt, made, brief.seed), made.tempo_qpm or _QPM, ""
    for line in written(notes, title=title, meter=_METER, key=key, qpm=qpm):
        yield NotesAdded(1, len(text), line)
        text += line
    yield Piece(
        abc=text, title=title, prompt=brief.prompt, conditions=made, composer=brief.composer,
        checkpoint=checkpoint_id(brief.composer), seed=brief.seed, checks={"notes": Check(True, len(notes))},
        midi=midi_of(notes, qpm),
    )  # fmt: skip


def _within(note: Struck) -> Fraction:
    return min(note.length, MOST_QUARTERS - note.onset)


def _tonic_and_mode(key: str) -> tuple[str, str]:
    tonic = key.removesuffix("m")
    return _ENHARMONIC.get(tonic, tonic), "minor" if key.endswith("m") else "major"


def _pitch_class(tonic: str) -> int:
    return TONICS.index(tonic)
