"""Music21's keyboard works and chorales and people's MIDI files, read once and kept. Knows no models and no courses."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from generator.corpora import BUNDLED_NAME
from generator.midi_files import MidiError, midi_parts, sound_bytes, struck_parts, together
from generator.performance import Struck

KEPT = Path(__file__).resolve().parents[1] / "var" / "parsed"  # where measuring keeps what was read
KEYBOARD, CHORALES = f"{BUNDLED_NAME}-keyboard", f"{BUNDLED_NAME}-chorales"
# What music21 carries for one player at a keyboard; the rest of its corpus is for voices and for strings.
KEYBOARD_WORKS = (
    "bach/bwv846", "cpebach/h186", "mozart/k545/movement1_exposition", "chopin/mazurka06-2", "joplin/maple_leaf_rag",
    "schumann_clara/polonaise_op1n1", "schumann_clara/polonaise_op1n2", "schumann_clara/polonaise_op1n3",
    "schumann_clara/polonaise_op1n4", "schoenberg/opus19/movement2", "schoenberg/opus19/movement6",
)  # fmt: skip
_VALID_OF_100 = 8
_SHARED = "parsed"


@dataclass(frozen=True)
class Sheet:
    """A piece as it was read. A MIDI file's time zero is taken for a bar line of 4/4, as the accounts do."""

    name: str
    parts: tuple[tuple[Struck, ...], ...]  # one for each hand or voice; of a MIDI file, for each channel of each track
    meters: tuple[str, ...] = ("4/4",)
    pickup: Fraction = Fraction(0)  # quarter notes that its first bar lacks

    @cached_property
    def notes(self) -> tuple[Struck, ...]:
        """All that is struck, by onset and then pitch."""
        return tuple(together(self.parts))


def read_sheets(data: Iterable[str], cache: Path, tell: Callable[[str], None] | None = None) -> Iterator[Sheet]:
    """From `music21`, `music21-keyboard`, `music21-chorales`, MIDI files and folders of them.

    A file named by itself must be sound (MidiError); of a folder, what cannot be read is told and left out.
    """
    tell = tell or _tell
    for name in data:
        if name in (BUNDLED_NAME, KEYBOARD):
            yield from _bundled("keyboard", lambda: KEYBOARD_WORKS, cache, tell)
        if name in (BUNDLED_NAME, CHORALES):
            yield from _bundled("chorales", _chorale_names, cache, tell)
        if name not in (BUNDLED_NAME, KEYBOARD, CHORALES):
            yield from _from_files(Path(name), cache, tell)


def cache_of(out: Path) -> Path:
    """Where a training that writes into `out` keeps what it read: with its neighbours, where they have such a place."""
    shared = out.parent / _SHARED
    return shared if shared.is_dir() else out / _SHARED


def share_cache(folder: Path) -> None:
    """Lets all that train in folders of this one read music21's works once; that takes minutes."""
    (folder / _SHARED).mkdir(parents=True, exist_ok=True)


def is_for_valid(name: str) -> bool:
    """Whether what has this name is kept for measuring: the same on every machine."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 100 < _VALID_OF_100


def _bundled(
    part: str, names: Callable[[], Iterable[str]], cache: Path, tell: Callable[[str], None]
) -> Iterator[Sheet]:
    kept = cache / f"{part}.parts.json"
    if not kept.exists():
        tell(f"reading music21's {part} once; this takes some minutes")
        _write(kept, [_packed(_parsed(name)) for name in names()])
    yield from map(_unpacked, json.loads(kept.read_text()))


def _chorale_names() -> list[str]:
    from music21 import corpus

    # bwv846 is a prelude and fugue.
    stems = {Path(path).stem for path in corpus.getComposer("bach") if Path(path).suffix in (".mxl", ".xml")}
    return [f"bach/{stem}" for stem in sorted(stems - {"bwv846"})]


def _parsed(name: str) -> Sheet:
    from music21 import corpus

    score = corpus.parse(name)
    first = score.parts[0].getElementsByClass("Measure")[0]
    meters = {time.ratioString for time in score.parts[0].recurse().getElementsByClass("TimeSignature")}
    return Sheet(name, tuple(map(tuple, struck_parts(score))), tuple(sorted(meters)), Fraction(first.paddingLeft))


def _from_files(path: Path, cache: Path, tell: Callable[[str], None]) -> Iterator[Sheet]:
    if not path.is_dir():
        yield _kept_file(path, cache)
        return
    for file in sorted(p for p in path.rglob("*") if p.suffix.lower() in (".mid", ".midi") and p.is_file()):
        try:
            yield _kept_file(file, cache)
        except MidiError as wrong:
            tell(str(wrong))


def _kept_file(path: Path, cache: Path) -> Sheet:
    """A file's notes by its content: reading takes music21 a second or two, and only once."""
    kept = cache / f"{hashlib.sha256(sound_bytes(path)).hexdigest()[:24]}.parts.json"
    if not kept.exists():
        _write(kept, _packed(Sheet(path.name, tuple(map(tuple, midi_parts(path))))))
    return Sheet(path.name, _unpacked(json.loads(kept.read_text())).parts)


def _packed(sheet: Sheet) -> dict:
    parts = [[[str(n.onset), str(n.length), n.pitch, n.loudness] for n in part] for part in sheet.parts]
    return {"name": sheet.name, "parts": parts, "meters": sheet.meters, "pickup": str(sheet.pickup)}


def _unpacked(kept: dict) -> Sheet:
    parts = (
        tuple(Struck(Fraction(onset), Fraction(length), *rest) for onset, length, *rest in part)
        for part in kept["parts"]
    )
    return Sheet(kept["name"], tuple(parts), tuple(kept["meters"]), Fraction(kept["pickup"]))


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(content))
    partial.replace(path)


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
