"""From logits to an id, and a voice that says what its model would."""

import unittest

import numpy as np
import torch

from generator import vocabulary as V
from generator.composers.transformer import TransformerConfig
from generator.composers.voice import TransformerVoice, ready
from generator.inputs import INPUT_NAMES, INPUT_SIZES
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


class VoiceTests(unittest.TestCase):
    CONFIG = TransformerConfig(width=24, layers=2, heads=2, context=40)

    @classmethod
    def setUpClass(cls):
        torch.manual_seed(1)
        cls.model = ready(cls.CONFIG)
        for weights in cls.model.parameters():
            torch.nn.init.normal_(weights, std=0.3)
        cls.conditions = [3, 1, 5, 2, 1, 4, 16, 3, 2, 6, 3, 1, 2]

    def steps(self, count: int) -> list[tuple[int, tuple[int, ...]]]:
        chance = rng(2)
        return [
            (int(chance.integers(V.SIZE)), tuple(int(chance.integers(size)) for size in INPUT_SIZES.values()))
            for _ in range(count)
        ]

    def test_it_says_what_the_whole_model_says(self):
        voice = TransformerVoice(self.model, self.conditions)
        steps = self.steps(self.CONFIG.context)
        said = np.stack([voice.step(*step).copy() for step in steps])
        tokens, inputs = (torch.tensor([[step[part] for step in steps]]) for part in range(2))
        whole = self.model(tokens, inputs, torch.tensor([self.conditions]))[0].numpy()
        np.testing.assert_allclose(said, whole, rtol=1e-4, atol=1e-4)

    def test_it_hears_its_conditions(self):
        step = self.steps(1)[0]
        one = TransformerVoice(self.model, self.conditions).step(*step)
        other = TransformerVoice(self.model, [0] * len(self.conditions)).step(*step)
        self.assertGreater(np.abs(one - other).max(), 1e-3)

    def test_it_refuses_to_go_on_past_its_memory(self):
        voice = TransformerVoice(self.model, self.conditions)
        for step in self.steps(self.CONFIG.context):
            voice.step(*step)
        with self.assertRaises(SampleError):
            voice.step(*self.steps(1)[0])

    def test_it_goes_two_ways_from_one_place(self):
        voice, alone = (TransformerVoice(self.model, self.conditions) for _ in range(2))
        steps = self.steps(9)
        for step in steps[:5]:
            voice.step(*step)
            alone.step(*step)
        other = voice.copy()
        other.step(*steps[8])  # a way that the first never takes
        np.testing.assert_array_equal(
            [voice.step(*step).copy() for step in steps[5:]], [alone.step(*step).copy() for step in steps[5:]]
        )
        self.assertEqual(other.at, 6)
