"""Keyboard music to learn from: music21's bundled works and chorales, and folders of MIDI files. Knows no models."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from generator.brief import BriefError
from generator.corpora import BUNDLED_NAME
from generator.midi_files import MidiError, read_midi, sound_bytes, struck_notes
from generator.performance import Struck, end_of

KEYBOARD, CHORALES = f"{BUNDLED_NAME}-keyboard", f"{BUNDLED_NAME}-chorales"
LONGEST_PAUSE = Fraction(8)  # quarter notes without a sound: two bars
# What music21 carries for one player at a keyboard; the rest of its corpus is for voices and for strings.
KEYBOARD_WORKS = (
    "bach/bwv846", "cpebach/h186", "mozart/k545/movement1_exposition", "chopin/mazurka06-2", "joplin/maple_leaf_rag",
    "schumann_clara/polonaise_op1n1", "schumann_clara/polonaise_op1n2", "schumann_clara/polonaise_op1n3",
    "schumann_clara/polonaise_op1n4", "schoenberg/opus19/movement2", "schoenberg/opus19/movement6",
)  # fmt: skip
_VALID_OF_100 = 8


@dataclass(frozen=True)
class Work:
    """A piece by the name of what it was read from."""

    name: str
    notes: tuple[Struck, ...]

    @property
    def is_for_valid(self) -> bool:
        """Whether it is kept for measuring: the same works on every machine."""
        return int(hashlib.sha256(self.name.encode()).hexdigest(), 16) % 100 < _VALID_OF_100


def read_works(data: Iterable[str], *, cache: Path, log: Callable[[str], None] | None = None) -> list[Work]:
    """Works without long pauses from `music21`, `music21-keyboard`, `music21-chorales`, MIDI files and folders of them.

    Parsed works are kept in `cache`. A file named by itself must be sound (MidiError); of a folder, what cannot be
    read is told and left out. Raises BriefError where nothing is left.
    """
    tell = log or _tell
    works = [work for work in _all(data, cache, tell) if work.notes]
    kept = [work for work in works if longest_pause(work.notes) <= LONGEST_PAUSE]
    if paused := len(works) - len(kept):
        tell(f"{paused} works left out for a pause of more than {LONGEST_PAUSE} quarter notes")
    if not kept:
        raise BriefError({"data": "These files hold no keyboard music without long pauses."})
    return kept


def split(works: list[Work], valid: list[Work] | None = None) -> tuple[list[Work], list[Work]]:
    """Works to learn from and works to measure on. Raises BriefError when there are none of either."""
    lessons = works if valid else [work for work in works if not work.is_for_valid]
    tests = valid or [work for work in works if work.is_for_valid]
    if not lessons or not tests:
        raise BriefError(
            {"data": "These files hold too few works to learn from and to measure on; name some by --valid."}
        )
    return lessons, tests


def longest_pause(notes: Iterable[Struck]) -> Fraction:
    """The longest time in which nothing sounds, before the first note too."""
    longest = sounding_until = Fraction(0)
    for note in sorted(notes, key=lambda note: note.onset):
        longest = max(longest, note.onset - sounding_until)
        sounding_until = max(sounding_until, note.onset + note.length)
    return longest


def without_silence_before(notes: Iterable[Struck]) -> tuple[Struck, ...]:
    """The same notes from time zero."""
    notes = sorted(notes, key=lambda note: (note.onset, note.pitch))
    first = notes[0].onset if notes else Fraction(0)
    return tuple(Struck(n.onset - first, n.length, n.pitch, n.loudness) for n in notes)


def quarters_of(works: Iterable[Work]) -> float:
    return float(sum(end_of(work.notes) for work in works))


def _all(data: Iterable[str], cache: Path, tell: Callable[[str], None]) -> Iterator[Work]:
    for name in data:
        if name in (BUNDLED_NAME, KEYBOARD):
            yield from _bundled("keyboard", KEYBOARD_WORKS, cache, tell)
        if name in (BUNDLED_NAME, CHORALES):
            yield from _bundled("chorales", _chorale_names(), cache, tell)
        if name not in (BUNDLED_NAME, KEYBOARD, CHORALES):
            yield from _from_files(Path(name), cache, tell)


def _bundled(part: str, names: Iterable[str], cache: Path, tell: Callable[[str], None]) -> Iterator[Work]:
    kept = cache / f"{part}.json"
    if not kept.exists():
        tell(f"reading music21's {part} once; this takes some minutes")
        works = {name: _parsed(name) for name in names}
        _write(kept, {name: [_packed(note) for note in notes] for name, notes in works.items()})
    for name, notes in json.loads(kept.read_text()).items():
        yield Work(name, tuple(_unpacked(note) for note in notes))


def _chorale_names() -> list[str]:
    from music21 import corpus

    # bwv846 is a prelude and fugue.
    stems = {Path(path).stem for path in corpus.getComposer("bach") if Path(path).suffix in (".mxl", ".xml")}
    return [f"bach/{stem}" for stem in sorted(stems - {"bwv846"})]


def _parsed(name: str) -> tuple[Struck, ...]:
    from music21 import corpus

    return without_silence_before(struck_notes(corpus.parse(name)))


def _from_files(path: Path, cache: Path, tell: Callable[[str], None]) -> Iterator[Work]:
    if not path.is_dir():
        yield _kept_file(path, cache)
        return
    for file in sorted(p for p in path.rglob("*") if p.suffix.lower() in (".mid", ".midi") and p.is_file()):
        try:
            yield _kept_file(file, cache)
        except MidiError as wrong:
            tell(str(wrong))


def _kept_file(path: Path, cache: Path) -> Work:
    """A file's notes by its content: reading takes music21 a second or two, and only once."""
    kept = cache / f"{hashlib.sha256(sound_bytes(path)).hexdigest()[:24]}.json"
    if not kept.exists():
        notes = without_silence_before(read_midi(path))
        _write(kept, [_packed(note) for note in notes])
    return Work(path.name, tuple(_unpacked(note) for note in json.loads(kept.read_text())))


def _packed(note: Struck) -> list:
    return [str(note.onset), str(note.length), note.pitch, note.loudness]


def _unpacked(written: list) -> Struck:
    return Struck(Fraction(written[0]), Fraction(written[1]), *written[2:])


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(content))
    partial.replace(path)


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
