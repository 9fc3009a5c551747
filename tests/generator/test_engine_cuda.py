"""The card's rows, on the processor: the same sums, without the captured graph, for which a card is needed."""

import gc
from unittest import TestCase, mock, skipUnless

import numpy as np
import torch

from generator.engine.cuda import CardNetwork
from generator.engine.rows import NoRoom
from generator.engine.strengths import STRENGTHS
from tests.generator.test_engine import a_model, a_tune


class CardTests(TestCase):
    device = "cpu"

    def setUp(self) -> None:
        self.addCleanup(torch.set_num_threads, torch.get_num_threads())
        torch.set_num_threads(
            1
        )  # how a processor's sums are shared out hangs on its other work, and so do their last bits
        self.model = a_model()
        self.network = CardNetwork(self.model, self.device, rows=4, longest=120)

    def alone(self, seed: int, length: int) -> np.ndarray:
        tokens, inputs, conditions = a_tune(seed, length)
        voice = self.network.voice(conditions)
        return np.stack([voice.step(int(t), i.tolist()) for t, i in zip(tokens, inputs, strict=True)])

    @mock.patch.dict(STRENGTHS, clear=True)
    def test_it_says_what_the_network_itself_says(self):
        tokens, inputs, conditions = a_tune(1, 100)
        batch = (torch.tensor(part, device=self.device)[None] for part in (tokens, inputs, np.array(conditions)))
        wanted = self.model(*batch)[0].cpu().numpy()
        np.testing.assert_allclose(self.alone(1, 100), wanted, atol=2e-3)

    def test_it_says_the_same_to_the_bit_alone_and_in_a_crowd(self):
        wanted = [self.alone(seed, 60) for seed in range(3)]
        tunes = [a_tune(seed, 60) for seed in range(3)]
        voices = [self.network.voice(conditions) for *_, conditions in tunes]
        for at in range(60):
            live = [n for n in range(3) if n < 2 or at < 30]
            ids = [(int(tunes[n][0][at]), *tunes[n][1][at].tolist()) for n in live]
            heard = self.network.steps(np.array([voices[n].row for n in live]), ids)
            for row, n in zip(heard, live, strict=True):
                np.testing.assert_array_equal(row, wanted[n][at])

    def test_a_copy_remembers_the_same(self):
        tokens, inputs, conditions = a_tune(7, 60)
        steps = [(int(t), i.tolist()) for t, i in zip(tokens, inputs, strict=True)]
        voice = self.network.voice(conditions)
        for step in steps[:40]:
            voice.step(*step)
        twin = voice.copy()
        wanted = [voice.step(*step) for step in steps[40:]]
        np.testing.assert_array_equal([twin.step(*step) for step in steps[40:]], wanted)

    def test_it_gives_rows_back_and_says_when_all_are_lent(self):
        voices = [self.network.voice(a_tune(0)[2]) for _ in range(4)]
        with self.assertRaises(NoRoom):
            self.network.voice(a_tune(0)[2])
        del voices
        gc.collect()
        self.alone(1, 3)


@skipUnless(torch.cuda.is_available(), "no CUDA card")
class CapturedTests(CardTests):
    device = "cuda"
