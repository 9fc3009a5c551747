"""The peer: folk-rnn v2's published shape. Knows nothing of bars, places or chords.

Sturm, Santos, Ben-Tal and Korshunova 2016, "Music transcription modelling and composition using deep learning", and its
program's configuration 5: one-hot symbols, three LSTM layers of 512, dropout .5 after each, a dense softmax.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch.nn.functional as F
from torch import Tensor, nn

from generator.composers.folkrnn_symbols import END, OTHER, START


@dataclass(frozen=True)
class FolkRNNConfig:
    """`vocabulary` is what the training tunes hold more than once; a symbol's id is its place there."""

    vocabulary: tuple[str, ...] = (OTHER, START, END)
    width: int = 512
    layers: int = 3
    dropout: float = 0.5

    def __post_init__(self) -> None:
        object.__setattr__(self, "vocabulary", tuple(self.vocabulary))  # a checkpoint's JSON knows lists alone


class FolkRNN(nn.Module):
    """Logits of the next symbol from those so far."""

    def __init__(self, config: FolkRNNConfig) -> None:
        super().__init__()
        self.config = config
        self.lstm = nn.LSTM(
            len(config.vocabulary), config.width, config.layers, dropout=config.dropout, batch_first=True
        )
        self.drop = nn.Dropout(config.dropout)
        self.dense = nn.Linear(config.width, len(config.vocabulary))
        self._begin()

    def _begin(self) -> None:
        """Weights wide enough that a symbol is heard through three layers from the first step.

        The paper names no beginning. Lasagne's, in which folk-rnn was written, and torch's own both leave this network
        guessing by frequency alone for hundreds of steps, which thousands of steps would forgive and minutes do not.
        """
        for name, parameter in self.lstm.named_parameters():
            if name.startswith("weight_hh"):
                nn.init.orthogonal_(parameter)
            elif name.startswith("weight_ih"):
                nn.init.normal_(parameter, std=1.0 if name.endswith("l0") else 2.0 / self.config.width**0.5)
            else:
                nn.init.zeros_(parameter)

    def forward(self, symbols: Tensor) -> Tensor:
        """symbols (batch, time) → logits (batch, time, vocab); the state is empty where the symbols begin."""
        one_hot = F.one_hot(symbols, len(self.config.vocabulary)).to(self.dense.weight.dtype)  # (batch, time, vocab)
        mixed, _ = self.lstm(one_hot)  # (batch, time, width)
        return self.dense(self.drop(mixed))  # (batch, time, vocab)
