"""Runs of twelve notes: what two tunes share, by the contract's definition."""

import json
import random
import tempfile
import time
import unittest
from pathlib import Path

import numpy as np

from generator.corpora import scored
from generator.notation import Score, parse
from generator.novelty import (
    INDEX_PATH,
    NEAR_DUPLICATE,
    STEPS,
    KnownTune,
    TuneIndex,
    melody_steps,
    runs,
    shipped_index,
)
from tests.generator.collections_at_hand import bundled, some_tunes


def score(body: str, *, key: str = "C") -> Score:
    return parse(body, meter="4/4", key=key, unit="1/8")


def random_tune(seed: int, notes: int = 64) -> str:
    chance = random.Random(seed)
    letters = [chance.choice("CDEFGABcdefg") for _ in range(notes)]
    return "|".join("".join(letters[i : i + 8]) for i in range(0, notes, 8)) + "|]"


def index_of(*scores: Score) -> TuneIndex:
    return TuneIndex.built((tune, KnownTune(f"tune {n}", f"book {n % 3}", str(n))) for n, tune in enumerate(scores))


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
        cls.index = index_of(*cls.known)

    def test_it_finds_nothing_where_nothing_is(self):
        for tune in (score(random_tune(99)), score("C8|]")):
            found = self.index.nearest(tune)
            self.assertEqual((found.title, found.share, found.longest, found.elsewhere), ("", 0.0, 0, None))
            self.assertIsNone(found.as_value()["elsewhere"])
        self.assertEqual(TuneIndex.built([]).nearest(self.known[0]).longest, 0)

    def test_it_names_the_tune_that_shares_most(self):
        half = random_tune(7).split("|")[:4] + random_tune(77).split("|")[4:]
        found = self.index.nearest(score("|".join(half)))
        self.assertEqual((found.title, found.source), ("tune 7", "book 1"))
        self.assertGreater(found.share, 0.3)
        self.assertLess(found.share, 0.6)
        self.assertEqual((found.longest, found.tune, found.elsewhere), (32, "7", None))
        self.assertEqual(json.loads(json.dumps(found.as_value())), found.as_value())

    def test_it_tells_of_a_longer_stretch_in_another_tune(self):
        much, longer, middle = (random_tune(seed, 80).replace("|", "")[:80] for seed in (30, 31, 32))
        far = "c'C,"
        # Three stretches of 16 notes out of one tune, one of 24 out of another.
        piece = score(far.join([much[:16], much[20:36], much[40:56], longer[:24]]))
        found = index_of(score(middle), score(much), score(longer)).nearest(piece)
        self.assertEqual((found.title, found.longest), ("tune 1", 16))
        self.assertEqual((found.elsewhere.title, found.longest_elsewhere), ("tune 2", 24))
        self.assertEqual(
            found.as_value()["elsewhere"], {"title": "tune 2", "source": "book 2", "tune": "2", "longest": 24}
        )

    def test_it_prefers_the_longer_stretch_where_shares_are_equal(self):
        notes = random_tune(40, 80).replace("|", "")[:80]
        scattered = notes[:20] + "CCCCCCCCCCCCCCCC" + notes[30:50]
        found = index_of(score(scattered), score(notes[:29])).nearest(score(notes[:50]))
        self.assertEqual(found.share, 18 / 39)
        self.assertEqual((found.title, found.longest), ("tune 1", 29))

    def test_it_counts_a_run_once_however_often_it_stands_in_the_piece(self):
        notes = random_tune(41, 14).replace("|", "")[:14]
        found = index_of(score(notes)).nearest(score(notes * 4))
        self.assertEqual(found.share, len(runs(score(notes))) / len(runs(score(notes * 4))))
        self.assertEqual(found.longest, 14)

    def test_it_keeps_a_tune_without_a_title(self):
        known = score(random_tune(3))
        found = TuneIndex.built([(known, KnownTune("", "a book", "f:9"))]).nearest(known)
        self.assertEqual((found.title, found.source, found.tune, found.share), ("", "a book", "f:9", 1.0))

    def test_it_counts_only_what_one_single_tune_has(self):
        quarters = [random_tune(seed).split("|")[:2] for seed in (3, 4, 5, 6)]
        patched = "|".join(bar for quarter in quarters for bar in quarter) + "|]"
        self.assertLess(self.index.nearest(score(patched)).share, NEAR_DUPLICATE)

    def test_it_comes_back_from_a_file_as_it_went(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "index.npz")
            self.index.save(path)
            again = TuneIndex.load(path)
        found = [self.index.nearest(tune) for tune in self.known]
        self.assertEqual([again.nearest(tune) for tune in self.known], found)
        self.assertEqual([nearest.share for nearest in found], [1.0] * len(found))

    def test_it_answers_as_counting_one_by_one_would(self):
        tunes = [tune.score for tune in some_tunes(every=40)]
        index = TuneIndex.built((tune, KnownTune(str(n), "", str(n))) for n, tune in enumerate(tunes[::2]))
        for tune in tunes:
            found, own = index.nearest(tune), runs(tune)
            shares = [len(own & runs(other)) / max(1, len(own)) for other in tunes[::2]]
            self.assertEqual(found.share, max(shares))
            if found.title:
                self.assertEqual(shares[int(found.title)], max(shares))

    def test_it_tells_runs_apart(self):
        """Different runs of real tunes never meet in one hash."""
        steps = {tuple(s[i : i + STEPS]) for t in some_tunes() for s in [melody_steps(t.score)]
                 for i in range(len(s) - STEPS + 1)}  # fmt: skip
        hashes = {run for tune in some_tunes() for run in runs(tune.score)}
        self.assertEqual(len(hashes), len(steps))
        self.assertGreater(len(hashes), 20_000)
        self.assertLess(max(hashes), 2**40)


class ShippedIndexTests(unittest.TestCase):
    def test_it_holds_the_training_tunes_and_stays_small(self):
        index = shipped_index()
        self.assertGreater(len(index.known), 12_900)
        self.assertTrue(all(tune.source and tune.id for tune in index.known))
        self.assertEqual(int(index.holders.max()), len(index.known) - 1)
        self.assertTrue((np.diff(index.hashes.astype(np.int64)) > 0).all())
        self.assertLess(INDEX_PATH.stat().st_size, 12_000_000)

    def test_it_answers_within_two_milliseconds_of_computing(self):
        index, tunes = shipped_index(), [tune.score for tune in some_tunes(every=30)]
        began = time.process_time()
        for tune in tunes:
            index.nearest(tune)
        self.assertLess((time.process_time() - began) / len(tunes), 0.002)

    def test_it_knows_the_tunes_that_were_trained_on(self):
        for tune in bundled_where("The Enchanted Valley"):
            found = shipped_index().nearest(tune)
            self.assertEqual((found.share, found.source), (1.0, "oneills"))


def bundled_where(title: str) -> list[Score]:
    found = [scored(row).score for row in bundled() if (row.fields or {}).get("title", "").startswith(title)]
    assert found, title
    return found
