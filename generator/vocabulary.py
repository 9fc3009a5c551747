"""Symbols to ids and back, exact both ways; pitches count from the tonic, so every key shares one set of ids."""

from __future__ import annotations

from fractions import Fraction

from generator.notation import (
    BARS,
    Bar,
    ChordSymbol,
    KeyChange,
    MeterChange,
    NotationError,
    Note,
    Rest,
    Score,
    Symbol,
    Tuplet,
    tonic_step,
)

ACCIDENTALS = ("^", "_", "=", "^^", "__")
LOWEST, HIGHEST = -20, 24  # diatonic steps from the tonic in the octave of middle C
_LENGTHS = "1/8 1/6 1/4 1/3 3/8 1/2 2/3 3/4 7/8 4/3 3/2 7/4 15/8 2 9/4 5/2 8/3 11/4 3 7/2 15/4 4 9/2 5 11/2 6 13/2 7 15/2 8 9 10 11 12 14 15 16"  # noqa: E501  # fmt: skip
LENGTHS = tuple(Fraction(text) for text in _LENGTHS.split())
_TONICS = tuple(letter + mark for letter in "CDEFGAB" for mark in ("", "#", "b"))
_SUFFIXES = ("", "m", "dor", "mix", "lyd", "phr")
_METERS = tuple(
    "2/4 3/4 4/4 2/2 6/8 9/8 12/8 3/8 3/2 6/4 5/4 7/4 8/4 9/4 1/4 4/8 5/8 7/8 8/8 11/8 15/8 4/2 5/2 9/16 8/16 6/16 12/16 1/8 2/8 10/8 1/2 13/8 6/2".split()  # noqa: E501
)

NAMES: tuple[str, ...] = (
    "pad", "start", "end", "tie", "rest",
    *(f"bar {sign}" for sign in BARS),
    *(f"tuplet {p}" for p in range(2, 10)),
    *(f"accidental {mark}" for mark in ACCIDENTALS),
    *(f"length {length}" for length in LENGTHS),
    *(f"pitch {step}" for step in range(LOWEST, HIGHEST + 1)),
    *(f"key {tonic}{suffix}" for tonic in _TONICS for suffix in _SUFFIXES),
    *(f"meter {meter}" for meter in _METERS),
)  # fmt: skip
IDS = {name: index for index, name in enumerate(NAMES)}
PAD, START, END, TIE, REST = range(5)
BAR_IDS = {sign: IDS[f"bar {sign}"] for sign in BARS}
LENGTH_IDS = {length: IDS[f"length {length}"] for length in LENGTHS}
PITCH_ZERO = IDS["pitch 0"]
SIZE = len(NAMES)
LENGTH_OF = {token: length for length, token in LENGTH_IDS.items()}
_KINDS = tuple(name.split(" ")[0] for name in NAMES)
_VALUES = tuple(name.partition(" ")[2] for name in NAMES)


def kind(token: int) -> str:
    """pad, start, end, tie, rest, bar, tuplet, accidental, length, pitch, key or meter."""
    return _KINDS[token]


def value(token: int) -> str:
    return _VALUES[token]


def encode(score: Score) -> list[int]:
    """Ids of a score's melody, without chord symbols, start or end.

    Raises NotationError for a length, pitch, key or meter outside the vocabulary.
    """
    reference = tonic_step(score.key)
    out: list[int] = []
    for symbol in score.symbols:
        if not isinstance(symbol, ChordSymbol):
            try:
                out += _ids_of(symbol, reference)
            except KeyError as unknown:
                raise NotationError(f"outside the vocabulary: {str(unknown.args[0]).split()[0]}") from unknown
    return out


def _ids_of(symbol: Symbol, reference: int) -> list[int]:
    match symbol:
        case Bar():
            return [BAR_IDS[symbol.sign]]
        case Tuplet():
            return [IDS[f"tuplet {symbol.p}"]]
        case KeyChange():
            return [IDS[f"key {symbol.key}"]]
        case MeterChange():
            return [IDS[f"meter {symbol.meter}"]]
        case Rest():
            return [*_length_ids(symbol.length), REST]
        case Note():
            mark = [IDS[f"accidental {symbol.accidental}"]] if symbol.accidental else []
            pitch = IDS[f"pitch {symbol.step - reference}"]
            return [*_length_ids(symbol.length), *mark, pitch, *([TIE] if symbol.tie else [])]
    raise KeyError(f"symbol {symbol}")


def _length_ids(length: Fraction) -> list[int]:
    return [] if length == 1 else [IDS[f"length {length}"]]


def decode(ids: list[int], *, meter: str, key: str) -> Score:
    """The score that ids stand for. Raises NotationError when a length or accidental lacks its note."""
    reader = SymbolReader(key)
    symbols: list[Symbol] = []
    for token in ids:
        if token in (PAD, START, END):
            continue
        if token == TIE:
            if not symbols or not isinstance(symbols[-1], Note):
                raise NotationError("a tie without its note")
            last = symbols[-1]
            symbols[-1] = Note(last.step, last.accidental, last.length, tie=True)
        elif (symbol := reader.feed(token)) is not None:
            symbols.append(symbol)
    if reader.pending:
        raise NotationError("a length or accidental without its note")
    return Score(meter, key, tuple(symbols))


class SymbolReader:
    """Turns ids into symbols one at a time: a symbol comes out with its last id."""

    def __init__(self, key: str) -> None:
        self.reference = tonic_step(key)
        self.length: Fraction | None = None
        self.mark = ""

    @property
    def pending(self) -> bool:
        return self.length is not None or bool(self.mark)

    def feed(self, token: int) -> Symbol | None:
        """None while a symbol is unfinished. Raises NotationError on an id that cannot follow."""
        what = kind(token)
        if what == "length" and not self.pending:
            self.length = LENGTH_OF[token]
        elif what == "accidental" and not self.mark:
            self.mark = value(token)
        elif what == "pitch":
            return self._take(Note(token - PITCH_ZERO + self.reference, self.mark, self.length or Fraction(1)))
        elif what == "rest" and not self.mark:
            return self._take(Rest(self.length or Fraction(1)))
        elif not self.pending and what in ("bar", "tuplet", "key", "meter"):
            text = value(token)
            return (
                {"bar": Bar, "key": KeyChange, "meter": MeterChange}[what](text)
                if what != "tuplet"
                else Tuplet(int(text))
            )
        else:
            raise NotationError("ids out of order")
        return None

    def _take(self, symbol: Symbol) -> Symbol:
        self.length, self.mark = None, ""
        return symbol
