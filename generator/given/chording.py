"""Puts chords over a melody in its own text: all else stays to the letter. Knows no tasks and no models' insides."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.abc_tokens import tokens_of
from generator.accompanist import Chords, chords_of
from generator.brief import BriefError
from generator.chord_fit import fit_of
from generator.engraving import Engraver, header
from generator.given.bars import with_chords
from generator.given.faults import melody_fault
from generator.given.reading import read_tune
from generator.notation import NotationError, Score, timed
from generator.prompts.styles import style_names, styles
from generator.structure import bar_spans

_EVENTS = ("note", "rest", "stack")
_FIELD = re.compile(r"\s*(?:[A-Za-z+]):(?!\|)")
_NOTES_WITH_COLON = re.compile(r"\s*[A-Ga-gz]:[|:]")
_REMARK = ("^", "_", "<", ">", "@")
# What stands between a chord symbol and its note: a tuplet's number, an ornament, a slur's beginning.
_BEFORE_NOTE = re.compile(r"[~.(H-WVh-w]|\([2-9](?::\d*)*|![^!]*!|\+[A-Za-z0-9]+\+")


@dataclass(frozen=True)
class Harmonised:
    abc: str
    chords: tuple[str, ...]  # of each full bar; two in a bar joined by a comma
    fit: float  # share of strong-beat notes on their chord


def harmonise(abc: str, style: str | None = None) -> str:
    """The tune with chords that fit, its own replaced, in the style asked for. Raises BriefError."""
    return harmonised(abc, style).abc


def harmonised(abc: str, style: str | None = None) -> Harmonised:
    """Raises BriefError, its field abc or style."""
    if style is not None and style not in style_names():
        raise BriefError({"style": f"There is no such style; choose one of: {', '.join(style_names())}."})
    tune = read_tune(abc)
    if sentence := melody_fault(tune):
        raise BriefError({"abc": sentence})
    bare = tune.score.without_chords()
    chords = chords_of(bare, styles()[style] if style else None)
    spans = bar_spans(bare)
    told = [
        ",".join(text for _, text in laid) for laid, span in zip(chords, spans, strict=True) if span.number is not None
    ]
    text = _replaced(abc, bare, chords) or _set_anew(bare, chords, tune.title)
    return Harmonised(text, tuple(told), round(fit_of(with_chords(bare, chords)), 4))


def _replaced(abc: str, score: Score, chords: list[Chords]) -> str | None:
    """The text with these chords; None where its notes cannot be told apart for certain."""
    put, at = _by_event(score, chords), 0
    lines, in_body = [], False
    for line in abc.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if not in_body or _is_field(line):
            in_body = in_body or line.lstrip().startswith("K:")
            lines.append(line)
            continue
        try:
            text, at = _line(line, put, at)
        except NotationError:
            return None
        lines.append(text)
    return "\n".join(lines) if at == len(timed(score)) else None


def _is_field(line: str) -> bool:
    return bool(_FIELD.match(line)) and not _NOTES_WITH_COLON.match(line)


def _by_event(score: Score, chords: list[Chords]) -> dict[int, str]:
    """Chord symbols by the number of the note or rest that they stand over."""
    put: dict[int, str] = {}
    events = 0
    for span, laid in zip(bar_spans(score), chords, strict=True):
        for onset, text in laid:
            place = next((i for i, (start, _, _) in enumerate(span.events) if start >= onset), None)
            if place is not None:
                put[events + place] = text
        events += len(span.events)
    return put


def _line(line: str, put: dict[int, str], at: int) -> tuple[str, int]:
    """The line with its chords, and the number of the next note. Raises NotationError."""
    comment = re.search(r"(?<!\\)%.*", line)
    code, rest = (line[: comment.start()], comment[0]) if comment else (line, "")
    out: list[str] = []
    for kind, text in tokens_of(code):
        if kind == "quoted" and not text[1:-1].strip().startswith(_REMARK):
            continue
        if kind in _EVENTS or kind == "measures":
            if at in put:
                out.insert(_place(out), f'"{put[at]}"')
            at += max(1, int(text[1:] or 1)) if kind == "measures" else 1
        out.append(text)
    return "".join(out) + rest, at


def _place(out: list[str]) -> int:
    """In front of what belongs to the note that comes next."""
    place = len(out)
    while place and _BEFORE_NOTE.fullmatch(out[place - 1]):
        place -= 1
    return place


def _set_anew(score: Score, chords: list[Chords], title: str) -> str:
    """For a text with slips of the pen that the reader passes over: the same notes, engraved."""
    engraver = Engraver(score.meter)
    text = header(title=title, meter=score.meter, key=score.key, tempo_qpm=None)
    put, at = _by_event(score, chords), 0
    events = {index for index, *_ in timed(score)}
    for index, symbol in enumerate(score.symbols):
        added = engraver.feed(symbol)
        if index in events:
            lead = added[: len(added) - len(added.lstrip())]
            added = f'{lead}"{put[at]}"{added.lstrip()}' if at in put else added
            at += 1
        text += added
    return text
