"""Sets a tune for people as it grows: beams by meter, four bars a line, chord symbols. Only ever adds text."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from generator.notation import (
    PART_ENDS,
    Bar,
    KeyChange,
    MeterChange,
    Note,
    Rest,
    Score,
    Symbol,
    Tuplet,
    is_compound,
    length_text,
    measure_length,
    pitch_text,
    tuplet_ratio,
)

BARS_A_LINE = 4
_HALVES_ABOVE = 150


def header(*, title: str, meter: str, key: str, tempo_qpm: int | None, rhythm: str | None = None) -> str:
    """The fields in front of the first bar."""
    # abc2midi swings an R:hornpipe, and refuses one outside these meters.
    named = rhythm and (rhythm != "hornpipe" or meter in ("2/4", "4/4"))
    lines = ["X:1", f"T:{title}", *([f"R:{rhythm}"] if named else []), f"M:{meter}", "L:1/8"]
    if tempo_qpm:
        lines.append(f"Q:{tempo_field(meter, tempo_qpm)}")
    return "\n".join([*lines, f"K:{key}"]) + "\n"


def tempo_field(meter: str, tempo_qpm: int) -> str:
    """Beats as a dancer counts them: dotted quarters in compound meters, halves in 2/2 and fast 4/4, else quarters."""
    if is_compound(meter) and meter.endswith("/8"):
        return f"3/8={round(tempo_qpm / 1.5)}"
    if meter.endswith("/2") or (meter == "4/4" and tempo_qpm > _HALVES_ABOVE):
        return f"1/2={round(tempo_qpm / 2)}"
    return f"1/4={tempo_qpm}"


@lru_cache(1024)
def beam_group(meter: str) -> Fraction:
    """How many eighths are beamed together: threes in 6/8, fours in a reel, a beat elsewhere."""
    if is_compound(meter) or meter == "3/8":
        return Fraction(3)
    return Fraction(4) if meter in ("4/4", "2/2", "3/2", "4/2") else Fraction(2)


@dataclass
class Engraver:
    """Symbols in, text out. `chords` holds a symbol (or two, joined by a comma) for each numbered bar."""

    meter: str
    chords: tuple[str, ...] = ()
    pickup: Fraction = Fraction(0)
    onset: Fraction = Fraction(0)  # in the bar
    number: int = 0  # bars closed, as the contract counts
    ending: int = 0
    bar_in_part: int = 0
    tuplet_left: int = 0
    ratio: Fraction = Fraction(1)
    fresh: bool = True  # nothing in this bar yet
    waiting_chord: str = ""
    begun: bool = False
    tuplet_begun: bool = False  # its first note must follow it without a space
    before: Note | Rest | None = None  # the last event
    in_pickup: bool = field(init=False)

    def __post_init__(self) -> None:
        self.in_pickup = self.pickup > 0

    def feed(self, symbol: Symbol) -> str:
        """The text that a symbol adds."""
        match symbol:
            case Bar():
                return self._bar(symbol.sign)
            case Tuplet():
                lead = self._lead()
                self.tuplet_left, self.ratio, self.tuplet_begun = symbol.p, tuplet_ratio(symbol.p, self.meter), True
                return f"{lead}({symbol.p}"
            case KeyChange():
                return f"[K:{symbol.key}]"
            case MeterChange():
                self.meter = symbol.meter
                return f"[M:{symbol.meter}]"
            case Note():
                return self._event(symbol, symbol.accidental + pitch_text(symbol.step))
            case Rest():
                return self._event(symbol, "z")
        raise TypeError(symbol)

    def _event(self, symbol: Note | Rest, head: str) -> str:
        lead = "" if self.tuplet_begun else self._lead(breaks=self._beam_meets_rest(symbol))
        self.tuplet_begun, self.before = False, symbol
        self.onset += symbol.length * self.ratio if self.tuplet_left else symbol.length
        self.tuplet_left = max(0, self.tuplet_left - 1)
        tie = "-" if isinstance(symbol, Note) and symbol.tie else ""
        return f"{lead}{head}{length_text(symbol.length)}{tie}"

    def _beam_meets_rest(self, symbol: Note | Rest) -> bool:
        """A beam stops at a rest: abcjs would draw it across."""
        if self.before is None or self.tuplet_left or isinstance(symbol, Note) == isinstance(self.before, Note):
            return False
        note = symbol if isinstance(symbol, Note) else self.before
        return note.length < 2

    def _lead(self, *, breaks: bool = False) -> str:
        """A space where a beam breaks, then the chord that begins here."""
        onset = self.onset + measure_length(self.meter) - self.pickup if self.in_pickup else self.onset
        on_group = not onset % beam_group(self.meter)
        space = " " if not self.fresh and (on_group or breaks) else ""
        chord = self._chord()
        self.fresh = False
        return space + chord

    def _chord(self) -> str:
        if self.in_pickup or not self.chords:
            return ""
        number = self.number - (self.ending == 2)
        if self.fresh and number < len(self.chords):
            first, _, self.waiting_chord = self.chords[number].partition(",")
            return f'"{first.strip()}"'
        if self.waiting_chord and self.onset * 2 >= measure_length(self.meter):
            second, self.waiting_chord = self.waiting_chord.strip(), ""
            return f'"{second}"'
        return ""

    def _bar(self, sign: str) -> str:
        opening = not self.begun and self.onset == 0
        self.begun = True
        if opening:
            return f"{sign} "
        self._close()
        line = sign in PART_ENDS or (self.bar_in_part and self.bar_in_part % BARS_A_LINE == 0 and sign == "|")
        self._open(sign)
        return f" {sign}\n" if line else f" {sign} "

    def _close(self) -> None:
        if not self.in_pickup:
            self.number += self.ending != 2
            self.bar_in_part += 1
        self.in_pickup = False
        self.onset, self.fresh, self.waiting_chord = Fraction(0), True, ""

    def _open(self, sign: str) -> None:
        if sign[-1] in "12":
            self.ending = int(sign[-1])
        if sign in PART_ENDS:
            self.bar_in_part, self.ending = 0, 0
            self.in_pickup = self.pickup > 0


def engraved(
    score: Score,
    *,
    title: str,
    chords: tuple[str, ...] = (),
    tempo_qpm: int | None = None,
    pickup: Fraction = Fraction(0),
) -> str:
    """A whole tune for people."""
    engraver = Engraver(score.meter, chords, pickup)
    body = "".join(engraver.feed(symbol) for symbol in score.without_chords().symbols)
    return header(title=title, meter=score.meter, key=score.key, tempo_qpm=tempo_qpm) + body
