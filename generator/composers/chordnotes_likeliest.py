"""Notes and chords as they were composed: from a random window of the corpus, always the likeliest next symbol."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from generator import checkpoints, eight_bits
from generator.brief import Brief, NotesAdded, Piece
from generator.composers import checkpoint_path
from generator.composers.chordnotes import ChordNotes, ChordNotesConfig
from generator.keyboard_pieces import MOST_QUARTERS, keyboard_piece
from generator.notes_and_chords import HALF_A_BEAT, struck_of

AS_IT_WAS = 500  # symbols
_ON_A_PAGE = int(MOST_QUARTERS / HALF_A_BEAT)


def compose_likeliest(brief: Brief) -> Iterator[NotesAdded | Piece]:
    """As many of the account's 500 symbols as two pages hold; the likeliest leave nothing for a temperature to do."""
    model, record = _model(brief.composer)
    return keyboard_piece(brief, struck_of(gone_on(model, record, seed=brief.seed, count=_ON_A_PAGE)))


def gone_on(
    model: ChordNotes, record: dict[str, Any], *, seed: int, count: int = AS_IT_WAS, temperature: float = 0.0
) -> list[str]:
    """So many symbols after a window of the corpus; above a temperature of zero they are drawn."""
    starts: Sequence[Sequence[int]] = record["starts"]
    window = list(starts[int(np.random.default_rng(seed).integers(len(starts)))])
    random = torch.Generator().manual_seed(seed)
    for _ in range(count):
        window.append(_next(model, window[-model.config.window :], temperature, random))
    return [record["symbols"][number] for number in window[-count:]]


@torch.inference_mode()
def _next(model: ChordNotes, window: Sequence[int], temperature: float, random: torch.Generator) -> int:
    logits = model(torch.tensor([window]))[0]
    if not temperature:
        return int(logits.argmax())
    return int(torch.multinomial(torch.softmax(logits / temperature, -1), 1, generator=random))


def read(path: Path) -> tuple[ChordNotes, dict[str, Any]]:
    metadata = checkpoints.read_metadata(path)
    model = ChordNotes(ChordNotesConfig(**metadata["config"])).eval()
    eight_bits.load_weights(path, model)
    return model, metadata["record"]


@cache
def _model(name: str) -> tuple[ChordNotes, dict[str, Any]]:
    return read(checkpoint_path(name))
