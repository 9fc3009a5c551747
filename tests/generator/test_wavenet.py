"""The WaveNet: what it may hear, what a cached step says, what it learns, and the sound it makes."""

from __future__ import annotations

import io
import tempfile
import wave
from contextlib import redirect_stderr
from pathlib import Path
from unittest import TestCase, mock

import numpy as np
import torch

from generator import BriefError, composer_cards, play, playing, sounds
from generator.composers.wavenet import WaveNet, WaveNetConfig
from generator.composers.wavenet_course import Course, WaveNetTraining, played, shifted
from generator.composers.wavenet_voice import Player, step_in_numpy
from generator.measures.playing import _TorchStep, heard_pitch, share_of_right_pitches
from generator.notation import parse
from generator.sounds import CLOSING, FEATURES, LEVELS, RATE, SILENCE, Sounded, conditions, from_mu_law, mu_law, sampled
from tests.generator.own_music import KESH

SMALL = WaveNetConfig(stacks=2, layers=4, residual=8, skip=16, told=8)
NOTES = [Sounded(0, 800, 69), Sounded(1200, 2000, 74)]


def a_network(seed: int = 0) -> WaveNet:
    torch.manual_seed(seed)
    return WaveNet(SMALL).eval()


def a_player(network: WaveNet) -> Player:
    return Player({name: w.numpy() for name, w in network.state_dict().items()}, network.config.dilations)


def some_sound(samples: int = 600, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    return random.integers(LEVELS, size=samples).astype(np.uint8), conditions(NOTES, 500, 500 + samples)


def logits_of(network: WaveNet, levels: np.ndarray, told: np.ndarray) -> np.ndarray:
    with torch.no_grad():
        before = shifted(torch.from_numpy(levels).long()[None])
        return network(before, torch.from_numpy(told)[None])[0].numpy()


class SoundTest(TestCase):
    def test_it_keeps_a_level_through_mu_law_and_back(self) -> None:
        levels = np.arange(LEVELS, dtype=np.uint8)
        self.assertEqual(mu_law(from_mu_law(levels)).tolist(), levels.tolist())
        self.assertEqual(mu_law(np.zeros(3)).tolist(), [SILENCE] * 3)

    def test_it_writes_ties_as_one_note_and_rests_as_none(self) -> None:
        score = parse("A4-|A4 z4 d4|", meter="4/4", key="D", unit="1/8")
        notes, length = sounds.notes_in_time(score, qpm=120)
        self.assertEqual(notes, [Sounded(0, 16000, 69), Sounded(24000, 32000, 74)])
        self.assertEqual(length, 32000)

    def test_it_moves_what_the_flute_cannot_play_by_octaves(self) -> None:
        for pitch in range(128):
            place = sounds.within(pitch)
            self.assertTrue(sounds.LOWEST <= place <= sounds.HIGHEST)
            self.assertEqual((place - pitch) % 12, 0)
        self.assertEqual(sounds.within(60), 60)

    def test_it_is_silent_where_nothing_is_asked(self) -> None:
        self.assertFalse(sampled(NOTES, 800, 1200).any())
        self.assertFalse(conditions(NOTES, 800, 1200).any())
        self.assertLess(abs(sampled(NOTES, 0, 800)[-CLOSING // 20 :]).max(), 0.05)

    def test_it_gives_a_stretch_as_it_is_in_the_whole(self) -> None:
        for made in (sampled, conditions):
            np.testing.assert_array_equal(made(NOTES, 0, 2000)[300:1500], made(NOTES, 300, 1500))

    def test_it_samples_the_pitch_that_is_asked(self) -> None:
        notes = [Sounded(n * 2400, (n + 1) * 2400, pitch) for n, pitch in enumerate(range(55, 87))]
        sound = sampled(notes, 0, notes[-1].end)
        self.assertEqual(share_of_right_pitches(sound, notes), 1.0)


class NetworkTest(TestCase):
    def test_it_hears_nothing_of_the_future(self) -> None:
        network, (levels, told) = a_network(), some_sound()
        before = logits_of(network, levels, told)
        levels[400:], told[400:] = 0, 1
        after = logits_of(network, levels, told)
        np.testing.assert_array_equal(before[:400], after[:400])
        self.assertGreater(abs(before[401:] - after[401:]).max(), 0)

    def test_it_hears_its_receptive_field_and_no_further(self) -> None:
        network, (levels, told) = a_network(), some_sound()
        before = logits_of(network, levels, told)
        levels[100] ^= 255
        changed = abs(logits_of(network, levels, told) - before).max(axis=1) > 0
        self.assertEqual(np.flatnonzero(changed).max(), 100 + SMALL.receptive_field)

    def test_it_says_the_same_step_by_step_as_at_once(self) -> None:
        network, (levels, told) = a_network(), some_sound()
        np.testing.assert_allclose(
            a_player(network).logits(levels, told), logits_of(network, levels, told), atol=1e-5, rtol=1e-4
        )

    def test_it_says_the_same_without_the_compiler(self) -> None:
        player, (levels, told) = a_player(a_network()), some_sound(100)
        rings, melody, before = player.rings(), player.melody(told), [SILENCE, *levels[:-1]]
        plain = [step_in_numpy(player.matrices, rings, n, before[n], melody[n]) for n in range(100)]
        step = _TorchStep(player)
        in_torch = [step(n, before[n], melody[n]) for n in range(100)]
        for said in (plain, in_torch):
            np.testing.assert_allclose(player.logits(levels, told), said, atol=1e-5, rtol=1e-4)

    def test_it_plays_the_same_sound_for_the_same_seed_alone(self) -> None:
        player, (_, told) = a_player(a_network()), some_sound(1000)
        first, again, other = (
            np.concatenate(list(player.play(told, seed=seed, temperature=1.0))) for seed in (1, 1, 2)
        )
        np.testing.assert_array_equal(first, again)
        self.assertTrue((first != other).any())


class CourseTest(TestCase):
    def course(self, folder: str, **training: float) -> Course:
        score = parse("DFA d2 f|", meter="6/8", key="D", unit="1/8")
        course = Course(SMALL, WaveNetTraining(**{"every": 60, **training}), [score], Path(folder))
        course.hold_out([score])
        return course

    def test_it_learns_a_short_clip_by_heart(self) -> None:
        torch.manual_seed(1)
        network = WaveNet(WaveNetConfig(stacks=2, layers=5, residual=16, skip=32, told=16))
        clip = played([Sounded(0, 700, 69), Sounded(900, 1500, 74)], 0, 1500)
        levels = torch.from_numpy(clip.levels).long()[None]
        told = torch.from_numpy(clip.told)[None]
        optimizer = torch.optim.Adam(network.parameters(), lr=1e-2)
        for _ in range(120):
            loss = torch.nn.functional.cross_entropy(network(shifted(levels), told)[0], levels[0])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        self.assertLess(loss.item(), 1.5)
        sound = np.concatenate(list(a_player(network.eval()).play(clip.told, seed=3, temperature=0.3)))
        heard = from_mu_law(sound)
        self.assertAlmostEqual(heard_pitch(heard[100:700]), 69, delta=0.5)
        self.assertAlmostEqual(heard_pitch(heard[1000:1500]), 74, delta=0.5)
        self.assertLess(np.sqrt(np.mean(heard[760:880] ** 2)), 0.05)  # the rest stays quiet

    def test_it_goes_on_where_it_was_cut_off(self) -> None:
        with tempfile.TemporaryDirectory() as folder, redirect_stderr(io.StringIO()) as said:
            self.course(folder, minutes=0.01, segment=200, batch=1).run()
            course = self.course(folder, minutes=0.02, segment=200, batch=1)
            course.run()
        self.assertIn("resumed at step", said.getvalue())
        self.assertEqual(len(course.history), 2)
        self.assertGreater(course.history[1]["step"], course.history[0]["step"])

    def test_it_counts_bits_by_the_sample(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            course = self.course(folder)
            torch.nn.init.zeros_(course.model.levels.weight)
            torch.nn.init.zeros_(course.model.levels.bias)
            self.assertAlmostEqual(course.bits_per_sample(), 8, places=4)


class PlayTest(TestCase):
    def setUp(self) -> None:
        player = a_player(a_network())
        self.enterContext(mock.patch.object(playing, "_network", return_value=player))
        self.enterContext(mock.patch.object(playing, "LONGEST_SECONDS", 1))

    def test_it_makes_a_sound_that_a_browser_plays_and_says_how_far_it_is(self) -> None:
        *added, sound = play(KESH, seed=1)
        self.assertEqual(added[-1].share, 1)
        self.assertEqual(len(added), 10)
        with wave.open(io.BytesIO(sound.wav)) as file:
            self.assertEqual((file.getframerate(), file.getnchannels(), file.getsampwidth()), (RATE, 1, 2))
            self.assertEqual(file.getnframes(), RATE)
        self.assertEqual(sound.seconds, 1)

    def test_it_refuses_what_is_no_single_melody(self) -> None:
        two = "X:1\nM:4/4\nL:1/8\nK:D\nV:1\nDEFG ABcd|\nV:2\nD,8|\n"
        for bad in ("", "hello", two, "M:4/4\nL:1/8\nK:D\nz8|z8|"):
            with self.subTest(bad), self.assertRaises(BriefError):
                play(bad)

    def test_it_plays_at_the_tempo_asked(self) -> None:
        slow, fast = (playing.melody_of(KESH, qpm)[0][0] for qpm in (180, 360))
        self.assertEqual(slow.end, 2 * fast.end)

    def test_it_is_no_composer(self) -> None:
        self.assertNotIn("wavenet", [card.name for card in composer_cards()])

    def test_it_tells_a_sample_as_many_things_as_it_says(self) -> None:
        self.assertEqual(conditions(NOTES, 0, 10).shape, (10, FEATURES))
