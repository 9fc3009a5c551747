"""A given tune as its written bars: what each holds or shall hold, and what closes it. Knows no models and no tasks."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction

from generator import vocabulary as V
from generator.harmony import played_as
from generator.inputs import outline
from generator.notation import PART_ENDS, Bar, ChordSymbol, Note, Score, Symbol, Tuplet, timed
from generator.structure import BarSpan, bar_spans

Ids = tuple[int, ...]
Chords = tuple[tuple[Fraction, str], ...]  # onset in the bar, symbol


@dataclass(frozen=True)
class WrittenBar:
    """One written bar, given or to be written."""

    ids: Ids  # as given, or as written anew; () before
    length: Fraction  # what it holds or shall hold, in eighths
    measure: Fraction  # what a full bar holds
    signs: Ids  # the bar lines after it
    number: int | None  # from 0 as the contract counts; None for a pickup and a second ending's bars
    part: int
    ending: int = 0
    part_left: int = 1  # bars left in the part, this one counted
    chords: Chords = ()
    free: bool = False  # to be written
    begun: int = 0  # ids that a free bar keeps: the opening broke off after them
    like: int | None = None  # the earlier bar whose notes it takes over
    ends_tune: bool = False

    @property
    def is_pickup(self) -> bool:
        return self.number is None and self.ending == 0

    @property
    def at_seam(self) -> bool:
        """Whether a part, an ending or the tune ends with it: no note is tied over."""
        return self.ends_tune or any(V.value(sign) in PART_ENDS or V.value(sign)[-1] in "12" for sign in self.signs)


def written_bars(score: Score) -> tuple[Ids, list[WrittenBar]]:
    """The bar lines before the first note, and the bars. Raises NotationError for what has no id."""
    spans = bar_spans(score)
    ends = [span.first for span in spans[1:]] + [len(score.symbols)]
    lines = zip(spans, ends, outline(spans), _parts(spans), strict=True)
    bars = [
        WrittenBar(
            ids=_ids(score, score.symbols[span.first : span.last]),
            length=span.length,
            measure=span.measure,
            signs=_signs(score.symbols[span.last : end]),
            number=span.number,
            part=part,
            ending=span.ending,
            part_left=left,
            chords=plain_chords(span.chords),
            ends_tune=span is spans[-1],
        )
        for span, end, (_, left), part in lines
    ]
    return _signs(score.symbols[: spans[0].first]), bars


def _parts(spans: list[BarSpan]) -> list[int]:
    """The part of each bar; a pickup in front of a repeat sign belongs to the part that the sign opens."""
    real = sorted({span.part for span in spans if span.number is not None})
    return [bisect_left(real, span.part) for span in spans]


def plain_chords(chords: list[tuple[Fraction, str]]) -> Chords:
    """A person's chords, those of richer colours as the plain ones that stand for them."""
    return tuple((onset, plain) for onset, text in chords if (plain := played_as(text)) is not None)


def _ids(score: Score, symbols: tuple[Symbol, ...]) -> Ids:
    return tuple(V.encode(Score(score.meter, score.key, symbols)))


def _signs(symbols: tuple[Symbol, ...]) -> Ids:
    return tuple(V.BAR_IDS[symbol.sign] for symbol in symbols if isinstance(symbol, Bar))


def misfit(score: Score, *, unfinished: bool) -> tuple[BarSpan, int] | None:
    """The first bar of wrong length, and its number as a person counts. A part may begin with a short bar.

    In an unfinished tune the last bar may be short as well: it is gone on with.
    """
    from generator.structure import wrong_bars

    spans = bar_spans(score)
    for index in wrong_bars(score):
        span = spans[index]
        opens = index == 0 or span.opened_by in PART_ENDS
        short = span.length < span.measure
        if short and ((opens and len(spans) > 1) or (unfinished and index == len(spans) - 1)):
            continue
        return span, 1 + sum(other.number is not None for other in spans[:index])
    return None


def symbols_of(bars: list[WrittenBar], head: Ids, *, key: str, meter: str) -> Score:
    """The score of bars that all are written."""
    ids = [*head, *(token for bar in bars for token in (*bar.ids, *bar.signs))]
    return V.decode(ids, meter=meter, key=key)


def has_own_chords(score: Score) -> bool:
    return any(isinstance(symbol, ChordSymbol) for symbol in score.symbols)


def note_count(score: Score) -> int:
    return sum(isinstance(symbol, Note) for symbol in score.symbols)


def with_chords(score: Score, chords: list[Chords]) -> Score:
    """A score without chords, with these of each written bar before the notes they sound with."""
    put: dict[int, list[str]] = {}
    symbols = score.symbols
    timing = {index: onset for index, onset, _, _ in timed(score)}
    for span, laid in zip(bar_spans(score), chords, strict=True):
        begin = timing[min(index for index in timing if span.first <= index < span.last)]
        for onset, text in laid:
            places = [at for at in range(span.first, span.last) if at in timing and timing[at] - begin >= onset]
            if places:
                at = places[0] - isinstance(symbols[places[0] - 1], Tuplet) if places[0] else 0
                put.setdefault(at, []).append(text)
    out: list[Symbol] = []
    for index, symbol in enumerate(symbols):
        out += [ChordSymbol(text) for text in put.get(index, [])]
        out.append(symbol)
    return Score(score.meter, score.key, tuple(out))
