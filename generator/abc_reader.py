"""Reads ABC as people write it into canonical symbols; knows no files and no ids."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from generator.abc_endings import Endings
from generator.abc_tokens import (
    MOST_CHARACTERS,
    MOST_DIGITS,
    MOST_MARKS,
    MOST_RESTS,
    NOTE,
    length_of,
    lines_of,
    merged_sign,
    note_of,
    sign_of,
    tokens_of,
    unit_of,
)
from generator.notation import (
    Bar,
    ChordSymbol,
    KeyChange,
    MeterChange,
    NotationError,
    Note,
    Rest,
    Symbol,
    Tuplet,
    canonical_key,
    canonical_meter,
    measure_length,
    signature,
    tuplet_ratio,
)

_CHORD = re.compile(r"\(?([A-G](?:#|b|♯|♭)?(?:[A-Za-z0-9#b+°ø-]*)(?:/[A-G](?:#|b)?)?)\)?")
_ANNOTATION = ("^", "_", "<", ">", "@")
# Some collections lost the M and L of their fields. Nothing is in 1/16, so where that stands the unit is meant, and
# likewise right below a lost M:C.
_LOST_UNIT = re.compile(r"(?:^|\[):\s*1/(?:16|32)\b|\A:\s*C\|?\s*:\s*1/", re.MULTILINE)


def read(body: str, *, meter: str, key: str, unit: str | None) -> tuple[Symbol, ...]:
    """The symbols of a body. Raises NotationError with the reason when it cannot be canonical."""
    if len(body) > MOST_CHARACTERS:
        raise NotationError("too long")
    reader = _Reader(meter, key, unit_of(unit, meter), lost_units=bool(_LOST_UNIT.search(body)))
    for line in lines_of(body):
        reader.line(line)
    return reader.finish()


class _Reader:
    def __init__(self, meter: str, key: str, unit: Fraction, *, lost_units: bool) -> None:
        self.meter, self.key, self.unit, self.lost_units = meter, key, unit, lost_units
        self.out: list[Symbol] = []
        self.broken = Fraction(1)  # what the next note is multiplied by
        self.held: list[Symbol] = []  # a change written before its bar line
        self.notes_in_bar = 0
        self.tuplet_left = 0
        self.chord: ChordSymbol | None = None
        self.endings = Endings()

    def line(self, line: str) -> None:
        # Behind a bar line the colon of `:C|` is a repeat's, and the C a note.
        at_bar = bool(self.out) and isinstance(self.out[-1], Bar)
        if lost := re.fullmatch(r":\s*(\d+/\d+)" if at_bar else r":\s*(\d+/\d+|C\|?)", line):
            return self._meter(lost[1])
        field = re.match(r"([A-Za-z+]):(?!\|)(.*)", line)
        if field and not re.match(r"[A-Ga-gz]:[|:]", line):
            return self._field(field[1], field[2])
        for kind, text in tokens_of(line):
            self._token(kind, text)

    def _token(self, kind: str, text: str) -> None:
        handler = getattr(self, f"_{kind}", None)
        if kind == "field":
            self._field(text[1], text[3:-1])
        elif handler:
            handler(text)

    def _field(self, name: str, value: str) -> None:
        if name == "V":
            raise NotationError("many voices")
        if name == "L":
            self.unit = unit_of(value, self.meter)
        elif name == "K" and value.strip():
            self._change(KeyChange(canonical_key(value)))
        elif name == "M":
            self.meter = canonical_meter(value)
            self._change(MeterChange(self.meter))
        elif name in "mU" and "=" in value:
            raise NotationError("macro")

    def _meter(self, text: str) -> None:
        value = text.strip("[:] ")
        self._field("L" if self.lost_units and value.startswith("1/") else "M", value)

    def _change(self, symbol: Symbol) -> None:
        (self.held if self.notes_in_bar else self.out).append(symbol)

    def _quoted(self, text: str) -> None:
        words = text[1:-1].strip()
        match = None if words.startswith(_ANNOTATION) else _CHORD.fullmatch(words)
        if match:
            self.chord = ChordSymbol(match[1].replace("♯", "#").replace("♭", "b"))

    def _put_chord(self) -> None:
        # A chord symbol stands right before what it sounds with, so it waits for the next note or rest.
        if self.chord:
            self.out.append(self.chord)
        self.chord = None

    def _tuplet(self, text: str) -> None:
        p, *rest = text[1:].split(":")
        ratio = tuplet_ratio(int(p), self.meter)
        defaults = (str(int(p) * ratio), p)
        if any(given and given != usual for given, usual in zip(rest, defaults, strict=False)):
            raise NotationError("tuplet")
        if self.tuplet_left and self.out[-1] != Tuplet(int(p)):  # the same mark twice is a slip of the pen
            raise NotationError("tuplet")
        if not self.tuplet_left:
            self._put_chord()
            self.out.append(Tuplet(int(p)))
        self.tuplet_left = int(p)

    def _bar(self, text: str) -> None:
        last = self.out[-1] if self.out else None
        if text in ("]", ":") and not isinstance(last, Bar):
            if text == "]":
                return
            raise NotationError("unparsable")
        if self.broken != 1:
            raise NotationError("broken rhythm")
        begun = self._begun()
        if self.tuplet_left and not begun:
            raise NotationError("tuplet over a bar line")
        self._put_bar(Bar(sign_of(text)))
        self.out += begun

    def _begun(self) -> list[Symbol]:
        """Takes back a tuplet's mark that no note has followed yet: one before a bar line belongs behind it."""
        start = len(self.out)
        while start and isinstance(self.out[start - 1], Tuplet | ChordSymbol):
            start -= 1
        begun, self.out = self.out[start:], self.out[:start]
        return begun

    def _put_bar(self, bar: Bar) -> None:
        if self.notes_in_bar:
            self.chord = None
        if self.out and isinstance(self.out[-1], Bar) and self.out[-1].sign[-1] not in "12":
            bar = Bar(merged_sign(self.out.pop().sign, bar.sign))  # type: ignore[union-attr]
        self.out += [bar, *self.held]
        self.held, self.notes_in_bar = [], 0

    def _ending(self, text: str) -> None:
        begun, number = self._begun(), self.endings.number(text.lstrip("[").strip().rstrip(".,-"))
        last = self.out[-1] if self.out else None
        if isinstance(last, Bar) and last.sign in ("|", "||", "|]", ":|"):
            self.out[-1] = Bar((":|" if last.sign == ":|" else "|") + number)
        else:
            self._put_bar(Bar("[" + number))
        self.out += begun

    def _stray(self, text: str) -> None:
        # An ending's number at some distance from its bar line; anything else players pass over.
        last = self.out[-1] if self.out else None
        if isinstance(last, Bar) and (text, last.sign) in (("1", "|"), ("2", ":|")):
            self._ending(text)

    def _note(self, text: str) -> None:
        self._add(note_of(text, self.unit))

    def _rest(self, text: str) -> None:
        self._add(Rest(length_of(text[1:]) * self.unit * 8))

    def _measures(self, text: str) -> None:
        count = text[1:] or "1"
        if len(count) > MOST_DIGITS or int(count) > MOST_RESTS:
            raise NotationError("length")
        for index in range(int(count)):
            if index:
                self._put_bar(Bar("|"))
            self._add(Rest(measure_length(self.meter)))

    def _stack(self, text: str) -> None:
        inner, _, outer = text[1:].rpartition("]")
        notes = [note_of(part, self.unit) for part in re.findall(NOTE, inner)]
        if not notes:
            raise NotationError("unparsable")
        altered = signature(self.key)
        top = max(notes, key=lambda n: (n.step, altered.get(n.step % 7, 0)))
        self._add(replace(top, length=top.length * length_of(outer)))
        if re.search(r"-", inner):
            self._tie("-")

    def _tie(self, _: str) -> None:
        for index in range(len(self.out) - 1, -1, -1):
            if isinstance(self.out[index], Note):
                self.out[index] = replace(self.out[index], tie=True)  # type: ignore[type-var]
                return
            if not isinstance(self.out[index], Bar):
                return

    def _broken(self, text: str) -> None:
        if len(text) > MOST_MARKS:
            raise NotationError("broken rhythm")
        dots = Fraction(1, 2 ** len(text))
        if not self.out or not isinstance(self.out[-1], Note | Rest) or self.broken != 1 or len(set(text)) > 1:
            raise NotationError("broken rhythm")
        first, second = (2 - dots, dots) if text[0] == ">" else (dots, 2 - dots)
        last = self.out[-1]
        self.out[-1] = replace(last, length=last.length * first)
        self.broken = second

    def _add(self, event: Note | Rest) -> None:
        if self.held:
            raise NotationError("a change inside a bar")
        self._put_chord()
        self.out.append(replace(event, length=event.length * self.broken))
        self.broken = Fraction(1)
        self.notes_in_bar += 1
        self.tuplet_left = max(0, self.tuplet_left - 1)

    def finish(self) -> tuple[Symbol, ...]:
        if self.tuplet_left or self.broken != 1:
            raise NotationError("unfinished tuplet or broken rhythm")
        if not any(isinstance(s, Note) for s in self.out):
            raise NotationError("no notes")
        return tuple(_true_ties(self.out))


def _true_ties(symbols: list[Symbol]) -> list[Symbol]:
    """Ties to another pitch are slurs: they go."""
    out = list(symbols)
    follower: Symbol | None = None
    for index in reversed(range(len(out))):
        symbol = out[index]
        if isinstance(symbol, Note) and symbol.tie:
            same = isinstance(follower, Note) and follower.step == symbol.step
            if not (same and follower.accidental in ("", symbol.accidental)):  # type: ignore[union-attr]
                out[index] = replace(symbol, tie=False)
        follower = symbol if isinstance(symbol, Note | Rest) else follower
    return out
