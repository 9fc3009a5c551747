"""The peer asked id by id: its own probabilities in our vocabulary, and tunes that pass every check."""

from __future__ import annotations

from dataclasses import replace
from unittest import TestCase

import numpy as np

from generator import Brief, Piece, compose, compose_together, composer_cards, conditions_from_dict
from generator import vocabulary as V
from generator.attributes import condition_ids
from generator.composers import checkpoint_path, voice_of
from generator.composers.folkrnn_numpy import NumpySampler
from generator.composers.folkrnn_symbols import GIVEN, symbols_of
from generator.notation import KeyChange, Score
from tests.generator.collections_at_hand import some_tunes

FREE = dict.fromkeys(("rhythm", "tradition", "form", "bars", "density", "register", "tempo_qpm"))


def nats_by_symbols(sampler: NumpySampler, symbols: list[str]) -> float:
    width = sampler.layers[0]["input"].bias.shape[0]
    state = [(np.zeros(width, np.float32),) * 2 for _ in sampler.layers]
    told = [sampler._step(sampler.ids[symbol], state, 1.0) for symbol in symbols]
    scored = zip(told[GIVEN - 1 :], symbols[GIVEN:], strict=False)
    return -sum(float(np.log(p[sampler.ids[symbol]])) for p, symbol in scored)


def nats_by_ids(score: Score) -> float:
    voice = voice_of("folkrnn", condition_ids(key=score.key, meter=score.meter, **FREE))
    out, before = 0.0, V.START
    for token in (*V.encode(score), V.END):
        logits = voice.step(before, ())
        out += float(np.logaddexp.reduce(logits) - logits[token])
        before = token
    return out


class PeerVoiceTests(TestCase):
    def test_it_gives_a_tune_the_probability_that_the_network_gives_it(self):
        sampler, tried = NumpySampler.from_checkpoint(checkpoint_path("folkrnn")), 0
        for tune in some_tunes()[:9]:
            score = tune.score.without_chords()
            symbols = symbols_of(score)
            if any(isinstance(s, KeyChange) for s in score.symbols) or not set(symbols) <= set(sampler.ids):
                continue
            with self.subTest(title=tune.title):
                self.assertAlmostEqual(nats_by_ids(score) / nats_by_symbols(sampler, symbols), 1, delta=0.005)
            tried += 1
        self.assertGreaterEqual(tried, 4)

    def test_a_copy_goes_its_own_way(self):
        voice = voice_of("folkrnn", condition_ids(key="G", meter="4/4", **FREE))
        voice.step(V.START, ())
        twin = voice.copy()
        one = voice.step(V.PITCH_ZERO, ())
        twin.step(V.PITCH_ZERO + 4, ())
        np.testing.assert_array_equal(one, voice_at(V.START, V.PITCH_ZERO))
        self.assertFalse(np.array_equal(twin.step(V.PITCH_ZERO, ()), voice.step(V.PITCH_ZERO, ())))

    def test_it_is_offered_and_keeps_what_was_asked_for(self):
        self.assertIn("folkrnn", [card.name for card in composer_cards()])
        asked = conditions_from_dict({"key": "Edor", "meter": "6/8", "rhythm": "jig", "bars": 16, "form": "AABB"})
        piece = composed(Brief(prompt="a jig", seed=3, composer="folkrnn", conditions=asked))
        self.assertTrue(all(check.ok for check in piece.checks.values()), piece.checks)
        self.assertIn("K:Edor", piece.abc)
        self.assertTrue(piece.checkpoint.startswith("folkrnn-"))

    def test_it_writes_the_same_tune_beside_others(self):
        brief = Brief(prompt="a reel in G", seed=5, composer="folkrnn")
        alone = composed(brief)
        beside = [compose_together(replace(brief, composer=name)) for name in ("transformer", "folkrnn", "folkrnn")]
        together = [next(event for event in one if isinstance(event, Piece)) for one in beside]
        self.assertEqual([alone.abc] * 2, [piece.abc for piece in together[1:]])
        self.assertNotEqual(alone.abc, together[0].abc)


def voice_at(*tokens: int) -> np.ndarray:
    voice = voice_of("folkrnn", condition_ids(key="G", meter="4/4", **FREE))
    return [voice.step(token, ()) for token in tokens][-1]


def composed(brief: Brief) -> Piece:
    return next(event for event in compose(brief) if isinstance(event, Piece))
