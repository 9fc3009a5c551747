"""The Boltzmann machine of chords: its mathematics against brute force, its training, its pieces."""

from __future__ import annotations

import io
import itertools
import json
import math
import re
import tempfile
from contextlib import ExitStack, redirect_stderr
from dataclasses import replace
from pathlib import Path
from unittest import TestCase
from unittest.mock import patch

import numpy as np
import torch

from generator.brief import Brief, BriefError, Conditions, NotesAdded, Piece
from generator.composers import rbm, rbm_writing
from generator.composers.rbm import CHAINS, RBM, RBMConfig, wish
from generator.composers.rbm_corpus import (
    loop_part,
    mended_roll,
    style_loops,
)
from generator.composers.rbm_course import RBMTraining, Rolls, School, lessons_of, mended
from generator.composers.rbm_roll import likeliest
from generator.courses import read_configuration
from generator.encoding import Tune
from generator.harmony import is_playable
from generator.midi import abc2midi_warnings
from generator.notation import parse

TINY = RBMConfig(steps=1, low=60, high=62, hidden=3, feelings=2, spread=1.0)  # four cells
EIGHT = RBMConfig(steps=16, low=36, high=72, hidden=48, feelings=2)
CHORDED = '"D"DFA "G"GBG|"A"ABA "D"F2D|"D"d2f "G"gfe|"A"edc "D"d3|'
CONFIGURATIONS = Path(rbm.__file__).parent


def a_tiny_machine() -> RBM:
    torch.manual_seed(5)
    machine = RBM(TINY)
    for parameter in machine.parameters():
        parameter.data.normal_()
    return machine


def chances_of(machine: RBM, roll: torch.Tensor, feeling: torch.Tensor) -> list[tuple[torch.Tensor, float]]:
    """Every state of the hidden units with its chance, one after the other."""
    share = torch.sigmoid(machine.hidden_logits(roll[None], feeling[None]))[0]
    return [(h, float(torch.where(h > 0, share, 1 - share).prod())) for h in every(3)]


def every(count: int) -> list[torch.Tensor]:
    return [torch.tensor(bits, dtype=torch.float32) for bits in itertools.product((0, 1), repeat=count)]


def expected_change(machine: RBM, roll: torch.Tensor, feeling: torch.Tensor) -> dict[str, torch.Tensor]:
    """CD-1 without chance: all hidden states and all dreams of them, weighed by how likely they are."""
    out = {name: torch.zeros_like(p) for name, p in machine.named_parameters()}
    awake = torch.sigmoid(machine.hidden_logits(roll[None], feeling[None]))[0]
    for hidden, likely in chances_of(machine, roll, feeling):
        on = torch.sigmoid(machine.visible_logits(hidden[None], feeling[None]))[0]
        for dream in every(4):
            weight = likely * float(torch.where(dream > 0, on, 1 - on).prod())
            asleep = torch.sigmoid(machine.hidden_logits(dream[None], feeling[None]))[0]
            out["weight"] += weight * (torch.outer(roll, awake) - torch.outer(dream, asleep))
            out["visible"] += weight * (roll - dream)
            out["hidden"] += weight * (awake - asleep)
            out["visible_moved"] += weight * torch.outer(feeling, roll - dream)
            out["hidden_moved"] += weight * torch.outer(feeling, awake - asleep)
    return out


class MachineTest(TestCase):
    @torch.no_grad()
    def test_contrastive_divergence_is_what_brute_force_makes_of_it(self):
        machine, feeling = a_tiny_machine(), torch.tensor([0.5, -0.8])
        roll = torch.tensor([1.0, 0.0, 1.0, 1.0])
        wanted = expected_change(machine, roll, feeling)
        many = 40_000
        for means in (False, True):
            chance = torch.Generator().manual_seed(1)
            told = machine.divergence(roll.repeat(many, 1), feeling.repeat(many, 1), chance, means=means).by_name
            for name, change in wanted.items():
                self.assertLess(float((told[name] - change).abs().max()), 0.015, name)

    @torch.no_grad()
    def test_free_energy_is_the_sum_over_all_hidden_states(self):
        machine, feeling = a_tiny_machine(), torch.tensor([[-0.3, 0.9]])
        for roll in every(4):
            bias = machine.visible + feeling[0] @ machine.visible_moved
            inner = machine.hidden + feeling[0] @ machine.hidden_moved
            total = sum(math.exp(float(roll @ bias + h @ inner + roll @ machine.weight @ h)) for h in every(3))
            self.assertAlmostEqual(float(machine.free_energy(roll[None], feeling)), -math.log(total), 4)

    @torch.no_grad()
    def test_pseudo_likelihood_is_each_cell_given_the_others(self):
        machine, feeling = a_tiny_machine(), torch.tensor([[0.2, 0.2]])
        roll, total = torch.tensor([1.0, 1.0, 0.0, 1.0]), 0.0
        for cell in range(4):
            other = roll.clone()
            other[cell] = 1 - other[cell]
            here, there = (math.exp(-float(machine.free_energy(one[None], feeling))) for one in (roll, other))
            total += math.log(here / (here + there))
        self.assertAlmostEqual(float(machine.pseudo_likelihood(roll[None], feeling)), total, 4)

    def test_its_chains_are_ten_and_begin_from_zeros(self):
        machine = a_tiny_machine()
        with patch.object(machine, "step", wraps=machine.step) as step:
            rolls, _ = machine.chains(torch.zeros(CHAINS, 2), torch.Generator().manual_seed(0))
        first = step.call_args_list[0].args[0]
        self.assertEqual((len(step.call_args_list), first.shape, float(first.sum())), (1, (10, 4), 0.0))
        self.assertEqual(rolls.shape, (10, 4))

    def test_it_refuses_a_wish_outside_of_the_plane(self):
        for feeling in ((1.2, 0.0), (0.0, -1.01), (math.nan, 0.0), (math.inf, 0.0)):
            with self.assertRaises(BriefError) as told:
                rbm.compose(Brief("glad", composer="rbm-mended"), feeling=feeling)
            self.assertIn("between -1 and 1", told.exception.fields["feeling"])
        self.assertEqual(wish(-1, 1), (-1.0, 1.0))


def eight_parts() -> Rolls:
    rng = np.random.default_rng(0)
    loops = style_loops()[:16:2]
    rolls = np.array([mended_roll(loop_part(loop, rng), low=36, high=72) for loop in loops])
    return Rolls(torch.from_numpy(rolls), torch.tensor([loop.feeling for loop in loops]))


def a_school(out: Path, **changes: object) -> School:
    settings = {"passes": 6, "batch": 8, "learning_rate": 0.05, "momentum": 0.9, "means": True, "every": 2} | changes
    torch.manual_seed(1)
    parts = eight_parts()
    return School("rbm-mended", RBM(EIGHT), RBMTraining(**settings), parts, parts, out, {})


class TrainingTest(TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.told = io.StringIO()
        with ExitStack() as stack:
            stack.enter_context(redirect_stderr(self.told))
            self.addCleanup(stack.pop_all().close)

    @torch.no_grad()
    def test_it_overfits_eight_pieces(self):
        school = a_school(self.folder, passes=400, every=400)
        school.run()
        self.assertLess(school.history[-1]["loss"], 0.01)
        rolls, feelings = school.lessons.at(slice(None), torch.device("cpu"))
        _, chances = school.model.step(rolls, feelings, torch.Generator().manual_seed(0))
        for roll, heard in zip(rolls, chances, strict=True):
            known, again = (one.numpy().reshape(16, 2, 36)[:, 0] for one in (roll, heard))
            self.assertEqual([likeliest(row, 36) for row in known], [likeliest(row, 36) for row in again])

    def test_cut_off_it_goes_on_and_comes_to_the_same_weights(self):
        whole = a_school(self.folder / "whole")
        whole.run()
        a_school(self.folder / "cut", passes=4).run()
        rest = a_school(self.folder / "cut")
        rest.run()
        self.assertEqual([entry["passes"] for entry in rest.history], [2, 4, 6])
        for one, other in zip(whole.model.parameters(), rest.model.parameters(), strict=True):
            torch.testing.assert_close(one, other)
        self.assertIn("resumed after pass 4", self.told.getvalue())

    def test_it_shows_how_far_it_is(self):
        a_school(self.folder).run()
        self.assertIn(f"[{'#' * 20}{'.' * 20}] pass 3 of 6", self.told.getvalue())
        self.assertIn(f"[{'#' * 40}] pass 6 of 6, 0.0 minutes left", self.told.getvalue())

    def test_both_train_from_their_configurations(self):
        rows = [{"source": "us", "title": str(up), "M": "6/8", "L": "1/8", "K": "D", "R": "jig", "family": up,
                 "abc": CHORDED.replace("d3", "dAF"[up % 3] + str(1 + up % 2)) * 2} for up in range(6)]  # fmt: skip
        tunes, moods = self.folder / "tunes.jsonl", self.folder / "moods.json"
        tunes.write_text("".join(json.dumps(row) + "\n" for row in rows))
        moods.write_text('[{"mode": "maj", "roman": ["I", "V"], "moods": ["Joyful"]}]')
        for name in ("rbm", "rbm-mended"):
            configuration = read_configuration(CONFIGURATIONS / f"{name}.json")
            few = replace(configuration, training=replace(configuration.training, passes=2))
            record = few.train([str(tunes), str(moods)], [str(tunes)], self.folder / name)
            self.assertTrue({"loss", "held_out", "bits_per_cell", "free_energy_gap", "by_share"} <= set(record))
            self.assertTrue((self.folder / name / "model.safetensors").exists())

    def test_it_says_so_where_no_tune_has_chords(self):
        path = self.folder / "bare.abc"
        path.write_text("X:1\nM:6/8\nL:1/8\nK:D\nDFA GBG|ABA F2D|d2f gfe|edc d3|\n")
        configuration = read_configuration(CONFIGURATIONS / "rbm.json")
        with self.assertRaises(BriefError) as told:
            configuration.train([str(path)], [str(path)], self.folder / "out")
        self.assertIn("chords", str(told.exception))

    def test_of_what_music21_brings_it_learns_the_progressions_of_our_styles_and_says_so(self):
        bare = Tune(parse("DFA GBG|ABA F2D|d2f gfe|edc d3|", meter="6/8", key="D", unit="1/8"), None, None)
        said: list[str] = []
        with (
            patch("generator.composers.rbm_course.tunes_of", return_value=([bare], [bare])),
            patch("generator.composers.rbm_course.tell", said.append),
        ):
            lessons, tests, sources = lessons_of(read_configuration(CONFIGURATIONS / "rbm.json"), ["music21"], None)
        self.assertEqual((sources["tunes"], sources["held-out tunes"]), (0, 0))
        self.assertTrue(len(lessons) and len(tests))
        self.assertIn("of our chord styles alone", said[0])


class PieceTest(TestCase):
    """Machines that were hardly trained: what is asked here is form."""

    def setUp(self) -> None:
        torch.manual_seed(2)
        faithful = RBM(RBMConfig())
        faithful.visible.data.fill_(-3.0)
        mended_one = RBM(EIGHT)
        mended_one.visible.data.normal_(-1.0, 2.0)
        machines = {"rbm": faithful, "rbm-mended": mended_one}
        for name, stand_in in (("machine_of", machines.__getitem__), ("checkpoint_id", "{}-0".format)):
            patcher = patch.object(rbm_writing, name, stand_in)
            patcher.start()
            self.addCleanup(patcher.stop)

    def piece(self, composer: str, seed: int = 1, **changes: object) -> Piece:
        *notes, piece = rbm.compose(Brief("a quiet evening", composer=composer, seed=seed, **changes))
        self.assertEqual("".join(note.text for note in notes if isinstance(note, NotesAdded)), piece.abc)
        return piece

    def test_the_same_seed_gives_the_same_piece(self):
        for composer in ("rbm", "rbm-mended"):
            self.assertEqual(self.piece(composer), self.piece(composer))
            self.assertNotEqual(self.piece(composer).abc, self.piece(composer, seed=2).abc)

    def test_the_faithful_one_writes_ten_windows_of_fifteen_sixteenths(self):
        piece = self.piece("rbm")
        self.assertEqual((piece.conditions.bars, piece.conditions.meter), (10, "4/4"))
        self.assertEqual(len(piece.conditions.chords), 10)
        self.assertIsNone(piece.conditions.rhythm)
        self.assertTrue(piece.midi.startswith(b"MThd"))

    def test_the_mended_one_keeps_what_it_is_asked_for(self):
        asked = Conditions(key="Bb", bars=12, meter="3/4", tempo_qpm=77)
        piece = self.piece("rbm-mended", conditions=asked)
        found = piece.conditions
        self.assertEqual((found.key, found.bars, found.meter, found.tempo_qpm), ("Bb", 12, "3/4", 77))
        self.assertEqual(len(found.chords), 12)
        for chord in found.chords:
            self.assertTrue(all(is_playable(half) for half in chord.split(",")), chord)

    def test_its_staves_are_right_for_a_second_opinion(self):
        for meter in ("4/4", "6/8", "3/4", "9/8"):
            piece = self.piece("rbm-mended", conditions=Conditions(meter=meter))
            self.assertEqual(abc2midi_warnings(piece.abc), [], meter)
            self.assertEqual(
                len(re.findall(r'"[^"]*"', piece.abc)), sum(len(c.split(",")) for c in piece.conditions.chords)
            )

    def test_a_feeling_leads_the_mended_one(self):
        glad, sad = (rbm_writing.written(Brief("x", composer="rbm-mended"), feeling) for feeling in ((1, 1), (-1, -1)))
        self.assertNotEqual([*glad][-1].abc, [*sad][-1].abc)


class LessonsTest(TestCase):
    def test_each_copy_of_a_progression_has_a_rhythm_of_its_own(self):
        rolls = mended([], style_loops()[1:2], EIGHT, 20)
        self.assertEqual(rolls.rolls.shape, (20, 16 * 2 * 36))
        self.assertGreater(len({bytes(roll) for roll in rolls.rolls.numpy()}), 10)
        self.assertEqual(len(torch.unique(rolls.feelings, dim=0)), 1)
