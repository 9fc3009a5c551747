"""folk-rnn v2's symbols: ABC's own, tunes moved to C, meter and mode in front. Knows no models, no bars, no chords.

An accidental, a letter and its octave marks are one symbol; the length after it is another; an eighth has none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

from generator.notation import (
    LETTERS,
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
    length_text,
    pitch_text,
    tonic_step,
)

START, END = "<s>", "</s>"
OTHER = "<other>"  # any symbol too rare to have a place of its own
OTHERS = 512  # more than the vocabulary's own symbols in one key; which of them it is costs nine bits
GIVEN = 3  # start, meter and mode are told and not scored
_FIFTHS = "FCGDAEB"
# Sharps that each mode adds to the signature of the major key on its tonic.
_MODE_SHARPS = {"": 0, "m": -3, "dor": -2, "mix": -1, "lyd": 1, "phr": -4}
_ALTERS = {"^": 1, "_": -1, "=": 0, "^^": 2, "__": -2}
_PITCH = re.compile(r"([\^_=]*)([A-Ga-g])([,']*)$")


def symbols_of(score: Score) -> list[str]:
    """A melody in C with meter and mode in front. Given the key, each canonical text is one row of symbols.

    Moving to C keeps how far a note is altered against its key, so that D's `=c` becomes C's `_B`, and back.
    """
    head, now = score.key, score.key
    out = [START, f"M:{score.meter}", f"K:{_moved(head, head)}"]
    for symbol in score.symbols:
        if isinstance(symbol, KeyChange):
            now = symbol.key
        out += _written(symbol, head, now)
    return [*out, END]


def vocabulary_of(rows: Iterable[list[str]]) -> tuple[str, ...]:
    """What the rows hold more than once. What they hold once stands for all that they do not hold."""
    counts = Counter(symbol for row in rows for symbol in row)
    known = {symbol for symbol, times in counts.items() if times > 1} | {START, END}
    return (OTHER, *sorted(known))


def is_note(symbol: str) -> bool:
    return bool(_PITCH.match(symbol))


def text_of(symbols: Iterable[str], tonic: str) -> str:
    """The other way: the canonical body under a tonic. Raises NotationError when the row has no meter, mode or end."""
    start, meter, mode, *body = symbols
    if start != START or not meter.startswith("M:") or not mode.startswith("K:C") or END not in body:
        raise NotationError("no meter, mode or end")
    head = now = tonic + mode[3:]
    out: list[str] = []
    for symbol in body[: body.index(END)]:
        if symbol.startswith("K:"):
            now = _moved_back(symbol[2:], head)
            out.append(f"[K:{now}]")
        elif symbol.startswith("M:"):
            out.append(f"[{symbol}]")
        else:
            out.append(_pitch_in(symbol, head, now) if is_note(symbol) else symbol)
    return "".join(out)


def _written(symbol: Symbol, head: str, now: str) -> list[str]:
    match symbol:
        case Note():
            pitch = _pitch_in_c(symbol, head, now)
            return [pitch, *_length(symbol.length), *(["-"] * symbol.tie)]
        case Rest():
            return ["z", *_length(symbol.length)]
        case Bar():
            return [symbol.sign]
        case Tuplet():
            return [f"({symbol.p}"]
        case KeyChange():
            return [f"K:{_moved(symbol.key, head)}"]
        case MeterChange():
            return [f"M:{symbol.meter}"]
        case ChordSymbol():
            return []


def _length(length: Fraction) -> list[str]:
    """An eighth has no mark, as in ABC."""
    return [length_text(length)] if length != 1 else []


def _pitch_in_c(note: Note, head: str, now: str) -> str:
    step = note.step - tonic_step(head)
    if not note.accidental:
        return pitch_text(step)
    beyond = _ALTERS[note.accidental] - _altered(note.step, now)
    return _mark(beyond + _altered(step, _moved(now, head))) + pitch_text(step)


def pitch_in(symbol: str, key: str) -> tuple[str, int]:
    """The accidental and the diatonic step above C that a pitch symbol stands for in a tune without changes of key."""
    return _pitch_parts(symbol, key, key)


def _pitch_in(symbol: str, head: str, now: str) -> str:
    mark, step = _pitch_parts(symbol, head, now)
    return mark + pitch_text(step)


def _pitch_parts(symbol: str, head: str, now: str) -> tuple[str, int]:
    mark, letter, octaves = _PITCH.match(symbol).groups()
    step = LETTERS.index(letter.upper()) + 7 * (letter.islower() + octaves.count("'") - octaves.count(","))
    there = step + tonic_step(head)
    if not mark:
        return "", there
    alter = 0 if mark == "=" else len(mark) * (1 if mark[0] == "^" else -1)
    return _mark(alter - _altered(step, _moved(now, head)) + _altered(there, now)), there


def _mark(alter: int) -> str:
    return "^" * alter or "_" * -alter or "="


def _altered(step: int, key: str) -> int:
    """Semitones by which a key's signature alters a letter."""
    sharps = _fifths(key) + _MODE_SHARPS[_suffix(key)]
    return (sharps - _FIFTHS.index(LETTERS[step % 7]) + 6) // 7


def _moved(key: str, head: str) -> str:
    """A key as it stands when the tune whose key is `head` is moved to C."""
    return _named(_fifths(key) - _fifths(head)) + _suffix(key)


def _moved_back(key: str, head: str) -> str:
    return _named(_fifths(key) + _fifths(head)) + _suffix(key)


def _fifths(key: str) -> int:
    """The tonic's place on the line of fifths, C being 0."""
    return _FIFTHS.index(key[0]) - 1 + 7 * (key.count("#") - key[1:].count("b"))


def _named(fifths: int) -> str:
    sharps, letter = divmod(fifths + 1, 7)
    return _FIFTHS[letter] + ("#" * sharps or "b" * -sharps)


def _suffix(key: str) -> str:
    return key[1:].lstrip("#b")
