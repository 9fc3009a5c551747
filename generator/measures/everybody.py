"""The first table of `make bench-music`: every composer that ships, of whatever kind, by the same figures.

Each is asked for the same words one after the other, so that its seconds are a listener's. A dash: no such figure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median

from generator.brief import Brief, ComposerCard
from generator.composers import checkpoint_id, composer_cards, player_cards
from generator.measures.composing import Line, code_id, composed, pieces
from generator.measures.figures import PROMPTS, counted
from generator.stories import composer_story

NONE = "–"
HEADING = (
    "| composer | kind | weights | minutes trained | bits a character | parse | bars right | near-duplicates "
    "| seconds a tune |\n|---|---|---|---|---|---|---|---|---|"
)
_PLAYED = 3  # tunes; a player takes a core for seconds with each


@dataclass(frozen=True)
class Asking:
    """How many pieces, from which seed on, and where they are kept."""

    count: int
    seed: int
    kept: Path

    def lines(self, card: ComposerCard, briefs: list[Brief], work: Callable[[Brief], Line]) -> list[Line]:
        path = self.kept / f"everybody-{checkpoint_id(card.name)}-{code_id()}.jsonl"
        return pieces(briefs, work, path, processes=1)


def rows(asking: Asking, bits: Callable[[ComposerCard], float | None]) -> Sequence[Callable[[], str]]:
    """One for each, measured when it is called: a table that takes long shows itself line by line."""
    return [
        *(partial(_composers_row, card, asking, bits) for card in composer_cards()),
        *(partial(_players_row, card, asking) for card in player_cards()),
    ]


def _composers_row(card: ComposerCard, asking: Asking, bits: Callable[[ComposerCard], float | None]) -> str:
    numbers = range(asking.count)
    briefs = [Brief(PROMPTS[at % len(PROMPTS)], seed=asking.seed + at, composer=card.name) for at in numbers]
    lines = asking.lines(card, briefs, composed)
    texts = [line["abc"] for line in lines if line["abc"] is not None]
    copied = sum(line["rejected"].count("novelty") for line in lines)
    found = counted(texts, failed=len(lines) - len(texts), copied=copied)
    return _row(
        card,
        _told(bits(card), ".4f"),
        _told(found.readable / max(1, found.tries), ".1%"),
        _told(found.bars if found.readable else None, ".1%"),
        _told(found.near if found.readable and card.kind != "chords" else None, ".1%"),
        lines,
    )


def _players_row(card: ComposerCard, asking: Asking) -> str:
    from generator.known_tunes import public_domain_tunes

    briefs = [Brief(tune.abc, seed=asking.seed) for tune in islice(public_domain_tunes(), min(_PLAYED, asking.count))]
    return _row(card, NONE, NONE, NONE, NONE, asking.lines(card, briefs, partial(_played, card.name)))


def _played(player: str, brief: Brief) -> Line:
    from generator.playing import play

    *_, sound = play(brief.prompt, player=player, seed=brief.seed)
    return {"rejected": [], "abc": None, "sounds": sound.seconds}


def _row(card: ComposerCard, bits: str, parse: str, right: str, near: str, lines: Sequence[Line]) -> str:
    minutes = _told(composer_story(card.name).minutes, ".0f")
    warm = lines[1:] or lines  # the first one waits until the network is read
    seconds = _told(median(line["seconds"] for line in warm) if warm else None, ".2g")
    cells = (card.name, card.kind, f"{card.parameters:,}", minutes, bits, parse, right, near, seconds)
    return f"| {' | '.join(cells)} |"


def _told(value: float | None, form: str) -> str:
    return NONE if value is None else format(value, form).replace("%", " %")
