"""Tunes as arrays for training: ids, places, chords and conditions. Knows no models."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from generator import accompanist
from generator import vocabulary as V
from generator.attributes import Measured, Places, condition_ids, implied_tempo, measured, rhythm_of
from generator.chord_ids import chord_id
from generator.harmony import is_playable, parse_chord
from generator.inputs import inputs_at, outline
from generator.notation import Score, parse, split_key, tonic_pitch_class
from generator.place import Place
from generator.rhythm_classifier import heard_rhythm
from generator.structure import BarSpan, bar_spans

Chords = list[tuple[int, int]]  # per written bar: chord ids of its first and second half


@dataclass
class Example:
    """One tune. Position t holds what is known when id t+1 is to be guessed."""

    tokens: np.ndarray  # (n,) start, body, end
    inputs: np.ndarray  # (n - 1, inputs) in the order of INPUT_NAMES, all told
    conditions: np.ndarray  # (conditions,) in the order of CONDITION_NAMES, all told
    characters: int  # of the canonical body without chord symbols
    mode: str
    human_chords: bool


@dataclass
class Tune:
    """A score with what its collection says of it."""

    score: Score
    rhythm: str | None
    tradition: str | None
    source: str = ""
    title: str = ""
    family: int = 0


def examples(tunes: list[Tune], *, places: tuple[Places, Places]) -> list[Example]:
    """Arrays of every tune; the accompanist chords those that nobody chorded."""
    return [_example(tune, places) for tune in tunes]


def named_by_ear(tune: Tune) -> Tune:
    """With the rhythm that the classifier hears; where the collection calls it something else, with none.

    Who asks for a march wants what sounds like one, and a sixth of the corpus' names say other than the notes do.
    """
    heard = heard_rhythm(tune.score)
    return replace(tune, rhythm=heard if tune.rhythm in (None, heard) else None)


def corpus_places(tunes: Iterable[Tune]) -> tuple[Places, Places]:
    """Where densities and registers lie, by rhythm and by meter."""
    density, register = Places(), Places()
    for tune in tunes:
        facts = measured(tune.score)
        for group in {tune.rhythm, tune.score.meter} - {None}:
            density.add(group, facts.notes_per_quarter)
            register.add(group, facts.mean_pitch)
    return density, register


def human_chords(spans: list[BarSpan], tonic: int) -> Chords | None:
    """Chord ids as written, a bar without one keeping the last; None when under half of the bars have one."""
    if sum(bool(span.chords) for span in spans) * 2 < len(spans):
        return None
    out: Chords = []
    held = 0
    for span in spans:
        halves = [held, held]
        for onset, text in span.chords:
            root, quality, _ = parse_chord(text) if is_playable(text) else (None, "", None)
            if root is not None:
                held = chord_id(root - tonic, quality)
                halves[1] = held
                if onset * 2 < span.measure:
                    halves[0] = held
        out.append((halves[0], halves[1]) if not _is_pickup(span) else (0, 0))
    return out


def _is_pickup(span: BarSpan) -> bool:
    return span.number is None and span.ending == 0


def _found_chords(score: Score, spans: list[BarSpan]) -> Chords:
    found: Chords = [(0, 0)] * len(spans)
    heard = accompanist.heard(score, spans)
    states = accompanist.shipped().states(heard, tonics=accompanist.tonics(split_key(score.key)[1]))
    for index, (first, second) in zip(heard.indices, states, strict=True):
        found[index] = first + 1, second + 1  # chord id 0 means none
    return found


def _example(tune: Tune, places: tuple[Places, Places]) -> Example:
    spans = bar_spans(tune.score)
    written = human_chords(spans, tonic_pitch_class(tune.score.key))
    chords = written or _found_chords(tune.score, spans)
    tokens = [V.START, *V.encode(tune.score), V.END]
    facts = measured(tune.score)
    return Example(
        np.array(tokens, np.int16),
        np.array(_walk(tokens[:-1], tune.score.meter, facts.bars, outline(spans), chords), np.int16),
        np.array(_conditions(tune, places, facts), np.uint8),
        len(tune.score.without_chords().body),
        split_key(tune.score.key)[1],
        written is not None,
    )


def _walk(
    tokens: list[int], meter: str, bars: int, planned: list[tuple[Fraction, int]], chords: Chords
) -> list[tuple[int, ...]]:  # fmt: skip
    place, rows = Place(meter), []
    for token in tokens:
        if token != V.START:
            place.feed(token)
        at = place.ordinal
        room = (planned[at][0] - place.elapsed, planned[at][1]) if at < len(planned) else None
        now = chords[at][place.second_half] if at < len(chords) else 0
        then = chords[at + 1][0] if at + 1 < len(chords) else 0
        rows.append(inputs_at(place, bars=bars, planned=room, chords=(now, then)))
    return rows


def free_example(score: Score) -> Example:
    """A score with its key, mode and meter told and everything else free, no chords: as it is scored."""
    tokens = [V.START, *V.encode(score), V.END]
    place = Place(score.meter)
    rows = [inputs_at(place)]
    for token in tokens[1:-1]:
        place.feed(token)
        rows.append(inputs_at(place))
    free = dict.fromkeys(("rhythm", "tradition", "form", "bars", "density", "register", "tempo_qpm"))
    return Example(
        np.array(tokens, np.int16),
        np.array(rows, np.int16),
        np.array(condition_ids(key=score.key, meter=score.meter, **free), np.uint8),
        len(score.without_chords().body),
        split_key(score.key)[1],
        human_chords=False,
    )


def _conditions(tune: Tune, places: tuple[Places, Places], facts: Measured) -> list[int]:
    group = tune.rhythm or tune.score.meter
    return condition_ids(
        key=tune.score.key,
        meter=tune.score.meter,
        rhythm=tune.rhythm,
        tradition=tune.tradition,
        form=facts.form,
        bars=facts.bars,
        density=places[0].place(group, facts.notes_per_quarter),
        register=places[1].place(group, facts.mean_pitch),
        tempo_qpm=implied_tempo(tune.rhythm, facts.notes_per_quarter) if tune.rhythm else None,
        pickup=facts.pickup,
        care=facts.care,
        dotted=facts.dotted,
    )


def tune_from(row: dict) -> Tune:
    """A row of a JSONL collection. Raises NotationError when the tune cannot be canonical."""
    score = parse(row["abc"], meter=row["M"], key=row["K"], unit=row.get("L"))
    tradition = row.get("tradition") or None
    return Tune(score, rhythm_of(row.get("R") or ""), tradition, row.get("source", ""), row.get("title", ""),
                int(row.get("family", 0)))  # fmt: skip
