"""What is measured of one tune or of many: obedience, rhythm, distributions, texture, moods."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from unittest import TestCase

import numpy as np

from generator.brief import Conditions
from generator.forms import form_by_runs
from generator.measures import distributions, moods, obeyed, texture
from generator.measures.fit_rhythm import accuracy, fitted, labelled
from generator.measures.gathered import Gathered
from generator.measures.table import mood_row
from generator.notation import Score, parse
from generator.rhythm_classifier import shipped_classifier
from tests.generator.collections_at_hand import some_tunes

A_PART, B_PART = "DEFG A2A2|BAGF E4|DEFG A2B2|AGFE D4", "dcBA G2G2|FGAB c4|dcBA G2F2|EDEF D4"


def tune(body: str, *, meter: str = "4/4", key: str = "D") -> Score:
    return parse(body, meter=meter, key=key, unit="1/8")


class ObeyedTests(TestCase):
    ASKED = Conditions(key="D", mode="major", meter="4/4", bars=8, form="AABB")

    def verdicts(self, score: Score, **asked: object) -> dict[str, bool]:
        return obeyed.obeyed(score, replace(self.ASKED, **asked), shipped_classifier())

    def test_it_finds_all_obeyed(self):
        score = tune(f"|:{A_PART}:|:{B_PART}:|")
        self.assertEqual(self.verdicts(score), dict.fromkeys(("key", "mode", "meter", "bars", "form"), True))

    def test_it_finds_each_disobeyed(self):
        right = f"|:{A_PART}:|:{B_PART}:|"
        cases = {
            "key": tune(right.replace("D4:|", "E4:|")), "mode": tune(right, key="Ddor"),
            "meter": tune(right.replace("D4:|", "D3:|")), "bars": tune(f"|:{A_PART}:|"),
            "form": tune(f"|:{A_PART}:|:{A_PART}:|"),
        }  # fmt: skip
        for name, score in cases.items():
            with self.subTest(name):
                self.assertFalse(self.verdicts(score)[name])

    def test_it_judges_nothing_that_was_left_free(self):
        self.assertEqual(set(self.verdicts(tune(A_PART), key=None, form=None)), {"mode", "meter", "bars"})

    def test_it_names_parts_by_their_runs_of_twelve_notes(self):
        varied = A_PART.replace("AGFE D4", "AGFA D4")
        self.assertEqual(form_by_runs(tune(f"|:{A_PART}:|:{B_PART}:|")), "AABB")
        self.assertEqual(form_by_runs(tune(f"{A_PART}||{B_PART}||{varied}|]")), "ABA")
        self.assertEqual(form_by_runs(tune(f"A2|:{A_PART[:-1]}2:|:{B_PART}:|")), "AABB")
        self.assertEqual(form_by_runs(tune("|:A4 d4:|:A4 d4:|:B4 d4:|")), "AAAABB")

    def test_it_tells_how_many_were_asked(self):
        self.assertEqual(
            obeyed.shares([{"key": True}, {"key": False, "bars": True}]), {"key": (0.5, 2), "bars": (1, 1)}
        )


class RhythmTests(TestCase):
    def test_it_knows_a_reel_from_a_jig_and_a_waltz(self):
        known = [tune for tune in some_tunes() if tune.rhythm in ("reel", "jig", "waltz")]
        self.assertGreater(len(known), 20)
        self.assertGreater(accuracy(shipped_classifier(), known), 0.85)

    def test_it_learns_from_labels(self):
        known = [tune for tune in some_tunes() if tune.rhythm in ("reel", "jig")]
        rows, labels = labelled(known)
        self.assertGreater(accuracy(fitted(rows, labels), known), 0.95)
        self.assertLess(accuracy(fitted(rows, np.roll(labels, 1)), known), 0.95)


class DistributionTests(TestCase):
    def test_it_finds_nothing_between_a_thing_and_itself_and_one_bit_between_strangers(self):
        one, other = Counter("aaab"), Counter("cc")
        self.assertAlmostEqual(distributions.jensen_shannon(one, one), 0)
        self.assertAlmostEqual(distributions.jensen_shannon(one, other), 1)

    def test_it_counts_from_the_tonic_in_every_key(self):
        in_d, in_g = distributions.counts(tune("D2F2 A4|")), distributions.counts(tune("G2B2 d4|", key="G"))
        self.assertEqual(in_d, in_g)
        self.assertEqual(dict(in_d["pitch"]), {0: 1, 4: 1, 7: 1})
        self.assertEqual(dict(in_d["interval"]), {4: 1, 3: 1})
        self.assertEqual(dict(in_d["length"]), {2: 2, 4: 1})
        self.assertEqual(dict(in_d["onset"]), {0: 1, 2: 1, 4: 1})

    def test_it_finds_real_tunes_nearer_to_real_tunes_than_to_scales(self):
        real = [distributions.counts(tune.score) for tune in some_tunes()]
        valid = distributions.summed(real[::2])
        usual = distributions.usual_distances(real[1::2], valid, size=40)
        scales = distributions.distances([distributions.counts(tune("CDEF GABc|defg agfe|", key="C"))], valid)
        for kind in distributions.KINDS:
            self.assertGreater(scales[kind], 2 * usual[kind], kind)


class TextureTests(TestCase):
    def test_it_finds_repetition(self):
        self.assertLess(texture.zlib_ratio(tune("ABcd efga|" * 8)), texture.zlib_ratio(some_tunes()[0].score))

    def test_it_finds_cadences_at_bars_four_and_eight(self):
        bars = "BcBc BcBc|" * 3
        self.assertEqual(texture.cadences(tune(bars + "BcBc d4|" + bars + "BcBc BcBG|")), [True, False])
        self.assertEqual(texture.held_notes(tune(bars + "BcBc BcBA|")), [False])
        self.assertEqual(texture.cadences(tune(bars + "BcBc BcBA|")), [True], "A is the fifth of D")
        self.assertEqual(texture.held_notes(tune("GAB cBA|" * 3 + "GAB c3|", meter="6/8")), [True])

    def test_it_shuffles_a_tunes_own_chords(self):
        score = tune('"D"D2F2 A4|"G"G2B2 d4|"A"A2c2 e4|"D"D2F2 A4|')
        shuffled = texture.with_shuffled_chords(score, np.random.default_rng(2))
        self.assertEqual(texture.chord_fit([score]), 1)
        self.assertLess(texture.chord_fit([shuffled]), 1)
        self.assertEqual(shuffled.without_chords(), score.without_chords())
        self.assertEqual(texture.human_chorded([score, tune("D8|")]), [score])


class MoodTests(TestCase):
    SAD, GLAD = moods.Mood(1, 70, 2.0), moods.Mood(4, 180, 6.0)

    def test_it_wants_all_three(self):
        self.assertTrue(moods.is_merrier(self.GLAD, self.SAD))
        self.assertTrue(moods.is_merrier(replace(self.GLAD, brightness=1), self.SAD), "as bright is enough")
        for worse in ({"brightness": 0}, {"tempo": 70}, {"notes_a_second": 2.0}):
            self.assertFalse(moods.is_merrier(replace(self.GLAD, **worse), self.SAD), worse)

    def test_it_finds_little_among_shuffled_pieces(self):
        self.assertEqual(moods.shares([(self.SAD, self.GLAD)] * 9)["all"], 1)
        self.assertAlmostEqual(moods.shuffled_share([(self.SAD, self.GLAD)] * 40), 0.25, delta=0.03)

    def test_it_reads_notes_a_second_off_notes_and_tempo(self):
        self.assertEqual(moods.mood_of(tune("DEFG ABcd|"), 120), moods.Mood(4, 120, 4.0))

    def test_it_has_no_figure_where_a_piece_is_missing(self):
        self.assertIn("1 pieces never came", str(mood_row(Gathered(empty=1))))
