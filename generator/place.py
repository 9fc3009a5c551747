"""Where the next symbol will stand: place in the bar, bar in the part, bar of the tune. Knows ids, no models."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from generator import vocabulary as V
from generator.notation import PART_ENDS, measure_length, tuplet_ratio

SLOTS, PART_BARS, TUNE_BARS = 48, 32, 64
LAGS = (1, 2, 4, 8, 16)  # bars back at which a tune most often answers itself

Ratio = tuple[int, int]  # a fraction that is quick to look up
Spot = tuple[Ratio, Ratio | None, bool, int]  # of an id in its bar: elapsed; length, accidental, tuplet begun


@dataclass
class Place:
    """Follows a tune id by id. Lengths are in eighth notes; everything looks back only, never ahead."""

    meter: str
    elapsed: Fraction = Fraction(0)  # in this bar
    measure: Fraction = field(init=False)
    length: Fraction | None = None  # read, its note not yet
    marked: bool = False  # an accidental read, its note not yet
    tuplet_left: int = 0
    ratio: Fraction = Fraction(1)
    number: int = 0  # of the bar being written, as the contract counts
    ordinal: int = 0  # of the bar being written, every bar counted
    bar_in_part: int = 0
    part: int = 0
    ending: int = 0
    short: Fraction = Fraction(0)  # length of the bar before, when it was short and no pickup
    previous: int = V.START
    heard: dict[int, dict[Spot, int]] = field(default_factory=dict)  # ids by spot, of the full bars by their numbers
    here: dict[Spot, int] = field(default_factory=dict)  # of the bar being written

    def __post_init__(self) -> None:
        self.measure = measure_length(self.meter)

    def copy(self) -> Place:
        twin = object.__new__(Place)
        twin.__dict__.update(self.__dict__)
        twin.heard, twin.here = dict(self.heard), dict(self.here)
        return twin

    def feed(self, token: int) -> None:
        """Moves on by one id."""
        if token != V.TIE:
            self.here.setdefault(self._spot, token)
        what = V.kind(token)
        if what == "length":
            self.length = V.LENGTH_OF[token]
        elif what == "accidental":
            self.marked = True
        elif what in ("pitch", "rest"):
            self._advance(self.length or Fraction(1))
        elif what == "tuplet":
            self.tuplet_left = int(V.value(token))
            self.ratio = tuplet_ratio(self.tuplet_left, self.meter)
        elif what == "bar":
            self._turn(V.value(token))
        elif what == "meter":
            self.meter = V.value(token)
            self.measure = measure_length(self.meter)
        self.previous = token

    def _advance(self, length: Fraction) -> None:
        self.elapsed += length * self.ratio if self.tuplet_left else length
        self.tuplet_left = max(0, self.tuplet_left - 1)
        self.length, self.marked = None, False

    def _turn(self, sign: str) -> None:
        if self.elapsed:
            self._close_bar()
        if sign in PART_ENDS and self.ordinal:
            self.bar_in_part, self.ending = 0, 0
            self.part += 1
        if sign[-1] in "12":
            self.ending = int(sign[-1])

    def _close_bar(self) -> None:
        is_short = self.elapsed < self.measure
        opens = self.ordinal == 0 or (self.ending == 0 and self.short + self.elapsed == self.measure)
        pickup = is_short and opens
        self.short = self.elapsed if is_short and not pickup else Fraction(0)
        if not pickup and self.ending != 2:
            self.heard[self.number] = self.here
            self.number += 1
        self.here = {}
        self.bar_in_part += not pickup
        self.ordinal += 1
        self.elapsed = Fraction(0)

    @property
    def _spot(self) -> Spot:
        length = self.length and self.length.as_integer_ratio()
        return self.elapsed.as_integer_ratio(), length, self.marked, self.tuplet_left

    def backs(self) -> tuple[int, ...]:
        """The ids that followed this spot so many bars ago, one for each of LAGS; 0 where there was none."""
        spot, number, heard = self._spot, self.number, self.heard
        return tuple([bar.get(spot, V.PAD) if (bar := heard.get(number - lag)) else V.PAD for lag in LAGS])

    @property
    def second_half(self) -> bool:
        (n, d), (whole, part) = self.elapsed.as_integer_ratio(), self.measure.as_integer_ratio()
        return 2 * n * part >= whole * d  # as fractions these would take ten times as long

    def features(self) -> tuple[int, int, int]:
        """(slot in sixteenths, bar in part, bar of tune), each clipped to its table's size."""
        return (
            min(SLOTS - 1, 2 * self.elapsed.numerator // self.elapsed.denominator),
            min(PART_BARS - 1, self.bar_in_part),
            min(TUNE_BARS - 1, self.number),
        )
