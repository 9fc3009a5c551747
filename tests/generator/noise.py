"""Composers that know no music: what comes out right with them is right by construction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np

from generator import vocabulary
from generator.brief import FORMS, METERS, MODES, Conditions
from generator.engraving import Engraver, header
from generator.harmony import is_shareable
from generator.notation import Score
from generator.plan import Plan, plan_of
from generator.sampling import sample

CHORDS = ("C", "G,D7")


class Noise:
    """Draws what the grammar allows by chance alone; `loud` ids come far oftener."""

    def __init__(self, rng: np.random.Generator, loud: tuple[int, ...] = ()) -> None:
        self.rng, self.loud = rng, list(loud)

    def step(self, token: int, inputs: tuple[int, ...]) -> np.ndarray:
        logits = self.rng.normal(size=vocabulary.SIZE) * 1.5
        logits[self.loud] += 2
        return logits


@dataclass(frozen=True)
class NoiseTune:
    seed: int
    conditions: Conditions
    plan: Plan
    ids: list[int]

    @property
    def score(self) -> Score:
        return vocabulary.decode(self.ids, meter=self.plan.meter, key=self.plan.key)

    @property
    def abc(self) -> str:
        engraver = Engraver(self.plan.meter, self.conditions.chords, self.plan.pickup)
        head = header(title="noise", meter=self.plan.meter, key=self.plan.key, tempo_qpm=100)
        return head + "".join(engraver.feed(symbol) for symbol in self.score.symbols)

    def __str__(self) -> str:
        return f"seed {self.seed}, pickup {self.plan.pickup}\n{self.abc}"


def noise_tunes(seed: int) -> Iterator[NoiseTune]:
    """A tune for every meter and form, each with a key, mode, length and pickup of its own."""
    for number, (meter, form) in enumerate(product(METERS, FORMS)):
        yield noise_tune(seed + number, meter, form)


def noise_tune(seed: int, meter: str, form: str) -> NoiseTune:
    rng = np.random.default_rng(seed)
    bars = int(rng.choice([n for n in (4, 7, 12, 16, 24, 32) if is_shareable(form, n)]))
    conditions = Conditions(
        key=str(rng.choice(["C", "D", "G", "F", "A", "E", "Bb", "F#"])), mode=str(rng.choice(MODES[:4])), meter=meter,
        bars=bars, form=form, tempo_qpm=100, density=0.5, register=0.5,
        chords=tuple(CHORDS[bar % 2] for bar in range(bars)),
    )  # fmt: skip
    plan = plan_of(conditions, rng)
    # Any pickup that a meter can have, the corpus' own among them.
    pickup = Fraction(int(rng.integers(0, 5)), int(rng.choice([1, 1, 2])))
    if pickup * 2 <= Fraction(meter) * 8:
        plan = Plan(plan.meter, plan.key, plan.parts, pickup, plan.chords, plan.conditions)
    voice = Noise(rng, loud=(vocabulary.BAR_IDS["|1"],))
    return NoiseTune(seed, conditions, plan, list(sample(voice, plan, temperature=1.0, rng=rng)))
