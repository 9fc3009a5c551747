"""The faithful composers at work: text sampled letter by letter, tunes cut out of it as they come. No rules, no torch.

An account samples 1,024 characters and looks what is in them. The first tune of them that can be read is the piece;
each one before it that cannot is a rejected attempt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np

from generator.brief import (
    METERS,
    MIN_BARS,
    TONICS,
    AttemptRejected,
    Brief,
    Check,
    ComposeFailed,
    Conditions,
    NotesAdded,
    Piece,
)
from generator.checks import bars_right, novel, repeats_closed
from generator.composers.letters_voice import LetterNetwork
from generator.notation import NotationError, Score, parse, sounding, split_key
from generator.novelty import shipped_index
from generator.structure import bar_count
from generator.titles import named, title_of

CHARACTERS = 1024  # of one sample, after its first
SAMPLES = 12  # before giving up
NO_TUNE = "Of so many samples none held a tune that could be read. Please try another seed."
LOWEST, HIGHEST = 36, 96  # C2 to C7, as the sounds in static/samples
_HEAD = "X:1\n"
_FIELD = re.compile(r"([A-Za-z]):(.*)")


def sample(network: LetterNetwork, rng: np.random.Generator, temperature: float = 1.0) -> Iterator[str]:
    """A random first character, then 1,024 sampled one at a time."""
    first = network.characters[int(rng.integers(len(network.characters)))]
    yield first
    yield from islice(network.letters(first, rng=rng, temperature=temperature), CHARACTERS)


def compose(brief: Brief, network: LetterNetwork, checkpoint: str) -> Iterator[NotesAdded | AttemptRejected | Piece]:
    """Raises ComposeFailed after the last sample."""
    attempt = 0
    for number in range(1, SAMPLES + 1):
        rng = np.random.default_rng([brief.seed, number])
        for event in cut(sample(network, rng, brief.temperature)):
            if isinstance(event, str):
                attempt += 1
                try:
                    piece = piece_of(brief, event, read(event), checkpoint)
                except NotationError as reason:
                    yield AttemptRejected(attempt, str(reason))
                    continue
                yield piece
                return
            yield NotesAdded(attempt + 1, *event)
    raise ComposeFailed(NO_TUNE)


def cut(letters: Iterable[str]) -> Iterator[tuple[int, str] | str]:
    """Each tune as it grows, (offset, text) after (offset, text), and then whole, up to an empty line or the next X:.

    What comes before the first X: is left out. So is the number, which a line of its own replaces: players ask for
    tune 1. A line that begins with X is therefore kept back.
    """
    tune, line = "", ""
    for letter in letters:
        line += letter
        ends = letter == "\n" and (line.startswith("X:") or line.isspace())
        if ends and tune:
            yield tune
        if ends:
            tune = ""
        added = _HEAD if ends and line.startswith("X:") else letter if tune and not line.startswith("X") else ""
        if added:
            yield len(tune), added
            tune += added
        line = "" if letter == "\n" else line
    if tune:
        yield tune


def fields_of(tune: str) -> tuple[dict[str, str], str]:
    """The fields up to K, the first of each, and the lines after them."""
    fields: dict[str, str] = {}
    lines = tune.split("\n")
    for index, line in enumerate(lines):
        if match := _FIELD.match(line):
            fields.setdefault(match[1], match[2].strip())
            if match[1] == "K":
                return fields, "\n".join(lines[index + 1 :])
    raise NotationError("header")


def read(tune: str) -> Score:
    """A sampled tune. Raises NotationError with the reason it is none."""
    fields, body = fields_of(tune)
    if "M" not in fields:
        raise NotationError("header")
    score = parse(body, meter=fields["M"], key=fields["K"], unit=fields.get("L"))
    if bar_count(score) < MIN_BARS:
        raise NotationError("bars")
    if not sounds(score).ok:
        raise NotationError("range")
    return score


def sounds(score: Score) -> Check:
    """Whether every note has a recorded sound: where one is missing, a page plays nothing."""
    pitches = [pitch for _, _, pitch in sounding(score) if pitch is not None]
    return Check(min(pitches) >= LOWEST and max(pitches) <= HIGHEST, [min(pitches), max(pitches)])


def piece_of(brief: Brief, abc: str, score: Score, checkpoint: str) -> Piece:
    conditions = came_out(score)
    title = title_of(fields_of(abc)[0].get("T", "")) or named(brief.prompt, conditions, brief.seed)
    return Piece(
        abc=abc, title=title, prompt=brief.prompt, conditions=conditions, composer=brief.composer,
        checkpoint=checkpoint, seed=brief.seed, checks=checks_of(score),
    )  # fmt: skip


def checks_of(score: Score) -> dict[str, Check]:
    """Told, and not asked for: the accounts know no rules."""
    return {
        "bars_right": bars_right(score),
        "repeats_closed": repeats_closed(score),
        "novelty": novel(score, shipped_index()),
    }


def came_out(score: Score) -> Conditions:
    """Of key, mode and meter what a brief can name."""
    tonic, mode = split_key(score.key)
    return Conditions(key=tonic if tonic in TONICS else None, mode=mode,
                      meter=score.meter if score.meter in METERS else None)  # fmt: skip
