"""Reads ABC as people write it into canonical symbols; knows no files and no ids."""

from __future__ import annotations

import re
from dataclasses import replace
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
    Symbol,
    Tuplet,
    canonical_key,
    canonical_meter,
    default_unit,
    measure_length,
    signature,
    tuplet_ratio,
)

# A text beyond these limits is no tune; without them one line could keep a reader busy for hours.
_MOST_CHARACTERS, _MOST_DIGITS, _MOST_MARKS, _MOST_RESTS = 30_000, 4, 4, 64
_NOTE = r"(?:\^\^|__|\^|_|=)?[A-Ga-g][,']*\d*(?:/+\d*)?"
_TOKEN = re.compile(
    r"(?P<field>\[[A-Za-z]:[^\]]*\])"
    r"|(?P<meter>\[:\d+/\d+\])"
    r'|(?P<quoted>"[^"]*")'
    r"|(?P<grace>\{[^}]*\})"
    r"|(?P<decoration>![A-Za-z0-9.,<>()+^_/~-]+!|\+[A-Za-z0-9]+\+)"
    r"|(?P<tuplet>\([2-9](?::\d*)*)"
    r"|(?P<bar>\[\|\]?|(?::+\]?)?\|[|:\]]*|::+|\]|:)"
    r"|(?P<ending>\[\s*[1-9][\d,.-]*|(?<=[|:\]])[1-9][\d,.-]*)"
    r"|(?P<stack>\[(?:\s|" + _NOTE + r"|[-.~HLMOPSTuvJR()!]|[xz]\d*)+\]\d*(?:/+\d*)?)"
    r"|(?P<note>" + _NOTE + r")"
    r"|(?P<rest>[zx]\d*(?:/+\d*)?)"
    r"|(?P<measures>[ZX]\d*)"
    r"|(?P<tie>-)"
    r"|(?P<broken>[<>]+)"
    r"|(?P<spacer>y\d*)"
    r"|(?P<skip>=(?:20)?$|\[(?=\s)|[\s()~.H-WVh-w*;`$\\!?@#+'])"
)
_CHORD = re.compile(r"\(?([A-G](?:#|b|♯|♭)?(?:[A-Za-z0-9#b+°ø-]*)(?:/[A-G](?:#|b)?)?)\)?")
_ANNOTATION = ("^", "_", "<", ">", "@")


def read(body: str, *, meter: str, key: str, unit: str | None) -> tuple[Symbol, ...]:
    """The symbols of a body. Raises NotationError with the reason when it cannot be canonical."""
    if len(body) > _MOST_CHARACTERS:
        raise NotationError("too long")
    reader = _Reader(meter, key, _unit(unit, meter))
    for line in _lines(body):
        reader.line(line)
    return reader.finish()


def _unit(text: str | None, meter: str) -> Fraction:
    match = re.match(r"\s*1/(1|2|4|8|16|32)(?!\d)", text or "")
    if text and text.strip() and not match:
        raise NotationError("unit length")
    return Fraction(1, int(match[1])) if match else default_unit(meter)


def _lines(body: str) -> list[str]:
    return [re.sub(r"(?<!\\)%.*", "", line).strip() for line in body.replace("\r", "").split("\n")]


def _length(text: str) -> Fraction:
    match = re.fullmatch(r"(\d*)(/*)(\d*)", text)
    if not match:
        raise NotationError("length")
    top, slashes, bottom = match.groups()
    if max(len(top), len(slashes), len(bottom)) > _MOST_DIGITS or (bottom and not int(bottom)):
        raise NotationError("length")
    value = Fraction(int(top or 1))
    if slashes:
        value /= int(bottom) if bottom else 2 ** len(slashes)
    if value <= 0:
        raise NotationError("length")
    return value


class _Reader:
    def __init__(self, meter: str, key: str, unit: Fraction) -> None:
        self.meter, self.key, self.unit = meter, key, unit
        self.out: list[Symbol] = []
        self.broken = Fraction(1)  # what the next note is multiplied by
        self.held: list[Symbol] = []  # a change written before its bar line
        self.notes_in_bar = 0
        self.tuplet_left = 0
        self.chord: ChordSymbol | None = None

    def line(self, line: str) -> None:
        if lost := re.fullmatch(r":\s*(\d+/\d+)", line):  # some collections lost the M of a meter's line
            return self._field("M", lost[1])
        field = re.match(r"([A-Za-z+]):(?!\|)(.*)", line)
        if field and not re.match(r"[A-Ga-gz]:[|:]", line):
            return self._field(field[1], field[2])
        at = 0
        while at < len(line):
            match = _TOKEN.match(line, at)
            if not match:
                raise NotationError("many voices" if line[at] == "&" else "unparsable")
            self._token(match.lastgroup or "", match[0])
            at = match.end()

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
            self.unit = _unit(value, self.meter)
        elif name == "K" and value.strip():
            self._change(KeyChange(canonical_key(value)))
        elif name == "M":
            self.meter = canonical_meter(value)
            self._change(MeterChange(self.meter))
        elif name in "mU" and "=" in value:
            raise NotationError("macro")

    def _meter(self, text: str) -> None:
        self._field("M", text[2:-1])  # some collections lost the M

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
        if self.tuplet_left:
            raise NotationError("tuplet")
        self._put_chord()
        self.out.append(Tuplet(int(p)))
        self.tuplet_left = int(p)

    def _bar(self, text: str) -> None:
        last = self.out[-1] if self.out else None
        if text in ("]", ":") and not isinstance(last, Bar):
            if text == "]":
                return
            raise NotationError("unparsable")
        if self.tuplet_left:
            raise NotationError("tuplet over a bar line")
        if self.broken != 1:
            raise NotationError("broken rhythm")
        self._put_bar(Bar(_sign(text)))

    def _put_bar(self, bar: Bar) -> None:
        if self.notes_in_bar:
            self.chord = None
        if self.out and isinstance(self.out[-1], Bar) and self.out[-1].sign[-1] not in "12":
            bar = Bar(_merged(self.out.pop().sign, bar.sign))  # type: ignore[union-attr]
        self.out += [bar, *self.held]
        self.held, self.notes_in_bar = [], 0

    def _ending(self, text: str) -> None:
        number = text.lstrip("[").strip().rstrip(".,")
        if number not in ("1", "2"):
            raise NotationError("a third ending")
        last = self.out[-1] if self.out else None
        if isinstance(last, Bar) and last.sign in ("|", "||", "|]", ":|"):
            self.out[-1] = Bar((":|" if last.sign == ":|" else "|") + number)
        else:
            self._put_bar(Bar("[" + number))

    def _note(self, text: str) -> None:
        self._add(_read_note(text, self.unit))

    def _rest(self, text: str) -> None:
        self._add(Rest(_length(text[1:]) * self.unit * 8))

    def _measures(self, text: str) -> None:
        count = text[1:] or "1"
        if len(count) > _MOST_DIGITS or int(count) > _MOST_RESTS:
            raise NotationError("length")
        for index in range(int(count)):
            if index:
                self._put_bar(Bar("|"))
            self._add(Rest(measure_length(self.meter)))

    def _stack(self, text: str) -> None:
        inner, _, outer = text[1:].rpartition("]")
        notes = [_read_note(part, self.unit) for part in re.findall(_NOTE, inner)]
        if not notes:
            raise NotationError("unparsable")
        altered = signature(self.key)
        top = max(notes, key=lambda n: (n.step, altered.get(n.step % 7, 0)))
        self._add(replace(top, length=top.length * _length(outer)))
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
        if len(text) > _MOST_MARKS:
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


def _read_note(text: str, unit: Fraction) -> Note:
    match = re.fullmatch(r"(\^\^|__|\^|_|=)?([A-Ga-g])([,']*)(.*)", text)
    if not match:
        raise NotationError("note")
    accidental, letter, marks, length = match.groups()
    if len(marks) > _MOST_MARKS:
        raise NotationError("pitch")
    octave = (1 if letter.islower() else 0) + marks.count("'") - marks.count(",")
    return Note(LETTERS.index(letter.upper()) + 7 * octave, accidental or "", _length(length) * unit * 8)


def _sign(text: str) -> str:
    bare = text.replace("[", "")
    ends = bare.startswith(":") or re.search(r"\|:+[|\]]", bare) is not None
    starts = bare.endswith(":") and bare != ":"
    if ends and starts:
        return ":||:"
    if ends or starts:
        return ":|" if ends else "|:"
    if text == "[|]":
        return "|"
    return "|]" if "]" in bare else "||" if "||" in bare or text.startswith("[|") else "|"


def _merged(first: str, second: str) -> str:
    ends = first.startswith(":") or second.startswith(":")
    starts = first.endswith(":") or second.endswith(":")
    if ends or starts:
        return ":||:" if ends and starts else ":|" if ends else "|:"
    return max(first, second, key=("|", "||", "|]").index)


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
