"""The whole road on one screen: brief → interpretation → plan → notes → checks → piece. Knows no web."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from generator import vocabulary
from generator.attributes import CONDITION_NAMES
from generator.brief import (
    DEFAULT_COMPOSER,
    AttemptRejected,
    Brief,
    Check,
    ComposeFailed,
    Conditions,
    Interpretation,
    NotesAdded,
    Piece,
)
from generator.checks import checked
from generator.composers import checkpoint_id, composed_alone, voice_of
from generator.engraving import Engraver, header
from generator.inputs import INPUT_NAMES
from generator.notation import NotationError, Note, Score, Symbol
from generator.novelty import shipped_index
from generator.plan import Plan, plan_of
from generator.prompts import interpret
from generator.sampling import SampleError, sample, sample_unmasked
from generator.titles import known_names, named
from generator.validation import check_brief, respelled

ATTEMPTS = 12

Event = NotesAdded | AttemptRejected | Piece


def compose(brief: Brief, *, interpretation: Interpretation | None = None) -> Iterator[Event]:
    """Notes as they are written, rejected attempts, and at last the piece.

    Raises BriefError at once for a brief that cannot be composed, ComposeFailed after the last attempt.
    """
    check_brief(brief)
    if (alone := composed_alone(brief, interpretation)) is not None:
        return alone
    conditions = settled(brief, interpretation)
    return _attempts(brief, conditions)


def settled(brief: Brief, interpretation: Interpretation | None = None) -> Conditions:
    """The brief's own conditions first, then what was understood of its prompt, or of the music that is given."""
    if brief.given is not None:
        from generator.given.conditions import settled_given

        return settled_given(brief, interpretation)
    understood = interpretation or interpret(brief.prompt, asked=brief.conditions, seed=brief.seed)
    return respelled(brief.conditions.merged(understood.conditions))


def warm_up() -> None:
    """Loads the default composer and the index, and takes one step, so that the first listener need not wait."""
    known_names()
    voice_of(DEFAULT_COMPOSER, [0] * len(CONDITION_NAMES)).step(vocabulary.START, [0] * len(INPUT_NAMES))


def _attempts(brief: Brief, conditions: Conditions) -> Iterator[Event]:
    for attempt in range(1, ATTEMPTS + 1):
        writing = _writing(brief, conditions, attempt)
        try:
            yield from writing.notes()
            checks = checked(writing.score, conditions, shipped_index())
        except (SampleError, NotationError):
            yield AttemptRejected(attempt, "notation")
            continue
        failed = writing.failed(checks)
        # Raw samples are for measuring: what is wrong with them is told, not hidden.
        if failed is None or not brief.masked:
            yield writing.piece(checks)
            return
        yield AttemptRejected(attempt, failed)
    raise ComposeFailed("No attempt came out well enough to keep. Please try again, perhaps with fewer wishes.")


def _writing(brief: Brief, conditions: Conditions, attempt: int) -> Writing:
    if brief.given is None:
        return Writing(brief, conditions, attempt)
    from generator.given.writing import GivenWriting  # which builds on this module

    return GivenWriting(brief, conditions, attempt)


@dataclass
class Writing:
    """One attempt: its own random stream, its symbols so far, its text so far."""

    brief: Brief
    conditions: Conditions
    attempt: int

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng([self.brief.seed, self.attempt])
        self.plan, self.engraver = self._laid_out()
        self.symbols: list[Symbol] = []
        self.text = ""

    def _laid_out(self) -> tuple[Plan, Engraver]:
        plan = plan_of(self.conditions, self.rng)
        return plan, Engraver(plan.meter, self.conditions.chords or (), plan.pickup)

    @cached_property
    def title(self) -> str:
        return named(self.brief.prompt, self.conditions, self.brief.seed)

    def failed(self, checks: dict[str, Check]) -> str | None:
        """The first check that a piece must pass and this one does not."""
        return next((name for name, check in checks.items() if not check.ok), None)

    @property
    def score(self) -> Score:
        return Score(self.plan.meter, self.plan.key, tuple(self.symbols))

    def piece(self, checks: dict[str, Check]) -> Piece:
        return Piece(
            abc=self.text, title=self.title, prompt=self.brief.prompt, conditions=self.conditions,
            composer=self.brief.composer, checkpoint=checkpoint_id(self.brief.composer), seed=self.brief.seed,
            checks=checks,
        )  # fmt: skip

    def notes(self) -> Iterator[NotesAdded]:
        """The header, then text with each symbol."""
        yield self._added(header(
            title=self.title, meter=self.plan.meter, key=self.plan.key,
            tempo_qpm=self.conditions.tempo_qpm, rhythm=self.conditions.rhythm,
        ))  # fmt: skip
        reader = vocabulary.SymbolReader(self.plan.key)
        for token in self._ids():
            if token == vocabulary.TIE:
                yield self._added(self._tied())
            elif (symbol := reader.feed(token)) is not None:
                self.symbols.append(symbol)
                yield self._added(self.engraver.feed(symbol))

    def _ids(self) -> Iterator[int]:
        speaker = voice_of(self.brief.composer, self.plan.conditions)
        sampler = sample if self.brief.masked else sample_unmasked
        return sampler(speaker, self.plan, temperature=self.brief.temperature, rng=self.rng)

    def _tied(self) -> str:
        last = self.symbols[-1] if self.symbols else None
        if not isinstance(last, Note):
            raise NotationError("a tie without its note")
        self.symbols[-1] = Note(last.step, last.accidental, last.length, tie=True)
        return "-"

    def _added(self, text: str) -> NotesAdded:
        event = NotesAdded(self.attempt, len(self.text), text)
        self.text += text
        return event
