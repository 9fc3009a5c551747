"""What a tune is, in the words a brief uses: the conditions that training reads off the corpus."""

from __future__ import annotations

import bisect
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from generator.brief import METERS, RHYTHMS, TRADITIONS
from generator.notation import Score, sounding, split_key, tonic_pitch_class
from generator.structure import bar_count, bar_spans, form_of, open_repeats, wrong_bars

_RHYTHM_WORDS = {
    "visa": "song", "wals": "waltz", "schottisch": "schottische", "fling": "schottische", "menuett": "minuet",
    "hornpipe (not swung)": "hornpipe", "psalm": "hymn", "shanty": "song", "single jig": "jig", "double jig": "jig",
    "totakt-pols": "polska", "svingedans": "polska", "polkett": "polka",
}  # fmt: skip
# Notes a second that each rhythm is usually danced or sung at (music.md; Temperley & Tan 2013 and dance practice).
USUAL_NOTE_RATE = {"reel": 6.7, "jig": 5.75, "slip jig": 5.75, "slide": 6.0, "hornpipe": 5.0, "polka": 4.5,
                   "march": 3.3, "strathspey": 4.0, "schottische": 4.0, "waltz": 2.75, "mazurka": 3.2, "polska": 3.6,
                   "minuet": 2.9, "song": 2.2, "hymn": 1.7, "air": 1.8}  # fmt: skip
CONDITION_NAMES = ("key", "mode", "meter", "rhythm", "tradition", "form", "bars", "density", "register", "tempo",
                   "pickup", "care", "dotted")  # fmt: skip
DENSITY_STEPS, TEMPO_STEPS, MAX_BARS = 6, 8, 64
TONIC_NAMES = tuple(letter + mark for letter in "CDEFGAB" for mark in ("", "#", "b"))
MODE_NAMES = ("major", "minor", "dorian", "mixolydian", "lydian", "phrygian")
# Those that checkpoints know by name; forms that are offered later stand among the others.
FORM_NAMES = ("AABB", "AABA", "ABAC", "AABBCC", "AB", "A", "AA")
# Id 0 of every condition means free.
SIZES = {
    "key": len(TONIC_NAMES) + 1,
    "mode": len(MODE_NAMES) + 1,
    "meter": len(METERS) + 2,  # the last one: any other meter
    "rhythm": len(RHYTHMS) + 1,
    "tradition": len(TRADITIONS) + 1,
    "form": len(FORM_NAMES) + 2,  # the last one: any other form
    "bars": MAX_BARS + 1,
    "density": DENSITY_STEPS + 1,
    "register": DENSITY_STEPS + 1,
    "tempo": TEMPO_STEPS + 1,
    "pickup": 26,  # 1: none; then its sixteenths
    "care": 4,  # what the writing down of a tune was like: 1 no fault, 2 ends off its tonic, 3 wrong bars or repeats
    "dotted": 4,  # share of dotted among its pairs of eighths: 1 next to none, 2 some, 3 many
}
CAREFUL = 1
_DOTTED_FROM = (0.05, 0.3)
_HALVES = (Fraction(1, 2), Fraction(1), Fraction(3, 2))


def rhythm_of(word: str) -> str | None:
    """A collection's word for a dance, as one of RHYTHMS; None when it is none of them."""
    word = word.strip().lower()
    word = _RHYTHM_WORDS.get(word, word)
    return word if word in RHYTHMS else None


@dataclass(frozen=True)
class Measured:
    """What is counted in one tune."""

    notes_per_quarter: float
    mean_pitch: float  # MIDI
    bars: int
    form: str
    pickup: Fraction  # eighths
    care: int
    dotted: int


def measured(score: Score) -> Measured:
    events = sounding(score)
    pitches = [(pitch, float(length)) for _, length, pitch in events if pitch is not None]
    total = sum(float(length) for _, length, _ in events)
    mean = sum(p * w for p, w in pitches) / sum(w for _, w in pitches)
    return Measured(
        len(pitches) / (total / 2), mean, bar_count(score), form_of(score), pickup_of(score), care_of(score),
        dotted_of(score),
    )  # fmt: skip


def pickup_of(score: Score) -> Fraction:
    """The length, in eighths, of a first bar that is short; 0 for none."""
    first = next(iter(bar_spans(score)), None)
    return first.length if first and first.length < first.measure else Fraction(0)


def care_of(score: Score) -> int:
    """1: bars and repeats right, last note the tonic; 2: ends elsewhere; 3: something is wrong."""
    if wrong_bars(score) or open_repeats(score):
        return 3
    last = next((pitch for _, _, pitch in reversed(sounding(score)) if pitch is not None), None)
    return CAREFUL if last is not None and last % 12 == tonic_pitch_class(score.key) else 2


def dotted_of(score: Score) -> int:
    """1 to 3: how many of the pairs that fill a quarter are long and short instead of even."""
    lengths = [length for span in bar_spans(score) for _, length, _ in span.events]
    pairs = [pair for pair in pairwise(lengths) if sum(pair) == 2 and pair[0] in _HALVES]
    share = sum(pair[0] != 1 for pair in pairs) / len(pairs) if pairs else 0.0
    return 1 + bisect.bisect_right(_DOTTED_FROM, share)


class Places:
    """The place, 0 to 1, of a value among the corpus tunes of one rhythm (or of one meter, the rhythm unknown)."""

    def __init__(self, values: dict[str, list[float]] | None = None) -> None:
        self.values: dict[str, list[float]] = defaultdict(list, values or {})

    def add(self, group: str, value: float) -> None:
        bisect.insort(self.values[group], value)

    def place(self, group: str, value: float) -> float:
        known = self.values[group]
        if not known:
            return 0.5
        return (bisect.bisect_left(known, value) + bisect.bisect_right(known, value)) / 2 / len(known)


def step_of(place: float) -> int:
    """A place from 0 to 1 as one of DENSITY_STEPS ids, from 1."""
    return 1 + min(DENSITY_STEPS - 1, int(place * DENSITY_STEPS))


def tempo_id(tempo_qpm: float) -> int:
    """Quarter notes a minute as one of TEMPO_STEPS ids: a third of an octave each, from 1."""
    steps = (50, 63, 80, 101, 127, 160, 202)
    return 1 + bisect.bisect_right(steps, tempo_qpm)


def implied_tempo(rhythm: str, notes_per_quarter: float) -> float:
    """The tempo at which a tune has its rhythm's usual note rate. The corpus writes no tempi down."""
    return 60 * USUAL_NOTE_RATE[rhythm] / notes_per_quarter


def condition_ids(
    *, key: str, meter: str, rhythm: str | None, tradition: str | None, form: str | None, bars: int | None,
    density: float | None, register: float | None, tempo_qpm: float | None, pickup: Fraction | None = None,
    care: int = 0, dotted: int = 0,
) -> list[int]:  # fmt: skip
    """Ids in the order of CONDITION_NAMES."""
    tonic, mode = split_key(key)
    return [
        1 + TONIC_NAMES.index(tonic),
        1 + MODE_NAMES.index(mode),
        1 + METERS.index(meter) if meter in METERS else 1 + len(METERS),
        _id(rhythm, RHYTHMS),
        _id(tradition, TRADITIONS),
        (1 + FORM_NAMES.index(form) if form in FORM_NAMES else 1 + len(FORM_NAMES)) if form else 0,
        min(MAX_BARS, bars) if bars else 0,
        step_of(density) if density is not None else 0,
        step_of(register) if register is not None else 0,
        tempo_id(tempo_qpm) if tempo_qpm is not None else 0,
        0 if pickup is None else 1 + min(SIZES["pickup"] - 2, int(pickup * 2)),
        care,
        dotted,
    ]


def _id(word: str | None, words: tuple[str, ...]) -> int:
    return 1 + words.index(word) if word in words else 0
