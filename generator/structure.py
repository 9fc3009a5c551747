"""Where the bars, parts and chords of a score are; pure, and knows no ids and no models."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from generator.notation import PART_ENDS, Bar, ChordSymbol, MeterChange, Note, Score, measure_length, once, timed


@dataclass
class BarSpan:
    """One written bar."""

    first: int  # index among the score's symbols of its first symbol
    last: int  # index after its last symbol, its closing bar line not counted
    measure: Fraction  # what a full bar holds, in eighths
    length: Fraction = Fraction(0)  # what it holds
    number: int | None = None  # from 0; None for a pickup and for a second ending's bars
    part: int = 0
    ending: int = 0  # 1 or 2 inside an ending
    opened_by: str = ""
    closed_by: str = ""
    events: list[tuple[Fraction, Fraction, int | None]] = field(default_factory=list)  # onset in bar, length, pitch
    chords: list[tuple[Fraction, str]] = field(default_factory=list)  # onset in bar, symbol


@once
def bar_spans(score: Score) -> list[BarSpan]:
    """The written bars in order, numbered as the contract counts them; not to be changed. Bars without any note or rest
    are left out."""
    spans = _split(score)
    _fill(score, spans)
    spans = [span for span in spans if span.length > 0]
    _number(spans)
    return spans


def _split(score: Score) -> list[BarSpan]:
    spans: list[BarSpan] = []
    measure, start, opener, ending, part = measure_length(score.meter), 0, "", 0, 0
    for index, symbol in enumerate(score.symbols):
        if isinstance(symbol, MeterChange):
            measure = measure_length(symbol.meter)
        elif isinstance(symbol, Bar):
            spans.append(
                BarSpan(start, index, measure, part=part, ending=ending, opened_by=opener, closed_by=symbol.sign)
            )
            start, opener = index + 1, symbol.sign
            ending = _ending_after(symbol.sign, ending)
            part += symbol.sign in PART_ENDS and any(isinstance(s, Note) for s in score.symbols[:index])
    spans.append(BarSpan(start, len(score.symbols), measure, part=part, ending=ending, opened_by=opener))
    return spans


def _ending_after(sign: str, ending: int) -> int:
    if sign[-1] in "12":
        return int(sign[-1])
    return 0 if sign in PART_ENDS else ending


def _fill(score: Score, spans: list[BarSpan]) -> None:
    at = {index: span for span in spans for index in range(span.first, span.last)}
    starts: dict[int, Fraction] = {}
    onset_of: dict[int, Fraction] = {}
    for index, onset, length, pitch in timed(score):
        span = at[index]
        begin = starts.setdefault(id(span), onset)
        span.events.append((onset - begin, length, pitch))
        span.length += length
        onset_of[index] = onset - begin
    for index, symbol in enumerate(score.symbols):
        if isinstance(symbol, ChordSymbol) and index in at:
            follower = next((i for i in range(index + 1, at[index].last) if i in onset_of), None)
            if follower is not None:
                at[index].chords.append((onset_of[follower], symbol.text))


def _number(spans: list[BarSpan]) -> None:
    number, short = 0, Fraction(0)
    for index, span in enumerate(spans):
        opens = index == 0 or (span.ending == 0 and short + span.length == span.measure)
        pickup = span.length < span.measure and opens
        if not pickup and span.ending != 2:
            span.number = number
            number += 1
        short = span.length if span.length < span.measure and not pickup else Fraction(0)


def bar_count(score: Score) -> int:
    """Full measures as written: repeats not unfolded, a second ending not counted again."""
    return sum(span.number is not None for span in bar_spans(score))


def wrong_bars(score: Score) -> list[int]:
    """Places, among the written bars, of those whose length is wrong.

    A bar is right when it is full, or a pickup completed by the bar that closes the part or ending leading into it.
    """
    spans = bar_spans(score)
    return [index for index, span in enumerate(spans) if span.length != span.measure and not _completed(spans, index)]


def _completed(spans: list[BarSpan], index: int) -> bool:
    span = spans[index]
    if span.length > span.measure:
        return False
    pickup = spans[0].length if spans[0].length < spans[0].measure else Fraction(0)
    follower = spans[index + 1] if index + 1 < len(spans) else None
    before = spans[index - 1] if index else None
    opens = index == 0 or span.opened_by in PART_ENDS
    if opens and (before is None or before.length + span.length == span.measure):
        return before is not None or any(s.length + span.length == s.measure for s in spans[1:])
    closes = span.closed_by in (*PART_ENDS, "", ":|1", ":|2", "|2")
    if not closes:
        return False
    wanted = {pickup} | ({follower.length} if follower else set()) | {_part_pickup(spans, span.part)}
    return any(p > 0 and span.length + p == span.measure for p in wanted)


def _part_pickup(spans: list[BarSpan], part: int) -> Fraction:
    first = next(span for span in spans if span.part == part)
    return first.length if first.length < first.measure else Fraction(0)


def open_repeats(score: Score) -> int:
    """Repeat starts that no repeat end closes, and endings without their fellow."""
    depth, wrong, endings = 0, 0, [0, 0]
    for symbol in score.symbols:
        if not isinstance(symbol, Bar):
            continue
        if symbol.sign[0] == ":":
            depth = 0
        if symbol.sign[-1] == ":":
            wrong += depth
            depth = 1
        if symbol.sign[-1] in "12":
            endings[int(symbol.sign[-1]) - 1] += 1
    return wrong + depth + abs(endings[0] - endings[1])


def parts(score: Score) -> list[list[BarSpan]]:
    """The written parts: their bars, second endings included."""
    groups: dict[int, list[BarSpan]] = {}
    for span in bar_spans(score):
        groups.setdefault(span.part, []).append(span)
    return [groups[part] for part in sorted(groups)]


def form_of(score: Score) -> str:
    """Parts as letters, a repeated part twice: AABB. Parts that share 60 % of their bars share a letter."""
    letters, seen = "", []
    for spans in parts(score):
        bars = [tuple(span.events) for span in spans if span.number is not None]
        if not bars:
            continue
        letter = next((known for known, other in seen if _alike(bars, other)), None)
        if letter is None:
            letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[min(25, len(seen))]
            seen.append((letter, bars))
        repeated = any(span.closed_by.startswith(":") for span in spans)
        letters += letter * (1 + repeated)
    return letters


def _alike(bars: list[tuple], others: list[tuple]) -> bool:
    return sum(a == b for a, b in zip(bars, others, strict=False)) >= 0.6 * max(len(bars), len(others))
