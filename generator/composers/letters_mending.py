"""How the mended composers are taught: whole canonical tunes, meter and key told, half of them in another key.

A collection of some hundred tunes is little to learn bars from, so the first passes may go through every tune at hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from generator.composers.charlstm import CHARACTERS, CharLSTMConfig
from generator.composers.charlstm_course import Batch, CharLSTMCourse, text_of
from generator.courses import tunes_of
from generator.encoding import Tune
from generator.notation import NotationError, Score
from generator.transposing import moved

TONICS = ("C", "D", "E", "F", "G", "A", "B", "Bb", "Eb")
_MOVED = 0.5  # of the tunes of a pass


def mended_course(configuration: Any, data: list[str], valid: list[str] | None) -> MendedCourse:
    """Raises BriefError where the files hold no tune of the collection."""
    training = configuration.training
    tunes, tests = tunes_of(data, valid, source=training.source)
    every = tunes_of(data, valid)[0] if training.wide_passes else []
    return MendedCourse(configuration, tunes, tests, every)


class MendedCourse(CharLSTMCourse):
    """The character LSTM's own course on one collection, after some passes through `every` tune.

    `told` says what it has learnt to be asked for: how many tunes each pair of meter and key has.
    """

    vocabulary = CHARACTERS

    def __init__(self, configuration: Any, tunes: list[Tune], tests: list[Tune], every: list[Tune]) -> None:
        model: CharLSTMConfig = configuration.model
        super().__init__(model, [text_of(tune.score) for tune in tunes], [text_of(tune.score) for tune in tests])
        self.name, self.training = configuration.composer, configuration.training
        self.own, self.every = ([tune.score.without_chords() for tune in part] for part in (tunes, every))
        self.sources = dict(Counter(tune.source for tune in every or tunes))
        self.told = {"headers": headers_of(self.own), "known": headers_of([*self.every, *self.own])}
        self.sizes = {"tunes": len(tunes), "first_tunes": len(every), "valid": len(tests)}

    def epoch(self, *, symbols: int, seed: int) -> Iterator[Batch]:
        rng, done = np.random.default_rng([seed, 1]), seed - self.training.seed
        wide = min(1.0, self.training.wide_passes - done)  # the share of every tune that this pass goes through
        scores = [score for score in self.every if rng.random() < wide] if wide > 0 else self.own
        self.lessons = [text_of(elsewhere(score, rng)) for score in scores]
        return super().epoch(symbols=symbols, seed=seed)


def headers_of(scores: list[Score]) -> dict[str, int]:
    return dict(Counter(f"{score.meter} {score.key}" for score in scores).most_common())


def elsewhere(score: Score, rng: np.random.Generator) -> Score:
    """In another key half of the time; as it is where it cannot be written there."""
    if rng.random() >= _MOVED:
        return score
    try:
        return moved(score, str(rng.choice(TONICS)))
    except NotationError:
        return score
