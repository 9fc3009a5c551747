"""The baseline: a character LSTM of the first account's shape, reading canonical ABC as letters.

Embedding 512, three LSTM layers of 256, dropout .2, dense softmax. It is shown no bars, no places and no chords.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from generator.notation import Score

# Every character a canonical header or body without chord symbols can hold; "\n" also ends the body.
CHARACTERS = "\nABCDEFGKMabcdefghilmoprxyz0123456789/,'^_=|:[](-#"
NUMBERS = {character: number for number, character in enumerate(CHARACTERS)}
END = NUMBERS["\n"]

State = tuple[Tensor, Tensor]  # hidden and cell, (layers, batch, width) each


@dataclass(frozen=True)
class CharLSTMConfig:
    vocabulary: int = len(CHARACTERS)
    embedding: int = 512
    width: int = 256
    layers: int = 3
    dropout: float = 0.2


def header(score: Score) -> str:
    """What is given and not scored."""
    return f"M:{score.meter}\nK:{score.key}\n"


def numbers(text: str) -> list[int]:
    return [NUMBERS[character] for character in text]


class CharLSTM(nn.Module):
    """Logits of the next character from those so far."""

    def __init__(self, config: CharLSTMConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocabulary, config.embedding)
        between = config.dropout if config.layers > 1 else 0.0
        self.lstm = nn.LSTM(config.embedding, config.width, config.layers, dropout=between, batch_first=True)
        self.drop = nn.Dropout(config.dropout)
        self.dense = nn.Linear(config.width, config.vocabulary)
        for name, bias in self.lstm.named_parameters():
            if name.startswith("bias_ih"):
                # The forget gate starts open, so that what a tune began with is not lost at once.
                nn.init.ones_(bias.data[config.width : 2 * config.width])

    def forward(self, characters: Tensor) -> Tensor:
        """characters (batch, time) → logits (batch, time, vocab); the state is empty where the characters begin."""
        return self.carried(characters, None)[0]

    def carried(self, characters: Tensor, state: State | None) -> tuple[Tensor, State]:
        """The same from a state that earlier characters left, and the state that these leave."""
        mixed, state = self.lstm(self.embedding(characters), state)  # (batch, time, width)
        return self.dense(self.drop(mixed)), state  # (batch, time, vocab)
