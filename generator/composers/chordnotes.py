"""Notes and chords from MIDI, one symbol after another: the third account's LSTM as it was, and one that is mended.

As it was: symbols of a note or a chord, as numbers from 0 to 1; windows of 100; LSTM 512, dropout .3, bidirectional
LSTM 512, dropout .3, bidirectional LSTM 512, dense 256, dropout .3, dense softmax over the symbols.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from torch import Tensor, nn

if TYPE_CHECKING:
    from generator.brief import Brief, NotesAdded, Piece


@dataclass(frozen=True)
class ChordNotesConfig:
    vocabulary: int = 0  # symbols; the mended one's numbers are those of note_events
    width: int = 512
    dropout: float = 0.3
    window: int = 100  # symbols seen
    dense: int = 256  # as it was alone
    embedding: int = 64  # mended alone
    layers: int = 2  # mended alone


class ChordNotes(nn.Module):
    """Logits of the symbol that follows a window."""

    def __init__(self, config: ChordNotesConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.first = nn.LSTM(1, width, batch_first=True)
        self.second = nn.LSTM(width, width, batch_first=True, bidirectional=True)
        self.third = nn.LSTM(2 * width, width, batch_first=True, bidirectional=True)
        self.drop = nn.Dropout(config.dropout)
        self.inner = nn.Linear(2 * width, config.dense)
        self.outer = nn.Linear(config.dense, config.vocabulary)

    def forward(self, symbols: Tensor) -> Tensor:
        """symbols (batch, window) int64 → logits (batch, vocabulary)"""
        scaled = symbols.float().unsqueeze(-1) / self.config.vocabulary  # (batch, window, 1)
        heard = self.drop(self.first(scaled)[0])  # (batch, window, width)
        heard = self.drop(self.second(heard)[0])  # (batch, window, 2 width)
        _, (last, _) = self.third(heard)  # (2, batch, width): the end of each direction
        # No activation between the two dense layers: the account has none.
        return self.outer(self.drop(self.inner(last.transpose(0, 1).flatten(1))))


def compose(brief: Brief, *, feeling: tuple[float, float] | None = None) -> Iterator[NotesAdded | Piece]:
    """The account's way of going on from a window, the mended way of sampling events, or two instruments' parts.

    The second of two instruments follows a melody, and that alone hears a feeling.
    """
    if brief.composer == "chordnotes":
        from generator.composers.chordnotes_likeliest import compose_likeliest

        return compose_likeliest(brief)
    if brief.composer == "chordnotes-second":
        from generator.composers.chordnotes_second_voice import compose_second

        return compose_second(brief, feeling)
    from generator.composers.chordnotes_mended import compose_events

    return compose_events(brief)
