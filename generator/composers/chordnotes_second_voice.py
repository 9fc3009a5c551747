"""The second instrument's part drawn event by event, and a whole piece of two parts for a brief. Knows no training."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import torch
from torch import Tensor

from generator import checkpoints
from generator.brief import Brief, Check, ComposeFailed, NotesAdded, Piece
from generator.composers import checkpoint_id, checkpoint_path
from generator.composers.chordnotes_second import Heard, SecondPart, SecondPartConfig
from generator.composers.chordnotes_stretches import END, ended, part_events
from generator.notation import KEY_SUFFIX
from generator.note_events import A_QUARTER, FIRST, REST, SIZES, START, TIMES, Event, struck_of
from generator.performance import Struck, end_of, midi_of_parts
from generator.two_staves import written_for_two

VIOLIN, BASS = 40, 32  # General MIDI's numbers from 0
SECOND_NAME = "Bass"
COOLER = 0.7  # than the melody: at 1 every sixth strong beat is dissonant, with people every eighteenth
_MOST_EVENTS = 600
_MOST_AT_ONCE = 4
_WHAT, _UNTIL_NEXT = 0, 1  # of an event's numbers


@dataclass(frozen=True)
class Written:
    notes: tuple[Struck, ...]
    ended_at: Fraction | None  # where it said that it was done; None where it was cut off


class Writer:
    """Writes to one first part."""

    def __init__(self, model: SecondPart, first: Sequence[Struck], bar: Fraction) -> None:
        self.model, self.bars = model, torch.tensor([int(bar * A_QUARTER)])
        begin = min(note.onset for note in first)
        read = part_events(first, begin)
        if read is None:
            raise ComposeFailed("The first part holds lengths that the second player cannot count. Please try again.")
        events, onsets = ended(*read)
        self.begin, self.end = int(onsets[0]), round(end_of(first) * A_QUARTER)
        with torch.inference_mode():
            self.first: Heard = model.hear(
                torch.from_numpy(events)[None], torch.from_numpy(onsets)[None], self.bars, torch.tensor([len(events)])
            )

    @torch.inference_mode()
    def written(self, random: torch.Generator, temperature: float, *, free: bool = False) -> Written:
        """A part that ends with the first one; with `free` where it will, even later."""
        events: list[Event] = []
        now, states, before, at_once = self.begin, None, FIRST, 0
        while len(events) < _MOST_EVENTS and (free or now < self.end):
            times = torch.tensor([[now]])
            read, states = self.model.read(self.first, torch.tensor([[before]]), times, self.bars, states)
            before = self._event(read[0, -1], before, at_once, random, temperature, free)
            if before[_WHAT] == START:
                return self._cut(events, Fraction(now, A_QUARTER))
            events.append(before)
            at_once = 0 if TIMES[before[_UNTIL_NEXT]] else at_once + 1
            now += TIMES[before[_UNTIL_NEXT]]
        return self._cut(events, None)

    def _event(
        self, read: Tensor, before: Event, at_once: int, random: torch.Generator, temperature: float, free: bool
    ) -> Event:
        chosen: list[Tensor] = []
        for part in range(len(SIZES)):
            logits = self.model.logits(part, read, chosen)
            if part == _WHAT:
                if not free:
                    logits[START] = -torch.inf
                if before[_WHAT] == REST or at_once:
                    logits[REST] = -torch.inf
            elif part == _UNTIL_NEXT and (int(chosen[0]) == REST or at_once >= _MOST_AT_ONCE - 1):
                logits[0] = -torch.inf
            shares = torch.softmax(logits / max(temperature, 0.05), -1)
            chosen.append(torch.multinomial(shares, 1, generator=random)[0])
            if part == _WHAT and int(chosen[0]) == START:
                return END
        return tuple(int(number) for number in chosen)

    def _cut(self, events: list[Event], ended_at: Fraction | None) -> Written:
        """From the first part's beginning; nothing sounds on when that is over."""
        begin, end = Fraction(self.begin, A_QUARTER), Fraction(self.end, A_QUARTER)
        notes = [replace(note, onset=note.onset + begin) for note in struck_of(events)]
        kept = (replace(note, length=min(note.length, end - note.onset)) for note in notes if note.onset < end)
        return Written(tuple(kept), ended_at)


def read(path: Path) -> SecondPart:
    model = SecondPart(SecondPartConfig(**checkpoints.read_metadata(path)["config"])).eval()
    checkpoints.load_weights(path, model)
    return model


@cache
def _model(name: str) -> SecondPart:
    return read(checkpoint_path(name))


def compose_second(brief: Brief, feeling: tuple[float, float] | None) -> Iterator[NotesAdded | Piece]:
    """A melody of the default composer's, in the chorales' manner, and the part that the network writes to it."""
    from generator.composers.chordnotes_melody import first_part, melody_for

    melody = melody_for(brief, feeling)
    first, bar = first_part(melody.abc)
    second = Writer(_model(brief.composer), first, bar).written(_random(brief), COOLER * brief.temperature).notes
    text, found = "", melody.conditions
    lines = written_for_two(
        first, second, title=melody.title, meter=found.meter, key=f"{found.key}{KEY_SUFFIX[found.mode]}",
        qpm=found.tempo_qpm, second_name=SECOND_NAME,
    )  # fmt: skip
    for line in lines:
        yield NotesAdded(1, len(text), line)
        text += line
    yield Piece(
        abc=text, title=melody.title, prompt=brief.prompt, conditions=replace(found, chords=None, style=None),
        composer=brief.composer, checkpoint=checkpoint_id(brief.composer), seed=brief.seed,
        checks={"notes": Check(True, len(first) + len(second))},
        midi=midi_of_parts([(VIOLIN, first), (BASS, second)], found.tempo_qpm),
    )  # fmt: skip


def _random(brief: Brief) -> torch.Generator:
    return torch.Generator().manual_seed(brief.seed)
