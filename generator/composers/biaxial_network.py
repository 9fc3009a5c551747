"""The biaxial network: LSTM along time, shared by all notes, then along the notes, low to high. Knows no corpora.

D. Johnson's account of 2015, "Composing Music With Recurrent Neural Networks". No code of it is here.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from generator.composers.biaxial_rolls import PLAYED, features


@dataclass(frozen=True)
class BiaxialConfig:
    low: int = 24  # the lowest and the highest note that it can play
    high: int = 101
    time_width: int = 300  # of each of two layers
    note_width: int = 100
    upper_width: int = 50
    dropout: float = 0.5
    relative: bool = False  # without position and pitch class: whatever is left is the same in every key

    @property
    def notes(self) -> int:
        return self.high - self.low + 1


class Biaxial(nn.Module):
    def __init__(self, config: BiaxialConfig) -> None:
        super().__init__()
        self.config = config
        seen = features(config.relative)
        self.time = nn.LSTM(seen, config.time_width, num_layers=2, dropout=config.dropout)
        self.note = nn.LSTM(config.time_width + 2, config.note_width)
        self.upper = nn.LSTM(config.note_width, config.upper_width)
        self.dense = nn.Linear(config.upper_width, 2)
        self.dropout = nn.Dropout(config.dropout)
        self._begin_well()

    def _begin_well(self) -> None:
        """Gates open to the past, and few notes played: what a fresh network would learn first."""
        for lstm in (self.time, self.note, self.upper):
            for name, bias in lstm.named_parameters():
                if name.startswith("bias_ih"):
                    width = len(bias) // 4
                    nn.init.ones_(bias.data[width : 2 * width])
        nn.init.constant_(self.dense.bias[:1].data, -2.5)

    def forward(self, shown: Tensor, choices: Tensor) -> Tensor:
        """Logits of playing and of articulating, each note told what those below it chose.  # (batch, time, notes, 2)

        `shown` (batch, time, notes, features), `choices` (batch, time, notes, 2): what is played at that same step.
        """
        batch, time, notes, _ = shown.shape
        along = shown.permute(1, 0, 2, 3).reshape(time, batch * notes, -1)
        hidden = self.dropout(self.time(along)[0])  # (time, batch * notes, 300)
        up = hidden.view(time, batch, notes, -1).permute(2, 1, 0, 3)  # (notes, batch, time, 300)
        below = F.pad(choices, (0, 0, 1, 0))[:, :, :-1].permute(2, 0, 1, 3)  # (notes, batch, time, 2)
        up = torch.cat([up, below.to(up.dtype)], dim=-1).flatten(1, 2)
        up = self.dropout(self.note(up)[0])
        up = self.dropout(self.upper(up)[0])  # (notes, batch * time, 50)
        return self.dense(up).view(notes, batch, time, 2).permute(1, 2, 0, 3)


def nats_of(logits: Tensor, choices: Tensor) -> Tensor:
    """Minus the log-likelihood of each note at a step; articulation counts where it plays.  # (batch, time, notes)"""
    each = F.binary_cross_entropy_with_logits(logits.float(), choices.float(), reduction="none")
    return each[..., 0] + choices[..., PLAYED] * each[..., 1]
