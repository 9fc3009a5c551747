"""The player that ships: its card is true, and what it plays is the tune."""

from __future__ import annotations

import io
import wave
from unittest import TestCase, skipUnless

import numpy as np

from generator import Sound, composer_cards, play, player_cards
from generator.composers import checkpoint_path
from generator.composers.wavenet_voice import Player
from generator.measures.playing import loudness, share_of_right_pitches
from generator.playing import melody_of
from generator.sounds import RATE

TUNE = "X:1\nT:x\nM:4/4\nL:1/8\nK:D\nDEFG A2 z2 | d2 cB A2 F2 |]\n"


@skipUnless(player_cards(), "no trained player ships")
class ShippedTest(TestCase):
    def test_its_card_counts_its_weights(self) -> None:
        (card,) = player_cards()
        weights = Player.weights_of(checkpoint_path(card.name))
        self.assertEqual(card.parameters, sum(w.size for w in weights.values()))
        self.assertLess(checkpoint_path(card.name).stat().st_size, 15e6)
        self.assertNotIn(card.name, [other.name for other in composer_cards()])

    def test_it_plays_the_tune_and_is_quiet_in_its_rest(self) -> None:
        *_, sound = play(TUNE, seed=1, tempo_qpm=120)
        self.assertIsInstance(sound, Sound)
        with wave.open(io.BytesIO(sound.wav)) as file:
            samples = np.frombuffer(file.readframes(RATE * 12), "<i2").astype(np.float32) / 32768
        notes, length = melody_of(TUNE, 120)
        self.assertEqual(len(samples), length)
        self.assertGreaterEqual(share_of_right_pitches(samples, notes), 0.8)
        self.assertGreater(loudness(samples[notes[4].start : notes[4].end]), 0.05)
        rest = samples[notes[4].end + RATE // 50 : notes[5].start]
        self.assertLess(loudness(rest), 0.02)
