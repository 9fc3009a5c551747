"""Sets any tune in one and the same way, with nothing that tells where it comes from. Knows no models."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from generator.attributes import pickup_of
from generator.engraving import Engraver, tempo_field
from generator.notation import PART_ENDS, Bar, NotationError, Score, Symbol
from generator.structure import bar_spans


def unnamed(abc: str, *, tempo_qpm: int, chords: bool) -> str:
    """A tune without title, rhythm and remarks, bar lines and line ends as in every other.

    Raises BriefError when it cannot be read.
    """
    from generator.given.reading import read_tune  # which is long, and needed for texts alone

    return set_plainly(read_tune(abc).score, tempo_qpm=tempo_qpm, chords=chords)


def set_plainly(score: Score, *, tempo_qpm: int, chords: bool = False) -> str:
    score = in_one_layout(score)
    engraver = Engraver(score.meter, _chords(score) if chords else (), pickup_of(score))
    body = "".join(engraver.feed(symbol) for symbol in score.without_chords().symbols)
    head = f"X:1\nM:{score.meter}\nL:1/8\nQ:{tempo_field(score.meter, tempo_qpm)}\nK:{score.key}\n"
    return head + body.rstrip() + "\n"


def has_chords(abc: str) -> bool:
    """Whether a chord stands above every full bar. Raises BriefError."""
    from generator.given.reading import read_tune

    return all(_chords(read_tune(abc).score))


def _chords(score: Score) -> tuple[str, ...]:
    spans = [span for span in bar_spans(score) if span.number is not None]
    return tuple(",".join(text for _, text in span.chords[:2]) for span in spans)


@dataclass
class _Stretch:
    """Symbols between two ends of parts."""

    symbols: list[Symbol]
    repeated: bool = False
    two_endings: bool = False


def in_one_layout(score: Score) -> Score:
    """The same music with each repeat opened where it begins, and ends of parts written in one way."""
    stretches = list(_stretches(score))
    out: list[Symbol] = [Bar("|:")] if stretches[0].repeated else []
    for stretch, following in zip(stretches, [*stretches[1:], None], strict=True):
        closes = stretch.repeated and not stretch.two_endings
        out += [*stretch.symbols, Bar(_sign(closes, following))]
    return replace(score, symbols=tuple(out))


def _sign(closes: bool, following: _Stretch | None) -> str:
    if following is None:
        return ":|" if closes else "|]"
    if following.repeated:
        return ":||:" if closes else "|:"
    return ":|" if closes else "||"


def _stretches(score: Score) -> Iterator[_Stretch]:
    now = _Stretch([])
    for is_bar, group in groupby(score.symbols, lambda symbol: isinstance(symbol, Bar)):
        symbols = list(group)
        if not is_bar:
            now.symbols += symbols
            continue
        signs = [symbol.sign for symbol in symbols]
        if ending := next((sign[-1] for sign in signs if sign[-1] in "12"), ""):
            now.repeated, now.two_endings = True, True
            now.symbols.append(Bar("|1" if ending == "1" else ":|2"))
        elif not any(sign in PART_ENDS for sign in signs):
            now.symbols.append(Bar("|"))
        elif now.symbols:
            now.repeated |= any(sign.startswith(":") for sign in signs)
            yield now
            now = _Stretch([])
    if now.symbols:
        yield _without_last_bar(now)


def _without_last_bar(stretch: _Stretch) -> _Stretch:
    if isinstance(stretch.symbols[-1], Bar):
        stretch.symbols.pop()
    if not stretch.symbols:
        raise NotationError("no notes")
    return stretch
