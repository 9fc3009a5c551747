"""Notes and chords, mended: events with lengths, rests and loudness, sampled rather than the likeliest taken."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from generator import checkpoints
from generator.brief import Brief, NotesAdded, Piece
from generator.composers import checkpoint_path
from generator.composers.chordnotes import ChordNotesConfig
from generator.keyboard_pieces import MOST_QUARTERS, keyboard_piece
from generator.note_events import A_QUARTER, FIRST, REST, SIZES, START, TIMES, Event, struck_of
from generator.performance import Struck

_MOST_EVENTS = 1200

State = tuple[Tensor, Tensor]


class EventLSTM(nn.Module):
    """Logits of the next event's four numbers, each in the light of those before it."""

    def __init__(self, config: ChordNotesConfig) -> None:
        super().__init__()
        self.config = config
        self.embeddings = nn.ModuleList(nn.Embedding(size, config.embedding) for size in SIZES)
        self.lstm = nn.LSTM(4 * config.embedding, config.width, config.layers, dropout=config.dropout, batch_first=True)
        self.drop = nn.Dropout(config.dropout)
        self.heads = nn.ModuleList(
            nn.Linear(config.width + chosen * config.embedding, size) for chosen, size in enumerate(SIZES)
        )

    def heard(self, events: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """events (batch, time, 4) → what the network makes of them (batch, time, width), and its state"""
        seen = torch.cat([embed(events[..., part]) for part, embed in enumerate(self.embeddings)], -1)
        heard, state = self.lstm(seen, state)
        return self.drop(heard), state

    def logits(self, part: int, heard: Tensor, chosen: list[Tensor]) -> Tensor:
        """Of one number of the next event, from `heard` (..., width) and the numbers (...) before it in the event."""
        known = [embed(number) for embed, number in zip(self.embeddings, chosen, strict=False)]
        return self.heads[part](torch.cat([heard, *known], -1))  # (..., size of the number)

    def nats(self, events: Tensor, targets: Tensor) -> Tensor:
        """Minus the log-likelihood of each number of each target.  # (4, batch, time)"""
        heard, _ = self.heard(events)
        parts = targets.unbind(-1)
        logits = [self.logits(part, heard, list(parts[:part])) for part in range(len(SIZES))]
        return torch.stack(
            [
                F.cross_entropy(one.transpose(1, 2), wanted, reduction="none")
                for one, wanted in zip(logits, parts, strict=True)
            ]
        )


class Sampler:
    """Draws events one at a time."""

    def __init__(self, model: EventLSTM, temperature: float, random: torch.Generator) -> None:
        self.model, self.temperature, self.random = model, temperature, random
        self.state: State | None = None
        self.before: Event = FIRST

    @torch.inference_mode()
    def event(self) -> Event:
        heard, self.state = self.model.heard(torch.tensor([[self.before]]), self.state)
        chosen: list[Tensor] = []
        for part in range(len(SIZES)):
            chosen.append(self._drawn(self.model.logits(part, heard[:, -1], chosen)[0], part))
        self.before = tuple(int(number) for number in chosen)
        return self.before

    def _drawn(self, logits: Tensor, part: int) -> Tensor:
        if part == 0:
            logits[START] = -torch.inf
            if self.before[0] in (REST, START):  # two rests in a row are one, and none begins a piece
                logits[REST] = -torch.inf
        return torch.multinomial(torch.softmax(logits / self.temperature, -1), 1, generator=self.random)


def sampled(model: EventLSTM, *, seed: int, temperature: float, quarters: int = MOST_QUARTERS) -> list[Struck]:
    """A performance of so many quarter notes."""
    sampler = Sampler(model, max(temperature, 0.05), torch.Generator().manual_seed(seed))
    events, now = [], 0
    while now < quarters * A_QUARTER and len(events) < _MOST_EVENTS:
        events.append(sampler.event())
        now += TIMES[events[-1][1]]
    return [note for note in struck_of(events) if note.onset < quarters]


def compose_events(brief: Brief) -> Iterator[NotesAdded | Piece]:
    notes = sampled(_model(brief.composer), seed=brief.seed, temperature=brief.temperature)
    return keyboard_piece(brief, notes)


def read(path: Path) -> EventLSTM:
    model = EventLSTM(ChordNotesConfig(**checkpoints.read_metadata(path)["config"])).eval()
    checkpoints.load_weights(path, model)
    return model


@cache
def _model(name: str) -> EventLSTM:
    return read(checkpoint_path(name))
