"""From logits to an id, with the grammar and without it."""

import unittest

import numpy as np

from generator import vocabulary as V
from generator.inputs import INPUT_NAMES
from generator.sampling import MIN_P, SampleError, draw, sample, sample_unmasked
from tests.generator.noise import noise_tune


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


class DrawTests(unittest.TestCase):
    def test_it_refuses_to_draw_from_nothing(self):
        with self.assertRaises(SampleError):
            draw(np.zeros(4, np.float32), np.zeros(4, bool), temperature=1.0, rng=rng())

    def test_it_draws_only_what_is_allowed(self):
        allowed = np.array([False, True, False, True])
        drawn = {draw(np.array([9.0, 0, 9, 0]), allowed, temperature=1.0, rng=rng(seed)) for seed in range(50)}
        self.assertEqual(drawn, {1, 3})

    def test_it_spends_no_chance_where_there_is_no_choice(self):
        spent = rng()
        self.assertEqual(draw(np.zeros(3), np.array([False, False, True]), temperature=1.0, rng=spent), 2)
        self.assertEqual(spent.random(), rng().random())

    def test_it_draws_by_probability_and_leaves_out_the_unlikely(self):
        logits = np.log(np.array([0.6, 0.39, 0.6 * MIN_P * 0.9]))
        chance = rng()
        drawn = np.bincount([draw(logits, None, temperature=1.0, rng=chance) for _ in range(4000)], minlength=3)
        self.assertEqual(drawn[2], 0)
        self.assertAlmostEqual(drawn[0] / 4000, 0.6 / 0.99, delta=0.03)

    def test_it_grows_bolder_with_temperature(self):
        logits = np.array([2.0, 0.0])

        def rare(temperature: float) -> int:
            chance = rng()
            return sum(draw(logits, None, temperature=temperature, rng=chance) for _ in range(1000))

        self.assertLess(rare(0.3), rare(1.0))
        self.assertLess(rare(1.0), rare(2.0))
        self.assertEqual(rare(0.1), 0)

    def test_it_draws_the_same_from_the_same_seed(self):
        logits = rng(3).normal(size=100)
        self.assertEqual(*[[draw(logits, None, temperature=0.9, rng=rng(seed)) for seed in range(20)] for _ in "ab"])


class SampleTests(unittest.TestCase):
    def test_it_tells_the_voice_its_place_and_the_chords(self):
        plan = noise_tune(11, "6/8", "AABB").plan
        voice = Listening()
        ids = list(sample(voice, plan, temperature=1.0, rng=rng()))
        self.assertEqual([token for token, _ in voice.heard], [V.START, *ids])
        told = {name: [inputs[i] for _, inputs in voice.heard] for i, name in enumerate(INPUT_NAMES)}
        self.assertEqual((told["slot"][0], told["part_bar"][0], told["bars_left"][0]), (0, 0, plan.bars + 1))
        self.assertEqual(told["bars_left"][-1], 1)
        self.assertLessEqual(max(told["slot"]), 12)  # sixteenths; a full bar waits for its line
        self.assertLess(max(told["part_bar"]), max(part.bars for part in plan.parts) + 1)
        known = {0, *(chord for bar in plan.chords for chord in bar)}
        self.assertLessEqual({*told["chord"], *told["next_chord"]}, known)

    def test_it_tells_how_much_room_is_left_until_each_bar_line(self):
        voice = Listening()
        plan = noise_tune(11, "6/8", "AABB").plan
        ids = list(sample(voice, plan, temperature=1.0, rng=rng()))
        room, left = INPUT_NAMES.index("room"), INPUT_NAMES.index("part_left")
        lines = [inputs for (_, inputs), following in zip(voice.heard, [*ids, V.END], strict=True)
                 if V.kind(following) == "bar" and inputs[0]]  # fmt: skip
        self.assertEqual({inputs[room] for inputs in lines}, {1}, "full: no sixteenth is left")
        self.assertEqual({inputs[left] for inputs in lines}, set(range(1, 1 + max(part.bars for part in plan.parts))))

    def test_it_stops_raw_samples_that_never_end(self):
        plan = noise_tune(11, "6/8", "AABB").plan
        ids = list(sample_unmasked(Listening(never=V.END), plan, temperature=1.0, rng=rng()))
        self.assertEqual(len(ids), 1200)


class Listening:
    """Noise that remembers what it was told."""

    def __init__(self, never: int | None = None) -> None:
        self.heard, self.rng, self.never = [], rng(1), never

    def step(self, token, inputs):
        self.heard.append((token, inputs))
        logits = self.rng.normal(size=V.SIZE)
        if self.never is not None:
            logits[self.never] = -1e9
        return logits
