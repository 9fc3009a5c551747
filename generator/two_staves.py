"""Struck notes as ABC for two staves, exact to the sixteenth. Knows no models and no files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from generator.performance import Struck

_UNIT = Fraction(1, 4)  # a sixteenth, in quarter notes
_WRITABLE = (16, 12, 8, 6, 4, 3, 2, 1)  # sixteenths that one note head shows without two dots
_BARS_A_LINE = 4
_MIDDLE_C = 60
_LETTERS = "FCGDAEB"  # along the line of fifths from -1
_NATURAL = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_MODES = {"": 0, "maj": 0, "m": -3, "min": -3, "dor": -2, "mix": -1, "lyd": 1, "phr": -4}

Slice = tuple[int, int, dict[int, bool]]  # start and end in sixteenths; pitch → whether it sounds on


def two_staves(notes: Sequence[Struck], *, title: str, meter: str, key: str, qpm: int) -> str:
    """A whole ABC tune with a treble and a bass voice; both fill every bar."""
    return "".join(written(notes, title=title, meter=meter, key=key, qpm=qpm))


def written(notes: Sequence[Struck], *, title: str, meter: str, key: str, qpm: int) -> Iterator[str]:
    """The same, piece by piece: the header, then line by line of four bars."""
    placed = quantised(notes)
    hands = [[n for n in placed if n[2] >= _MIDDLE_C], [n for n in placed if n[2] < _MIDDLE_C]]
    yield _header(title, meter, key, qpm, "")
    yield from _lines(hands, meter, key)


def written_for_two(
    first: Sequence[Struck], second: Sequence[Struck], *, title: str, meter: str, key: str, qpm: int, second_name: str
) -> Iterator[str]:
    """Two instruments' parts, each on a staff of its own wherever it lies; the second's is named."""
    yield _header(title, meter, key, qpm, f' name="{second_name}"')
    yield from _lines([quantised(first), quantised(second)], meter, key)


def _header(title: str, meter: str, key: str, qpm: int, second: str) -> str:
    return (
        f"X:1\nT:{' '.join(title.split())}\nM:{meter}\nL:1/16\nQ:1/4={qpm}\n%%score {{ 1 | 2 }}\n"
        f"K:{key}\nV:1 clef=treble\nV:2 clef=bass{second}\n"
    )


def _lines(hands: Sequence[list[tuple[int, int, int]]], meter: str, key: str) -> Iterator[str]:
    bar, beat = _bar_and_beat(meter)
    bars = max(1, -(-max((end for hand in hands for _, end, _ in hand), default=0) // bar))
    staves = [_Staff(_slices(hand, bars * bar, bar), bar, beat, key_fifths(key)) for hand in hands]
    for first in range(0, bars, _BARS_A_LINE):
        last = min(first + _BARS_A_LINE, bars)
        for voice, staff in enumerate(staves, 1):
            texts = [staff.bar(index) for index in range(first, last)]
            yield f"[V:{voice}] {' | '.join(texts)} {'|]' if last == bars else '|'}\n"


def quantised(notes: Sequence[Struck]) -> list[tuple[int, int, int]]:
    """(start, end, pitch) in sixteenths, sorted; a pitch struck again ends its earlier self."""
    ends: dict[tuple[int, int], int] = {}
    for note in notes:
        start = round(note.onset / _UNIT)
        end = max(start + 1, round((note.onset + note.length) / _UNIT))
        ends[start, note.pitch] = max(end, ends.get((start, note.pitch), 0))
    upcoming: dict[int, int] = {}
    out = []
    for (start, pitch), end in sorted(ends.items(), reverse=True):
        out.append((start, min(end, upcoming.get(pitch, end)), pitch))
        upcoming[pitch] = start
    return sorted(out)


def key_fifths(key: str) -> int:
    """Sharps (or, below zero, flats) of an ABC key such as D, Am, Bbdor; "none" has neither."""
    if key == "none":
        return 0
    tonic, mode = key[:1], key[1:]
    alteration = 0
    if mode[:1] in ("#", "b"):
        alteration, mode = (7 if mode[0] == "#" else -7), mode[1:]
    return _LETTERS.index(tonic) - 1 + alteration + _MODES[mode.strip().lower()]


def spelled(pitch: int, fifths: int) -> tuple[str, int, int]:
    """Letter, alteration and octave of a pitch: the name nearest to the key on the line of fifths."""
    low = min(max(fifths - 3, -8), 1)  # one sharp or flat before a letter is enough
    place = next(p for p in range(low, low + 12) if (7 * p - pitch) % 12 == 0)
    letter, alteration = _LETTERS[(place + 1) % 7], (place + 1) // 7
    return letter, alteration, (pitch - alteration - _NATURAL[letter]) // 12 - 1


def _bar_and_beat(meter: str) -> tuple[int, int]:
    """Sixteenths of a bar and of a beamed group."""
    count, unit = map(int, meter.split("/"))
    compound = unit == 8 and count % 3 == 0
    return count * 16 // unit, 6 if compound else 4


def _slices(hand: list[tuple[int, int, int]], total: int, bar: int) -> Iterator[Slice]:
    """A staff cut wherever a note begins or ends and at each bar line, so that each cut is one chord or one rest."""
    cuts = sorted({0, *range(0, total + 1, bar), *(n[0] for n in hand), *(n[1] for n in hand)})
    for start, end in pairwise(cuts):
        sounding = [n for n in hand if n[0] <= start and n[1] >= end]
        yield start, end, {pitch: until > end for _, until, pitch in sounding}


class _Staff:
    """One voice bar by bar. Accidentals hold to the bar line, and are told again where one could be in doubt."""

    def __init__(self, slices: Iterator[Slice], bar: int, beat: int, fifths: int) -> None:
        self.length, self.beat, self.fifths = bar, beat, fifths
        self.sounding: list[int] = []  # pitches that are tied to what comes next
        self.bars: dict[int, list[Slice]] = {}
        for one in slices:
            self.bars.setdefault(one[0] // bar, []).append(one)

    def bar(self, index: int) -> str:
        shown: dict[str, dict[int, int]] = {}
        text = ""
        for start, end, chord in self.bars[index]:
            for begin, size, tied in _parts(start, end):
                between = " " if text and begin % self.length % self.beat == 0 else ""
                text += between + self._written(chord, size, tied, shown)
        return text

    def _written(self, chord: dict[int, bool], size: int, tied: bool, shown: dict[str, dict[int, int]]) -> str:
        length = str(size) if size > 1 else ""
        if not chord:
            return f"z{length}"
        # abc2midi carries ties over a bar line by place: what is tied comes first and in the order that it had.
        held = [pitch for pitch in self.sounding if pitch in chord]
        pitches = held + sorted(set(chord) - set(held))
        heads = [self._head(pitch, shown) for pitch in pitches]
        ties = ["-" if tied or chord[pitch] else "" for pitch in pitches]
        self.sounding = [pitch for pitch, tie in zip(pitches, ties, strict=True) if tie]
        if len(heads) == 1:
            return f"{heads[0]}{length}{ties[0]}"
        if all(ties):
            return f"[{''.join(heads)}]{length}-"
        return f"[{''.join(head + tie for head, tie in zip(heads, ties, strict=True))}]{length}"

    def _head(self, pitch: int, shown: dict[str, dict[int, int]]) -> str:
        letter, alteration, octave = spelled(pitch, self.fifths)
        seen = shown.setdefault(letter, {})  # octave → alteration, in this bar
        seen.setdefault(octave, _alteration_in_key(letter, self.fifths))
        # Programs differ on whether a sign holds in other octaves, so it is told wherever they would.
        sign = "" if set(seen.values()) == {alteration} else _sign(alteration)
        seen[octave] = alteration
        name = letter if octave < 5 else letter.lower()
        return sign + name + ("," * (4 - octave) if octave < 5 else "'" * (octave - 5))


def _alteration_in_key(letter: str, fifths: int) -> int:
    return (fifths + 6 - _LETTERS.index(letter)) // 7


def _sign(alteration: int) -> str:
    return "=" if alteration == 0 else ("^" if alteration > 0 else "_") * abs(alteration)


def _parts(start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """A stretch in lengths that can be written: (begin, size, whether another follows)."""
    while start < end:
        size = next(w for w in _WRITABLE if w <= end - start)
        yield start, size, start + size < end
        start += size
