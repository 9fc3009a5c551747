"""What a composer is told beside each id: its place, what is planned, what stood there before. Knows no models."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from generator import vocabulary as V
from generator.chord_ids import STATES
from generator.place import LAGS, PART_BARS, SLOTS, TUNE_BARS, Place
from generator.structure import BarSpan

ROOMS = 50  # 0: nothing is planned; then sixteenths left in the bar, from 1
INPUT_SIZES = {
    "slot": SLOTS,
    "part_bar": PART_BARS,
    "bars_left": TUNE_BARS + 1,  # 0: the number of bars is free
    "room": ROOMS,
    "part_left": PART_BARS + 1,  # 0: the part may be of any length
    "chord": STATES + 1,
    "next_chord": STATES + 1,
    **{f"back_{lag}": V.SIZE for lag in LAGS},  # the id that followed the same place so many bars ago; 0: none
}
INPUT_NAMES = tuple(INPUT_SIZES)
HIDDEN = 0  # of bars_left, room, part_left and the chords
ROOM = INPUT_NAMES.index("room")
PLANNED = (ROOM, INPUT_NAMES.index("part_left"))
CHORDS = (INPUT_NAMES.index("chord"), INPUT_NAMES.index("next_chord"))
BARS_LEFT = INPUT_NAMES.index("bars_left")


def inputs_at(
    place: Place,
    *,
    bars: int | None = None,
    planned: tuple[Fraction, int] | None = None,
    chords: tuple[int, int] = (0, 0),
) -> tuple[int, ...]:
    """Ids in the order of INPUT_NAMES. `planned`: eighths left in the bar; bars left in the part, this one counted."""
    slot, part_bar, number = place.features()
    bars_left = 1 + max(0, min(TUNE_BARS - 1, bars - number)) if bars else HIDDEN
    room, part_left = _planned_ids(*planned) if planned else (HIDDEN, HIDDEN)
    return (slot, part_bar, bars_left, room, part_left, *chords, *place.backs())


def _planned_ids(room: Fraction, part_left: int) -> tuple[int, int]:
    return 1 + max(0, min(ROOMS - 2, 2 * room.numerator // room.denominator)), max(1, min(PART_BARS, part_left))


def outline(spans: Sequence[BarSpan]) -> list[tuple[Fraction, int]]:
    """Of a finished score's written bars: (length, bars left in the part, itself counted)."""
    out: list[tuple[Fraction, int]] = []
    left: Counter[tuple[int, bool]] = Counter()
    for span in reversed(spans):
        # A second ending's bars stand beside the first one's; a pickup stands before its part's first full bar.
        kind = (span.part, span.ending == 2)
        left[kind] += span.number is not None or span.ending == 2
        out.append((span.length, max(1, left[kind])))
    return out[::-1]
