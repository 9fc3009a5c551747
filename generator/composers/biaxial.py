"""The biaxial LSTM as a composer: chords of sixteenths, note by note, until they are music. Loads no torch.

Its network is biaxial_network.py, which `biaxial_course.py` teaches; here a checkpoint is played by numpy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from generator.brief import AttemptRejected, Check, ComposeFailed, NotesAdded, Piece
from generator.composers import checkpoint_path
from generator.composers.biaxial_rolls import PLAYED, STEPS_A_BAR, struck_of
from generator.composers.biaxial_voice import Player, player_of
from generator.keyboard_pieces import keyboard_piece

if TYPE_CHECKING:
    from generator.brief import Brief
    from generator.performance import Struck

ATTEMPTS = 6
USUAL_BARS, MOST_BARS = 12, 32
LONGEST_SILENCE = STEPS_A_BAR  # sixteenths
FEWEST, MOST = 2.0, 7.0  # notes that sound at a time, on the average


def compose(brief: Brief) -> Iterator[NotesAdded | AttemptRejected | Piece]:
    """A piece of as many bars as were asked for; it knows no endings, and is cut at the bar line."""
    player = player_of(checkpoint_path(brief.composer))
    bars = min(brief.conditions.bars or USUAL_BARS, MOST_BARS)
    for attempt in range(1, ATTEMPTS + 1):
        roll = _begun(player, bars, brief, attempt)
        if (fault := fault_of(roll)) is not None:
            yield AttemptRejected(attempt, fault)
            continue
        yield from _told(brief, struck_of(roll, player.low), bars, attempt)
        return
    raise ComposeFailed("The composer fell silent, or struck everything at once, each time. Please try another seed.")


def _begun(player: Player, bars: int, brief: Brief, attempt: int) -> np.ndarray:
    """So many bars from the first in which something sounds."""
    rng = np.random.default_rng([brief.seed, attempt])
    roll = player.played((bars + 1) * STEPS_A_BAR, rng, temperature=brief.temperature)
    silent = not roll[:STEPS_A_BAR].any()
    return roll[STEPS_A_BAR:] if silent else roll[:-STEPS_A_BAR]


def fault_of(roll: np.ndarray) -> str | None:
    """What is wrong with a roll at first hearing."""
    sounding = roll[..., PLAYED].sum(axis=1)  # (steps,)
    if longest_silence(sounding) > LONGEST_SILENCE:
        return "silence"
    return None if FEWEST <= sounding.mean() <= MOST else "texture"


def longest_silence(sounding: np.ndarray) -> int:
    """Steps in a row in which nothing sounds."""
    longest = run = 0
    for count in sounding:
        run = 0 if count else run + 1
        longest = max(longest, run)
    return longest


def _told(brief: Brief, notes: list[Struck], bars: int, attempt: int) -> Iterator[NotesAdded | Piece]:
    for event in keyboard_piece(brief, notes):
        if isinstance(event, Piece):
            checks = event.checks | {"bars": Check(True, bars)}
            yield replace(event, conditions=replace(event.conditions, bars=bars), checks=checks)
        else:
            yield replace(event, attempt=attempt)
