"""Runs of twelve notes: what two tunes share, by the contract's definition."""

import random
import tempfile
import unittest
from pathlib import Path

from generator.notation import Score, parse
from generator.novelty import INDEX_PATH, NEAR_DUPLICATE, STEPS, TuneIndex, melody_steps, runs, shipped_index


def score(body: str, *, key: str = "C") -> Score:
    return parse(body, meter="4/4", key=key, unit="1/8")


def random_tune(seed: int, notes: int = 64) -> str:
    chance = random.Random(seed)
    letters = [chance.choice("CDEFGABcdefg") for _ in range(notes)]
    return "|".join("".join(letters[i : i + 8]) for i in range(0, notes, 8)) + "|]"


class StepTests(unittest.TestCase):
    def test_it_counts_signed_diatonic_steps(self):
        self.assertEqual(melody_steps(score("CDcB,|]")), [1, 6, -8])
        self.assertEqual(melody_steps(score("C^C_D=D|]")), [0, 1, 0])

    def test_it_merges_ties_and_skips_rests(self):
        self.assertEqual(melody_steps(score("C2-C2zD|E4-|E4-|E8|]")), [1, 1])
        self.assertEqual(melody_steps(score("CC|]")), [0])

    def test_it_reads_a_repeat_once(self):
        self.assertEqual(melody_steps(score("|:CDEF:|")), melody_steps(score("CDEF|]")))

    def test_it_finds_no_run_in_a_short_tune(self):
        self.assertEqual(runs(score("C|]")), frozenset())
        self.assertEqual(runs(Score("4/4", "C", ())), frozenset())
        self.assertEqual(len(runs(score(random_tune(1, STEPS)))), 0)
        self.assertEqual(len(runs(score(random_tune(1, STEPS + 1)))), 1)

    def test_it_knows_a_tune_in_another_key(self):
        moved = random_tune(2).translate(str.maketrans("CDEFGABcdefg", "DEFGABcdefga"))
        self.assertEqual(runs(score(random_tune(2))), runs(score(moved, key="D")))


class IndexTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.known = [score(random_tune(seed)) for seed in range(20)]
        cls.index = TuneIndex.built((tune, f"tune {n}", f"book {n % 3}") for n, tune in enumerate(cls.known))

    def test_it_finds_nothing_where_nothing_is(self):
        for tune in (score(random_tune(99)), score("C8|]")):
            self.assertEqual(self.index.nearest(tune).share, 0.0)
        self.assertEqual(TuneIndex.built([]).nearest(self.known[0]).longest, 0)

    def test_it_names_the_tune_that_shares_most(self):
        half = random_tune(7).split("|")[:4] + random_tune(77).split("|")[4:]
        found = self.index.nearest(score("|".join(half)))
        self.assertEqual((found.title, found.source), ("tune 7", "book 1"))
        self.assertGreater(found.share, 0.3)
        self.assertLess(found.share, 0.6)
        self.assertEqual(found.longest, 32)

    def test_it_counts_only_what_one_single_tune_has(self):
        quarters = [random_tune(seed).split("|")[:2] for seed in (3, 4, 5, 6)]
        patched = "|".join(bar for quarter in quarters for bar in quarter) + "|]"
        self.assertLess(self.index.nearest(score(patched)).share, NEAR_DUPLICATE)

    def test_it_comes_back_from_a_file_as_it_went(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "index.npz")
            self.index.save(path)
            again = TuneIndex.load(path)
        self.assertEqual(
            [self.index.nearest(tune) for tune in self.known], [again.nearest(tune) for tune in self.known]
        )


class ShippedIndexTests(unittest.TestCase):
    def test_it_holds_the_training_tunes_and_stays_small(self):
        index = shipped_index()
        self.assertGreater(len(index.titles), 12_000)
        self.assertEqual(len(index.titles), len(index.sources))
        self.assertLess(int(index.tunes.max()), len(index.titles))
        self.assertLess(INDEX_PATH.stat().st_size, 8_000_000)
