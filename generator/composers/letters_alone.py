"""Asks the network of a letter composer, faithful or mended, for a piece."""

from __future__ import annotations

from collections.abc import Iterator

from generator.brief import AttemptRejected, Brief, NotesAdded, Piece
from generator.composers import checkpoint_id, checkpoint_path, letters_mended, letters_writing
from generator.composers.letters_voice import network_at

MENDED = "-mended"


def compose(brief: Brief) -> Iterator[NotesAdded | AttemptRejected | Piece]:
    """Raises BrokenCheckpoint, BriefError for what cannot be asked of it, ComposeFailed where nothing good came."""
    road = letters_mended if brief.composer.endswith(MENDED) else letters_writing
    return road.compose(brief, network_at(checkpoint_path(brief.composer)), checkpoint_id(brief.composer))
