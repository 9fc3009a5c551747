"""MIDI files read with music21, once a fast look has shown that they are sound. Knows no models."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from generator.abc_files import UnreadableFile
from generator.performance import Struck

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from music21.midi import MidiEvent
    from music21.note import Note
    from music21.stream import Stream

MOST_BYTES = 5_000_000
MOST_NOTES = 20_000
MOST_QUARTERS = 20_000
USUAL_LOUDNESS = 80
_HEAD = 14
_DRUMS = 10
_SHORTEST = Fraction(1, 12)


class MidiError(UnreadableFile):
    """A MIDI file that cannot be used; the message is a sentence that names it."""


def read_midi(path: str | Path) -> list[Struck]:
    """The notes of a file, by onset and then pitch; drums are left out. Raises MidiError."""
    return together(midi_parts(path))


def midi_parts(path: str | Path) -> list[list[Struck]]:
    """The same for each channel of each track, which is an instrument's. Raises MidiError."""
    path = Path(path)
    content = sound_bytes(path)
    _fast_look(path, content)
    try:
        parts = _parts_of(content)
    except Exception as wrong:  # music21 raises whatever its parts raise
        raise MidiError(f"music21 cannot read the MIDI file {path}.") from wrong
    if not parts:
        raise MidiError(f"The MIDI file {path} holds no notes.")
    return parts


def together(parts: Iterable[Iterable[Struck]]) -> list[Struck]:
    """All that is struck, by onset and then pitch; what two strike as one is one."""
    return sorted({note for part in parts for note in part}, key=lambda note: (note.onset, note.pitch))


def _parts_of(content: bytes) -> list[list[Struck]]:
    # Of music21 only the reader of events: its way from there to a score puts the rest of a note that is tied over
    # a bar line, where voices cross, at a wrong time.
    from music21.midi import MidiFile
    from music21.midi.translate import getTimeForEvents

    file = MidiFile()
    file.readstr(content)
    quarter = file.ticksPerQuarterNote
    parts: dict[tuple[int, int], list[Struck]] = {}
    for number, track in enumerate(file.tracks):
        for channel, note in _of_track(getTimeForEvents(track), quarter):
            parts.setdefault((number, channel), []).append(note)
    return [together([part]) for part in parts.values()]


def _of_track(events: list[tuple[int, MidiEvent]], quarter: int) -> Iterator[tuple[int, Struck]]:
    sounding: dict[tuple[int, int], tuple[int, int]] = {}  # channel and pitch → when and how loud
    for tick, event in events:
        if not (event.isNoteOn() or event.isNoteOff()) or event.channel == _DRUMS:
            continue
        name = (event.channel, event.pitch)
        if name in sounding:  # let go, or struck anew
            start, loudness = sounding.pop(name)
            onset = _on_the_grid(Fraction(start, quarter))
            end = _on_the_grid(Fraction(tick, quarter))
            yield event.channel, Struck(onset, max(end - onset, _SHORTEST), event.pitch, loudness)
        if event.isNoteOn() and event.velocity:
            sounding[name] = (tick, event.velocity)


def _on_the_grid(time: Fraction) -> Fraction:
    """The nearest quarter or third of a quarter note, as music21 itself has it."""
    return min((Fraction(round(time * parts), parts) for parts in (4, 3)), key=lambda near: abs(near - time))


def struck_parts(score: Stream) -> list[list[Struck]]:
    """What each part of a music21 score strikes, tied notes as one; ornaments without a length are left out."""
    return [together([_of_part(part)]) for part in score.parts or [score]]


def _of_part(part: Stream) -> Iterator[Struck]:
    # music21's own stripTies leaves some ties inside chords, so they are followed here, pitch by pitch.
    tied: dict[tuple[Fraction, int], Struck] = {}  # what sounds on, by the time at which it goes on, and pitch
    for one, onset, length, loudness in _heads(part):
        pitch = one.pitch.midi
        note = Struck(onset, length, pitch, loudness)
        if one.tie is not None and one.tie.type in ("stop", "continue") and (onset, pitch) in tied:
            before = tied.pop((onset, pitch))
            note = replace(before, length=onset + length - before.onset)
        if one.tie is not None and one.tie.type in ("start", "continue"):
            tied[onset + length, pitch] = note
        else:
            yield note
    yield from tied.values()


def _heads(part: Stream) -> Iterator[tuple[Note, Fraction, Fraction, int]]:
    for element in part.flatten().notes:
        if element.duration.isGrace or not element.quarterLength or "Harmony" in element.classes:
            continue
        for one in getattr(element, "notes", (element,)):
            if "Note" in one.classes:
                loudness = one.volume.velocity or element.volume.velocity or USUAL_LOUDNESS
                yield one, Fraction(element.offset), Fraction(element.quarterLength), loudness


def sound_bytes(path: Path) -> bytes:
    """A file's bytes, if they look like a whole MIDI file of bearable size. Raises MidiError."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise MidiError(f"The MIDI file {path} is larger than {MOST_BYTES // 1_000_000} MB.")
        content = path.read_bytes()
    except OSError as wrong:
        raise MidiError(f"The file {path} cannot be read: {wrong.strerror}.") from wrong
    if not content:
        raise MidiError(f"The MIDI file {path} is empty.")
    if not content.startswith(b"MThd"):
        raise MidiError(f"The file {path} is not a MIDI file.")
    if _is_cut_short(content):
        raise MidiError(f"The MIDI file {path} is cut short.")
    return content


def _is_cut_short(content: bytes) -> bool:
    """Whether the file ends before the tracks that its header promises do."""
    if len(content) < _HEAD:
        return True
    tracks, place = int.from_bytes(content[10:12], "big"), 8 + int.from_bytes(content[4:8], "big")
    while tracks and place + 8 <= len(content):
        tracks -= content[place : place + 4] == b"MTrk"
        place += 8 + int.from_bytes(content[place + 4 : place + 8], "big")
    return bool(tracks) or place > len(content)


def _fast_look(path: Path, content: bytes) -> None:
    """Lets symusic, a thousand times as fast, find what music21 would choke on or take an hour over."""
    import symusic

    try:
        score = symusic.Score.from_midi(content)
    except Exception as wrong:  # its own errors have no common class
        raise MidiError(f"The MIDI file {path} is broken.") from wrong
    quarters = score.end() / max(1, score.ticks_per_quarter)
    if score.note_num() > MOST_NOTES or quarters > MOST_QUARTERS:
        raise MidiError(f"The MIDI file {path} is too long: at most {MOST_NOTES:,} notes are read.")
