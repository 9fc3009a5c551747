"""What `continue` has before it: the open part, the parts that answer, their bar lines. Pure: knows no models."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil

from generator import vocabulary as V
from generator.brief import FORMS, MAX_BARS, BriefError
from generator.given.bars import Ids, WrittenBar
from generator.harmony import is_shareable, part_lengths, written_parts

_PART, _LONG_PART = 8, 16
_CLOSERS = ("||", "|]", ":|", ":||:", "|:", ":|2")


@dataclass(frozen=True)
class Shape:
    """The parts of a tune to be: letters, bars, and whether each is repeated."""

    letters: str
    lengths: tuple[int, ...]
    repeated: tuple[bool, ...]

    @property
    def bars(self) -> int:
        return sum(self.lengths)

    @property
    def form(self) -> str:
        return "".join(letter * (1 + twice) for letter, twice in zip(self.letters, self.repeated, strict=True))

    @property
    def known_form(self) -> str | None:
        return self.form if self.form in FORMS else None


@dataclass(frozen=True)
class Opening:
    """What is given: its bars by part. The last part is open unless a closing line stands after it."""

    lengths: tuple[int, ...]  # of the closed parts
    repeated: tuple[bool, ...]
    open_bars: int  # in the part that is not closed yet
    opens_repeat: bool  # that part began with a repeat sign

    @property
    def bars(self) -> int:
        return sum(self.lengths) + self.open_bars


def opening_of(head: Ids, bars: list[WrittenBar]) -> Opening:
    """Reads the parts of an opening off its bar lines."""
    counts: dict[int, int] = {}
    for bar in bars:
        counts[bar.part] = counts.get(bar.part, 0) + (bar.number is not None)
    last = {part: [bar for bar in bars if bar.part == part][-1] for part in counts}
    closed = [part for part in sorted(counts) if _closes(last[part])]
    open_part = next((part for part in sorted(counts) if part not in closed), None)
    begins = len(bars) if open_part is None else next(at for at, bar in enumerate(bars) if bar.part == open_part)
    before = (*(bars[begins - 1].signs if begins else head), *_after_pickup(bars, begins))
    return Opening(
        tuple(counts[part] for part in closed),
        tuple(any(_turns_back(bar) for bar in bars if bar.part == part) for part in closed),
        counts[open_part] if open_part is not None else 0,
        any(V.value(sign)[-1] == ":" for sign in before),
    )


def _after_pickup(bars: list[WrittenBar], begins: int) -> Ids:
    return bars[begins].signs if begins < len(bars) and bars[begins].is_pickup else ()


def _closes(bar: WrittenBar) -> bool:
    return any(V.value(sign) in _CLOSERS for sign in bar.signs) or (bar.ending == 2 and bool(bar.signs))


def _turns_back(bar: WrittenBar) -> bool:
    return any(V.value(sign)[0] == ":" for sign in bar.signs)


def shape_of(opening: Opening, *, bars: int | None, form: str | None) -> Shape:
    """The parts of the finished tune. Raises BriefError where opening, form and number of bars do not go together."""
    if form is not None:
        shape = _asked(opening, form, bars or _usual_bars(opening))
    elif opening.lengths:
        shape = _after_parts(opening, bars)
    else:
        shape = _first_part(opening, bars)
    if opening.bars >= shape.bars:
        raise BriefError({"bars": f"The opening already fills the {shape.bars} bars asked for."})
    return shape


def _usual_bars(opening: Opening) -> int:
    first = opening.lengths[0] if opening.lengths else _PART if opening.open_bars <= _PART else _LONG_PART
    return min(MAX_BARS, first * 2 if opening.bars < first * 2 else first * 4)


def _asked(opening: Opening, form: str, bars: int) -> Shape:
    if opening.bars >= bars:
        raise BriefError({"bars": f"The opening already fills the {bars} bars asked for."})
    if not is_shareable(form, bars):
        raise BriefError({"bars": f"{bars} bars cannot be shared among the parts of {form}."})
    parts = written_parts(form)
    shape = Shape("".join(letter for letter, _ in parts), part_lengths(form, bars), tuple(twice for _, twice in parts))
    closed = len(opening.lengths)
    if opening.lengths != shape.lengths[:closed] or opening.repeated != shape.repeated[:closed]:
        raise BriefError({"form": f"The parts of the opening are not those of {form} in {bars} bars."})
    if closed == len(shape.lengths) or opening.open_bars > shape.lengths[closed]:
        raise BriefError({"form": f"The opening is longer than its part would be in {form} of {bars} bars."})
    if opening.opens_repeat and not shape.repeated[closed]:
        raise BriefError({"form": f"The opening begins a repeat, and this part of {form} has none."})
    return shape


def _first_part(opening: Opening, bars: int | None) -> Shape:
    """Two parts, each heard twice; an opening too long for its half is one part with all that follows."""
    count = bars or _usual_bars(opening)
    if is_shareable("AABB", count) and opening.open_bars <= part_lengths("AABB", count)[0]:
        return Shape("AB", part_lengths("AABB", count), (True, True))
    return Shape("A", (count,), (opening.opens_repeat,))


def _after_parts(opening: Opening, bars: int | None) -> Shape:
    """The open part grows as long as the first one, and parts like it follow until the bars are full."""
    done, first = sum(opening.lengths), opening.lengths[0]
    least = max(first, ceil((opening.open_bars + 1) / 4) * 4)
    left = (bars or min(MAX_BARS, done + least)) - done
    if left <= opening.open_bars:
        raise BriefError({"bars": f"The opening already fills the {bars or MAX_BARS} bars asked for."})
    count = max(1, round(left / first)) if opening.open_bars <= first else 1
    share, over = divmod(left, count)
    added = tuple(share + (part >= count - over) for part in range(count))
    if added[0] < opening.open_bars:
        added = (left,)
    twice = opening.repeated[0] or opening.opens_repeat
    lengths = (*opening.lengths, *added)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(lengths)]
    return Shape(letters.ljust(len(lengths), "Z"), lengths, (*opening.repeated, *[twice] * len(added)))


def continued(bars: list[WrittenBar], opening: Opening, shape: Shape, *, closed: bool) -> list[WrittenBar]:
    """The opening's bars as they stand, the last one completed, and all bars that are still to be written."""
    out = _numbered(bars, shape)
    upbeat = _upbeat(bars, opening)
    measure = bars[0].measure
    part, at = len(opening.lengths), opening.open_bars
    if not closed and not out[-1].is_pickup:
        out[-1] = _completed(out[-1], shape, upbeat)
    if at and at == shape.lengths[part]:
        out[-1] = replace(out[-1], signs=_line_after(shape, part))
        part, at = part + 1, 0
    elif at or out[-1].is_pickup:
        out[-1] = replace(out[-1], signs=out[-1].signs or (V.BAR_IDS["|"],))
    else:
        out[-1] = replace(out[-1], signs=_line_after(shape, part - 1, second=out[-1].ending == 2))
    for index in range(part, len(shape.lengths)):
        if at == 0 and upbeat and not (out and out[-1].is_pickup and out[-1].part == index):
            out.append(_pickup(upbeat, measure, index, shape))
        out += _part_bars(out, shape, index, at, upbeat, measure)
        at = 0
    return _returning(out, shape)


def _upbeat(bars: list[WrittenBar], opening: Opening) -> Fraction:
    """The pickup that parts begin with: what the first closed part left room for, or the tune's own."""
    if opening.lengths:
        last = [bar for bar in bars if bar.part == 0][-1]
        return last.measure - last.length
    return bars[0].length if bars[0].is_pickup and len(bars) > 1 else Fraction(0)


def _numbered(bars: list[WrittenBar], shape: Shape) -> list[WrittenBar]:
    """The given bars told how many more their parts will have."""
    out, seen = [], dict.fromkeys(range(len(shape.lengths) + 1), 0)
    for bar in bars:
        whole = shape.lengths[min(bar.part, len(shape.lengths) - 1)]
        out.append(replace(bar, part_left=max(1, whole - seen[bar.part]), ends_tune=False))
        seen[bar.part] += bar.number is not None
    return out


def _completed(bar: WrittenBar, shape: Shape, upbeat: Fraction) -> WrittenBar:
    """The bar that the opening broke off in."""
    last = bar.part_left == 1
    length = bar.measure - (upbeat if last else 0)
    length = length if bar.length <= length else bar.measure
    ends = last and bar.part == len(shape.lengths) - 1
    return replace(bar, length=length, free=bar.length < length, begun=len(bar.ids), ends_tune=ends)


def _pickup(upbeat: Fraction, measure: Fraction, part: int, shape: Shape) -> WrittenBar:
    return WrittenBar((), upbeat, measure, (V.BAR_IDS["|"],), None, part, part_left=shape.lengths[part], free=True)


def _part_bars(
    before: list[WrittenBar], shape: Shape, part: int, done: int, upbeat: Fraction, measure: Fraction
) -> list[WrittenBar]:
    first = sum(bar.number is not None for bar in before)
    whole, out = shape.lengths[part], []
    for bar in range(done, whole):
        closes = bar == whole - 1
        signs = _line_after(shape, part) if closes else (V.BAR_IDS["|"],)
        out.append(WrittenBar(
            (), measure - (upbeat if closes else 0), measure, signs, first + bar - done, part, part_left=whole - bar,
            free=True, ends_tune=closes and part == len(shape.lengths) - 1,
        ))  # fmt: skip
    return out


def _line_after(shape: Shape, part: int, *, second: bool = False) -> Ids:
    """The bar line that closes a part; after a second ending it is heard no third time."""
    follower = shape.repeated[part + 1] if part + 1 < len(shape.lengths) else None
    if shape.repeated[part] and not second:
        return (V.BAR_IDS[":||:" if follower else ":|"],)
    return (V.BAR_IDS["|]" if follower is None else "|:" if follower else "||"],)


def _returning(bars: list[WrittenBar], shape: Shape) -> list[WrittenBar]:
    """A part whose letter was heard before takes over its bars; the tune's last bar is free to come to rest."""
    out = list(bars)
    for part, letter in enumerate(shape.letters):
        first = shape.letters.index(letter)
        if first == part:
            continue
        sources = [at for at, bar in enumerate(out) if bar.part == first and bar.ending != 1]
        places = [at for at, bar in enumerate(out) if bar.part == part]
        for source, at in zip(sources, places, strict=False):
            if out[at].free and not out[at].begun and not out[at].ends_tune and out[at].length == out[source].length:
                out[at] = replace(out[at], like=source)
    return out
