"""ABC text to symbols in canonical form, and back; knows no ids, no models and nothing of pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, wraps
from typing import TypeVar

T = TypeVar("T")
LETTERS = "CDEFGAB"
SEMITONES = (0, 2, 4, 5, 7, 9, 11)
BARS = ("|", "||", "|]", "|:", ":|", ":||:", "|1", "|2", ":|1", ":|2", "[1", "[2")
PART_ENDS = ("||", "|]", ":|", ":||:", "|:")
KEY_SUFFIX = {"major": "", "minor": "m", "dorian": "dor", "mixolydian": "mix", "lydian": "lyd", "phrygian": "phr"}
_SUFFIX_MODE = {"": "major", "maj": "major", "ion": "major", "m": "minor", "min": "minor", "aeo": "minor",
                "dor": "dorian", "mix": "mixolydian", "lyd": "lydian", "phr": "phrygian"}  # fmt: skip
# Sharps (or, below zero, flats) that a mode adds to the signature of the major key on the same tonic.
_MODE_SHARPS = {"major": 0, "minor": -3, "dorian": -2, "mixolydian": -1, "lydian": 1, "phrygian": -4}
_LONGEST_KEY = 100  # with clef and the like; longer is hostile
_ACCIDENTAL = {"": 0, "^": 1, "_": -1, "=": 0, "^^": 2, "__": -2}


class NotationError(ValueError):
    """A text that the canonical form cannot hold; the message is the reason, a word or two."""


@dataclass(frozen=True)
class Note:
    step: int  # diatonic steps above C (middle C, written `C`); 7 is `c`
    accidental: str  # as written: "", ^, _, =, ^^ or __
    length: Fraction  # in eighth notes, before any tuplet
    tie: bool = False


@dataclass(frozen=True)
class Rest:
    length: Fraction


@dataclass(frozen=True)
class Bar:
    sign: str  # one of BARS


@dataclass(frozen=True)
class Tuplet:
    p: int


@dataclass(frozen=True)
class KeyChange:
    key: str


@dataclass(frozen=True)
class MeterChange:
    meter: str


@dataclass(frozen=True)
class ChordSymbol:
    text: str


Symbol = Note | Rest | Bar | Tuplet | KeyChange | MeterChange | ChordSymbol


@dataclass(frozen=True)
class Score:
    """One tune in canonical form: a meter, a key, and its symbols in order."""

    meter: str
    key: str
    symbols: tuple[Symbol, ...]

    def without_chords(self) -> Score:
        return Score(self.meter, self.key, tuple(s for s in self.symbols if not isinstance(s, ChordSymbol)))

    @property
    def body(self) -> str:
        return "".join(written(s) for s in self.symbols)

    @property
    def text(self) -> str:
        return f"M:{self.meter}\nL:1/8\nK:{self.key}\n{self.body}\n"


def split_key(key: str) -> tuple[str, str]:
    """`Edor` to ("E", "dorian"). Raises NotationError for what the canonical form does not know."""
    match = re.fullmatch(r"\s*([A-G][#b]?)\s*([A-Za-z]*)\s*", key)
    if not match:
        raise NotationError("key")
    tonic, word = match[1], match[2]
    suffix = {"m": "m", "M": ""}.get(word, word.lower()[:3])
    if suffix not in _SUFFIX_MODE:
        raise NotationError("key")
    return tonic, _SUFFIX_MODE[suffix]


def canonical_key(key: str) -> str:
    if len(key) > _LONGEST_KEY:
        raise NotationError("key")
    head = re.split(r"\s+(?:clef|octave|middle|stafflines|transpose|treble|bass|exp)\b", key.strip())[0]
    head = re.sub(r"\s+ajor\b", "", head)  # some collections lost their M's
    tonic, mode = split_key(head)
    return tonic + KEY_SUFFIX[mode]


def tonic_step(key: str) -> int:
    """Diatonic steps of the tonic's letter above C, 0 to 6."""
    return LETTERS.index(key[0])


def tonic_pitch_class(key: str) -> int:
    return (SEMITONES[tonic_step(key)] + {"#": 1, "b": -1}.get(key[1:2], 0)) % 12


def signature(key: str) -> dict[int, int]:
    """Alteration in semitones of each letter (0 to 6) under a key; letters left plain are absent."""
    tonic, mode = split_key(key)
    natural = {"F": -1, "C": 0, "G": 1, "D": 2, "A": 3, "E": 4, "B": 5}[tonic[0]]
    sharps = natural + 7 * {"#": 1, "b": -1}.get(tonic[1:], 0) + _MODE_SHARPS[mode]
    if abs(sharps) > 7:
        raise NotationError("key")
    order = "FCGDAEB" if sharps > 0 else "BEADGCF"
    return {LETTERS.index(letter): (1 if sharps > 0 else -1) for letter in order[: abs(sharps)]}


def canonical_meter(meter: str) -> str:
    text = {"C": "4/4", "C|": "2/2"}.get(meter.strip(), meter.strip())
    if not re.fullmatch(r"[1-9][0-9]?/(1|2|4|8|16|32)", text):
        raise NotationError("free or unknown meter")
    return text


@lru_cache(1024)
def measure_length(meter: str) -> Fraction:
    """A full bar, in eighth notes."""
    top, bottom = meter.split("/")
    return Fraction(int(top) * 8, int(bottom))


@lru_cache(1024)
def is_compound(meter: str) -> bool:
    top, bottom = map(int, meter.split("/"))
    return top % 3 == 0 and top > 3 and bottom >= 8


def default_unit(meter: str) -> Fraction:
    """ABC 2.1, section 3.1.7: a sixteenth below three quarters of a whole note, an eighth from there on."""
    top, bottom = map(int, meter.split("/"))
    return Fraction(1, 16) if Fraction(top, bottom) < Fraction(3, 4) else Fraction(1, 8)


@lru_cache(1024)
def tuplet_ratio(p: int, meter: str) -> Fraction:
    """How much shorter each of a tuplet's p notes sounds than written (ABC 2.1, section 4.13)."""
    n = 3 if is_compound(meter) else 2
    q = {2: 3, 3: 2, 4: 3, 5: n, 6: 2, 7: n, 8: 3, 9: n}[p]
    return Fraction(q, p)


def length_text(length: Fraction) -> str:
    if length.denominator == 1:
        return "" if length == 1 else str(length.numerator)
    return f"{'' if length.numerator == 1 else length.numerator}/{length.denominator}"


def pitch_text(step: int) -> str:
    octave, letter = divmod(step, 7)
    if octave > 0:
        return LETTERS[letter].lower() + "'" * (octave - 1)
    return LETTERS[letter] + "," * -octave


def written(symbol: Symbol) -> str:
    """One symbol as canonical ABC."""
    match symbol:
        case Note():
            return symbol.accidental + pitch_text(symbol.step) + length_text(symbol.length) + "-" * symbol.tie
        case Rest():
            return "z" + length_text(symbol.length)
        case Bar():
            return symbol.sign
        case Tuplet():
            return f"({symbol.p}"
        case KeyChange():
            return f"[K:{symbol.key}]"
        case MeterChange():
            return f"[M:{symbol.meter}]"
        case ChordSymbol():
            return f'"{symbol.text}"'


def parse(body: str, *, meter: str, key: str, unit: str | None = None) -> Score:
    """ABC body text under its header fields to canonical form.

    Raises NotationError with the reason a tune is excluded (many voices, free meter, a third ending...).
    """
    from generator.abc_reader import read  # the reader is long and imports this module's symbols

    meter, key = canonical_meter(meter), canonical_key(key)
    signature(key)
    return Score(meter, key, read(body, meter=meter, key=key, unit=unit))


def sounding(score: Score) -> list[tuple[Fraction, Fraction, int | None]]:
    """(onset, length, MIDI pitch or None for a rest) of each symbol that takes time, in eighths, as written.

    Accidentals last to the bar's end; a tied note keeps its accidental over the bar line.
    """
    return [(onset, length, pitch) for _, onset, length, pitch in timed(score)]


def once(of: Callable[[Score], T]) -> Callable[[Score], T]:
    """Keeps the answer about the score asked after last: a piece's checks ask the same of it a dozen times."""
    last: tuple[Score | None, T | None] = (None, None)

    @wraps(of)
    def asked(score: Score) -> T:
        nonlocal last
        known, answer = last  # read at once: another thread may ask after another score
        if known is not score:
            answer = of(score)
            last = (score, answer)
        return answer

    return asked


@once
def timed(score: Score) -> list[tuple[int, Fraction, Fraction, int | None]]:
    """Like `sounding`, with each event's index among the symbols in front."""
    out: list[tuple[int, Fraction, Fraction, int | None]] = []
    now, meter, altered, in_bar = Fraction(0), score.meter, signature(score.key), {}
    left, ratio, carried = 0, Fraction(1), None
    for index, symbol in enumerate(score.symbols):
        match symbol:
            case Bar():
                in_bar = {}
            case MeterChange():
                meter = symbol.meter
            case KeyChange():
                altered, in_bar = signature(symbol.key), {}
            case Tuplet():
                left, ratio = symbol.p, tuplet_ratio(symbol.p, meter)
            case Note() | Rest():
                length = symbol.length * ratio if left else symbol.length
                left = max(0, left - 1)
                pitch = None
                if isinstance(symbol, Note):
                    pitch = _pitch(symbol, in_bar, altered, carried)
                    carried = pitch if symbol.tie else None
                out.append((index, now, length, pitch))
                now += length
    return out


def _pitch(note: Note, in_bar: dict[int, int], altered: dict[int, int], carried: int | None) -> int:
    octave, letter = divmod(note.step, 7)
    base = 60 + 12 * octave + SEMITONES[letter]
    if note.accidental:
        in_bar[note.step] = _ACCIDENTAL[note.accidental]
    elif carried is not None and abs(carried - base) <= 2:
        return carried
    return base + in_bar.get(note.step, altered.get(letter, 0))
