"""The sampler that ours is timed against: it is the peer's own mathematics, and it writes canonical text."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from unittest import TestCase

import numpy as np
import torch

from generator import checkpoints
from generator.composers.folkrnn import FolkRNN, FolkRNNConfig
from generator.composers.folkrnn_numpy import LONGEST, NumpySampler
from generator.composers.folkrnn_symbols import END, START, symbols_of, vocabulary_of
from tests.generator.collections_at_hand import some_tunes

VOCABULARY = vocabulary_of(symbols_of(tune.score) for tune in some_tunes())


class NumpySamplerTests(TestCase):
    def test_it_refuses_what_it_has_never_seen(self):
        sampler = NumpySampler.random(VOCABULARY, width=8)
        for meter, key in (("17/8", "D"), ("4/4", "Dphr")):
            with self.subTest(meter=meter, key=key), self.assertRaisesRegex(ValueError, r"never seen .*\.$"):
                sampler.sample(meter=meter, key=key, rng=np.random.default_rng(1))

    def test_it_has_the_probabilities_of_the_checkpoint(self):
        torch.manual_seed(1)
        model = FolkRNN(FolkRNNConfig(VOCABULARY, width=24)).eval()
        for parameter in model.parameters():
            torch.nn.init.normal_(parameter, std=0.3)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.safetensors"
            checkpoints.save(path, model, composer="folkrnn", record={}, half=False)
            sampler = NumpySampler.from_checkpoint(path)
        ids = [sampler.ids[symbol] for symbol in symbols_of(some_tunes()[0].score)]
        with torch.inference_mode():
            logits = model(torch.tensor(ids)[None])[0]  # (time, vocab)
            logits[:, 0] = -torch.inf  # what stands for the rare ones is never written
        state = [(np.zeros(24, np.float32),) * 2 for _ in range(3)]
        stepped = np.array([sampler._step(token, state, 1.0) for token in ids])
        np.testing.assert_allclose(stepped, logits.softmax(-1).numpy(), atol=1e-5)

    def test_it_writes_the_same_tune_for_the_same_seed_in_any_key(self):
        sampler = NumpySampler.random(VOCABULARY, width=16)
        one, again, in_g = (
            sampler.sample(meter="6/8", key=key, rng=np.random.default_rng(5)) for key in ("D", "D", "G")
        )
        self.assertEqual(one, again)
        self.assertEqual(one.symbols, in_g.symbols)
        self.assertTrue(one.abc.startswith("M:6/8\nL:1/8\nK:D\n"))
        self.assertNotEqual(one.abc, in_g.abc)
        self.assertEqual((one.symbols[0], one.symbols[-1]), (START, END))
        self.assertGreater(one.notes, 0)

    def test_it_cuts_a_tune_that_never_ends(self):
        sampler = NumpySampler.random(VOCABULARY, width=8)
        sampler.bias[sampler.ids[END]] = -1e9
        tune = sampler.sample(meter="4/4", key="C", rng=np.random.default_rng(1))
        self.assertEqual(len(tune.symbols), LONGEST + 1)

    def test_it_loads_no_torch(self):
        code = "import sys; import generator.composers.folkrnn_numpy; sys.exit('torch' in sys.modules)"
        self.assertEqual(subprocess.run([sys.executable, "-c", code], check=False).returncode, 0)
