"""The engine against the network that it stands in for; and rows, which must not notice one another."""

import gc
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import TestCase, mock

import numpy as np
import torch

from generator import vocabulary as V
from generator.attributes import CONDITION_NAMES, SIZES
from generator.checkpoints import save
from generator.composers.transformer import Transformer, TransformerConfig
from generator.engine.rows import BLOCK, NoRoom
from generator.engine.strengths import STRENGTHS, strengths
from generator.engine.voice import Network
from generator.engine.weights import quantised, read_weights
from generator.inputs import INPUT_SIZES
from generator.sampling import SampleError

CONFIG = TransformerConfig(width=64, layers=2, heads=2, context=200, dropout=0.0)


def a_model() -> Transformer:
    torch.manual_seed(4)
    model = Transformer(CONFIG).eval().requires_grad_(False)
    for block in model.blocks:  # they start at nought, and nothing would be heard
        torch.nn.init.normal_(block.attention.out.weight, std=0.2)
        torch.nn.init.normal_(block.down.weight, std=0.2)
    for table in (m for m in model.modules() if isinstance(m, torch.nn.Embedding)):
        torch.nn.init.normal_(table.weight, std=0.5)
    return model


def a_tune(seed: int, length: int = 150) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """tokens (time,), inputs (time, inputs), conditions"""
    rng = np.random.default_rng(seed)
    inputs = np.stack([rng.integers(0, size, length) for size in INPUT_SIZES.values()], 1)
    return rng.integers(0, V.SIZE, length), inputs, [int(rng.integers(0, SIZES[name])) for name in CONDITION_NAMES]


class EngineCase(TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.model = a_model()
        with TemporaryDirectory() as folder:
            path = Path(folder) / "tiny.safetensors"
            save(path, cls.model, composer="transformer", record={}, half=False)
            cls.weights = read_weights(path)

    def setUp(self) -> None:
        self.network = Network(self.weights, rows=12, pages=24)

    def alone(self, seed: int, length: int = 150) -> np.ndarray:
        tokens, inputs, conditions = a_tune(seed, length)
        voice = self.network.voice(conditions)
        return np.stack([voice.step(int(t), i.tolist()) for t, i in zip(tokens, inputs, strict=True)])


class NetworkTests(EngineCase):
    @mock.patch.dict(STRENGTHS, clear=True)
    def test_it_says_what_the_network_itself_says_but_for_rounding(self):
        tokens, inputs, conditions = a_tune(1)
        batch = (torch.tensor(part)[None] for part in (tokens, inputs, np.array(conditions)))
        wanted = torch.log_softmax(self.model(*batch)[0], -1).numpy()
        heard = torch.log_softmax(torch.tensor(self.alone(1)), -1).numpy()
        self.assertLess(np.abs(heard - wanted).mean(), 0.03 * wanted.std())
        self.assertEqual(np.mean(heard.argmax(-1) == wanted.argmax(-1)) > 0.95, True)

    def test_it_tells_a_rhythm_louder_than_in_training_but_not_a_free_one(self):
        asked, free = [1] * len(CONDITION_NAMES), [0] * len(CONDITION_NAMES)
        at = CONDITION_NAMES.index("rhythm")
        self.assertEqual((strengths(asked)[at], strengths(free)[at]), (STRENGTHS["rhythm"], 1.0))
        voices = [self.network.voice(asked), self.network.voice([n * (i != at) for i, n in enumerate(asked)])]
        loud, rest = (self.network.rows.memory.wholes[voice.row] for voice in voices)
        table = self.weights.conditions[at]
        np.testing.assert_allclose(loud - rest, STRENGTHS["rhythm"] * table[1] - table[0], atol=1e-5)

    def test_it_says_the_same_to_the_bit_alone_and_in_a_crowd(self):
        lengths = (150, 40, 129, 64, 1, 150, 77)
        tunes = [a_tune(seed, length) for seed, length in enumerate(lengths)]
        wanted = [self.alone(seed, length) for seed, length in enumerate(lengths)]
        rows = [self.network.rows.lend(self.whole(conditions)) for *_, conditions in tunes]
        for at in range(max(lengths)):  # tunes leave the batch as they end, so that rows change their neighbours
            live = [n for n, length in enumerate(lengths) if at < length]
            for n in live:
                self.network.rows.make_way(rows[n], at)
            ids = [(int(tunes[n][0][at]), *tunes[n][1][at].tolist()) for n in live]
            heard = self.network.steps(np.array([rows[n] for n in live]), ids)
            for row, n in zip(heard, live, strict=True):
                np.testing.assert_array_equal(row, wanted[n][at])

    def whole(self, conditions: list[int]) -> np.ndarray:
        told = zip(self.weights.conditions, conditions, strengths(conditions), strict=True)
        return np.sum([strength * table[i] for table, i, strength in told], 0, np.float32)

    def test_it_hears_nothing_of_the_tune_that_had_its_row_before(self):
        wanted = self.alone(3)
        for _ in range(3):
            np.testing.assert_array_equal(self.alone(3), wanted)
            self.alone(5)

    def test_it_rounds_weights_to_within_half_a_step(self):
        whole = np.random.default_rng(0).normal(size=(3, 5, 64)).astype(np.float32)
        rounded, scale = quantised(whole)
        self.assertEqual(rounded.dtype, np.int8)
        self.assertLessEqual((np.abs(rounded * scale[..., None] - whole) / scale[..., None]).max(), 0.5001)

    def test_it_refuses_a_width_it_cannot_take(self):
        with self.assertRaisesRegex(ValueError, "multiples of 64, not 40"):
            quantised(np.zeros((4, 40), np.float32))


class VoiceTests(EngineCase):
    def test_a_copy_remembers_the_same_and_goes_its_own_way(self):
        tokens, inputs, conditions = a_tune(7)
        steps = [(int(t), i.tolist()) for t, i in zip(tokens, inputs, strict=True)]
        voice = self.network.voice(conditions)
        for step in steps[:100]:
            voice.step(*step)
        twin = voice.copy()
        astray = [twin.step(*step) for step in steps[110:120]]
        wanted = self.alone(7)
        for at in range(100, 150):
            np.testing.assert_array_equal(voice.step(*steps[at]), wanted[at])
        self.assertGreater(np.abs(astray[0] - wanted[100]).max(), 0.01)

    def test_it_ends_where_its_memory_ends(self):
        voice = self.network.voice([0] * len(CONDITION_NAMES))
        for _ in range(CONFIG.context):
            voice.step(V.START, [0] * len(INPUT_SIZES))
        with self.assertRaises(SampleError):
            voice.step(V.START, [0] * len(INPUT_SIZES))

    def test_it_gives_its_row_and_pages_back(self):
        before = self.network.rows.free
        voice = self.network.voice([0] * len(CONDITION_NAMES))
        for _ in range(BLOCK + 1):
            voice.step(V.START, [0] * len(INPUT_SIZES))
        twin = voice.copy()
        self.assertEqual(self.network.rows.free, (before[0] - 2, before[1] - 4))
        del voice, twin
        gc.collect()
        self.assertEqual(self.network.rows.free, before)

    def test_it_says_when_every_row_is_lent(self):
        kept = [self.network.voice([0] * len(CONDITION_NAMES)) for _ in range(12)]
        with self.assertRaisesRegex(NoRoom, "memory"):
            self.network.voice([0] * len(CONDITION_NAMES))
        self.assertEqual(len(kept), 12)
