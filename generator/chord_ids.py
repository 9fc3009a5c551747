"""Chords as small numbers: a root above the tonic and one of four qualities. Pure."""

from __future__ import annotations

QUALITIES = ("maj", "min", "7", "dim")
STATES = 12 * len(QUALITIES)  # root above the tonic in semitones × quality; chord id 0 means none


def chord_id(root: int, quality: str) -> int:
    """1 to STATES, from a root in semitones above the tonic and a quality's name as harmony.parse_chord gives it."""
    return 1 + (root % 12) * len(QUALITIES) + QUALITIES.index(reduced(quality))


def reduced(quality: str) -> str:
    return {"": "maj", "m": "min", "m7": "min", "7": "7", "maj7": "maj", "sus4": "maj", "dim": "dim"}.get(
        quality, "maj"
    )
