"""A second instrument's part to a first one's: an encoder reads the first, an attending decoder writes the second.

Sequence to sequence (Sutskever, Vinyals and Le 2014) with additive attention (Bahdanau, Cho and Bengio 2014). Ours: the
attention also hears how far away in time a note is, and stands between the decoder's two layers.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from generator.note_events import A_QUARTER, SIZES, TIMES

_BEATS = 8  # of a bar, counted from its beginning and from its end
_FAR = 16  # eighths beyond which all is equally far away
_NOW = 2 * _FAR + 1  # stands for what sounds at the moment
_DISTANCES = _NOW + 1

State = tuple[Tensor, Tensor]


@dataclass(frozen=True)
class SecondPartConfig:
    width: int = 192  # of each of the decoder's two layers
    reader: int = 128  # of each direction of the encoder
    embedding: int = 32
    attention: int = 128
    heads: int = 4
    dropout: float = 0.3
    deaf: bool = False  # without the encoder, to measure what it is worth


@dataclass(frozen=True)
class Heard:
    """A first part as the decoder attends to it."""

    notes: Tensor  # (batch, events, 2 reader)
    keys: Tensor  # (batch, events, attention)
    onsets: Tensor  # (batch, events), in twelfths of a quarter note
    ends: Tensor
    missing: Tensor  # (batch, events) bool: padding


class SecondPart(nn.Module):
    """Logits of the second part's next event, in the light of the whole first part and of what it wrote so far."""

    def __init__(self, config: SecondPartConfig) -> None:
        super().__init__()
        self.config = config
        reader, width = config.reader, config.width
        self.embeddings = nn.ModuleList(nn.Embedding(size, config.embedding) for size in SIZES)
        self.places = nn.ModuleList(nn.Embedding(size, size) for size in (A_QUARTER, _BEATS, _BEATS))
        seen = len(SIZES) * config.embedding + A_QUARTER + 2 * _BEATS
        self.encoder = nn.LSTM(seen, reader, bidirectional=True, batch_first=True)
        self.before = nn.LSTM(seen, width, batch_first=True)
        self.after = nn.LSTM(width + 2 * reader, width, batch_first=True)
        self.key = nn.Linear(2 * reader, config.attention, bias=False)
        self.query = nn.Linear(width, config.attention)
        self.score = nn.Parameter(torch.randn(config.heads, config.attention // config.heads) * 0.1)
        near = -0.3 * (torch.arange(_DISTANCES) - _FAR).abs().float()  # at first the nearest are heard most
        near[_NOW] = 1.0
        self.distance = nn.Parameter(near.repeat(config.heads, 1))
        self.value = nn.Linear(2 * reader, 2 * reader)
        self.drop = nn.Dropout(config.dropout)
        self.said = nn.ModuleList(
            nn.Linear(width + 2 * reader + chosen * config.embedding, size) for chosen, size in enumerate(SIZES)
        )

    def hear(self, events: Tensor, onsets: Tensor, bars: Tensor, lengths: Tensor) -> Heard:
        """events (batch, events, 4), onsets (batch, events), bars (batch,), all in twelfths; lengths (batch,)"""
        seen = self.drop(self._seen(events, onsets, bars))
        packed = pack_padded_sequence(seen, lengths.cpu(), batch_first=True, enforce_sorted=False)
        notes, _ = pad_packed_sequence(self.encoder(packed)[0], batch_first=True, total_length=events.shape[1])
        notes = self.drop(notes)
        times = torch.tensor(TIMES, device=events.device)
        missing = torch.arange(events.shape[1], device=events.device) >= lengths[:, None]
        return Heard(notes, self.key(notes), onsets, onsets + times[events[..., 2]], missing)

    def read(
        self, first: Heard, events: Tensor, now: Tensor, bars: Tensor, states: tuple[State, State] | None = None
    ) -> tuple[Tensor, tuple[State, State]]:
        """What to say next at each time of `now`, behind `events` (batch, time, 4).  # (batch, time, …), states"""
        known, last = states or (None, None)
        seen, known = self.before(self.drop(self._seen(events, now, bars)), known)
        context = self._attended(first, seen, now)
        through, last = self.after(self.drop(torch.cat([seen, context], -1)), last)
        return self.drop(torch.cat([through, context], -1)), (known, last)

    def logits(self, part: int, read: Tensor, chosen: list[Tensor]) -> Tensor:
        """Of one number of the next event, from `read` (..., …) and the numbers (...) before it in the event."""
        known = [embed(number) for embed, number in zip(self.embeddings, chosen, strict=False)]
        return self.said[part](torch.cat([read, *known], -1))  # (..., size of the number)

    def nats(self, read: Tensor, targets: Tensor) -> Tensor:
        """Minus the log-likelihood of each number of each target.  # (4, batch, time)"""
        parts = list(targets.unbind(-1))
        logits = [self.logits(part, read, parts[:part]) for part in range(len(SIZES))]
        return torch.stack(
            [
                F.cross_entropy(one.transpose(1, 2), wanted, reduction="none")
                for one, wanted in zip(logits, parts, strict=True)
            ]
        )

    def _seen(self, events: Tensor, onsets: Tensor, bars: Tensor) -> Tensor:
        """Events and the places in the bar at which they stand, as vectors."""
        in_bar = onsets % bars[:, None]
        beat = (in_bar // A_QUARTER).clamp(max=_BEATS - 1)
        left = ((bars[:, None] - in_bar - 1) // A_QUARTER).clamp(max=_BEATS - 1)
        places = [embed(at) for embed, at in zip(self.places, (in_bar % A_QUARTER, beat, left), strict=True)]
        return torch.cat([*(embed(events[..., part]) for part, embed in enumerate(self.embeddings)), *places], -1)

    def _attended(self, first: Heard, seen: Tensor, now: Tensor) -> Tensor:
        """(batch, time, 2 reader): each head's share of the notes heard."""
        if self.config.deaf:
            return seen.new_zeros(*seen.shape[:2], 2 * self.config.reader)
        batch, time, heads = *seen.shape[:2], self.config.heads
        mixed = torch.tanh(self.query(seen)[:, :, None] + first.keys[:, None])  # (batch, time, events, attention)
        scores = (mixed.unflatten(-1, (heads, -1)) * self.score).sum(-1)  # (batch, time, events, heads)
        scores = scores + self.distance.T[_distances(first, now)]
        scores = scores.masked_fill(first.missing[:, None, :, None], -torch.inf)
        shares = torch.softmax(scores, 2)
        values = self.value(first.notes).unflatten(-1, (heads, -1))  # (batch, events, heads, 2 reader / heads)
        return torch.einsum("bteh,behv->bthv", shares, values).reshape(batch, time, -1)


def _distances(first: Heard, now: Tensor) -> Tensor:
    """(batch, time, events): the number of how far from `now` a note begins, in eighths, or that it sounds."""
    away = first.onsets[:, None] - now[..., None]
    eighths = torch.div(away, A_QUARTER // 2, rounding_mode="floor").clamp(-_FAR, _FAR) + _FAR
    sounds = (away <= 0) & (first.ends[:, None] > now[..., None])
    return torch.where(sounds, _NOW, eighths)
