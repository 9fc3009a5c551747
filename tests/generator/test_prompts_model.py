"""The encoder without torch, the fitted model, the counted priors, and the figure that measures them."""

import unittest

import numpy as np

from generator.brief import MODES, RHYTHMS
from generator.prompts.corpora_of_feeling import Rated
from generator.prompts.count_priors import count_priors
from generator.prompts.fit import cross_validated, fit
from generator.prompts.measure import measure, right_quadrant
from generator.prompts.minilm import encoder
from generator.prompts.priors import METERS_OF_RHYTHM, place_of, priors
from generator.prompts.regression import SHIPPED, feeling_model
from generator.prompts.styles import styles


class EncoderTests(unittest.TestCase):
    def test_it_takes_no_text_and_endless_text(self):
        self.assertEqual(encoder().encode([]).shape, (0, 384))
        self.assertEqual(encoder().encode(["", "word " * 5000]).shape, (2, 384))

    def test_it_agrees_with_the_torch_model(self):
        # Cosines of a torch forward pass over the same weights.
        for first, second, cosine in (
            ("a sad song", "a mournful tune", 0.62159),
            ("a sad song", "a tax form", 0.10665),
            ("the sea at night", "waves under the moon", 0.42155),
        ):
            left, right = encoder().encode([first, second])
            self.assertAlmostEqual(float(left @ right), cosine, delta=2e-5)

    def test_a_text_reads_the_same_alone_and_in_company(self):
        alone = encoder().encode(["a quiet harbour"])[0]
        beside = encoder().encode(["furious", "a quiet harbour", "a much longer text about nothing at all"])[1]
        np.testing.assert_allclose(alone, beside, atol=1e-6)


class FeelingModelTests(unittest.TestCase):
    def test_the_shipped_file_is_small_and_whole(self):
        self.assertLess(SHIPPED.stat().st_size, 3_000_000)
        model = feeling_model()
        self.assertEqual(len(model.styles), len(styles()))
        self.assertTrue(np.isfinite(model.weights).all())

    def test_it_reads_english_without_the_lexicon(self):
        glad, dead, calm, storm = feeling_model().read(
            encoder().encode(["we laughed all day", "they buried him", "a peaceful afternoon", "run for your lives"])
        )
        self.assertGreater(glad[0], dead[0])
        self.assertGreater(storm[1], calm[1])

    def test_fitting_finds_what_is_there(self):
        chance = np.random.default_rng(0)
        vectors = chance.normal(size=(300, 8))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        targets = vectors[:, :2]
        rated = [Rated(str(row), *targets[row], 1.0, "made", str(row)) for row in range(300)]
        settings = {"gamma": 1.0, "ridge": 0.01, "landmarks": 100}
        figures = cross_validated(rated, vectors, **settings)["made"]
        self.assertGreater(min(figures[:2]), 0.95)
        model = fit(vectors, targets, np.ones(300), **settings)
        self.assertLess(np.abs(model.read(vectors) - targets).mean(), 0.05)


class PriorTests(unittest.TestCase):
    def test_every_mode_and_rhythm_has_its_custom(self):
        for mode in MODES:
            self.assertTrue(priors()["tonics"][mode], mode)
        for rhythm in RHYTHMS:
            self.assertLessEqual(set(priors()["meters"][rhythm]), set(METERS_OF_RHYTHM[rhythm]))
            for measured in ("density", "register"):
                quantiles = priors()[measured][rhythm]
                self.assertEqual(quantiles, sorted(quantiles))
                self.assertEqual(place_of(-1, rhythm, measured), 0)
                self.assertEqual(place_of(1000, rhythm, measured), 1)

    def test_counting_skips_what_cannot_be_read(self):
        tune = {"K": "G", "M": "6/8", "L": "1/8", "R": "jig", "tradition": "irish", "abc": "GAB def|g3 G3|"}
        tunes = [tune | {"R": rhythm, "M": METERS_OF_RHYTHM[rhythm][0]} for rhythm in RHYTHMS for _ in range(2)]
        counted = count_priors([*tunes, tune | {"K": "none"}, tune | {"abc": "[V:1] % nothing"}])
        self.assertEqual(counted["modes"], {"major": 2 * len(RHYTHMS) + 1})
        self.assertEqual(counted["meters"]["jig"]["6/8"], 4)
        self.assertEqual(counted["density"]["jig"][10], 1.333)


class MeasureTests(unittest.TestCase):
    def test_a_label_of_nought_counts_as_either(self):
        self.assertTrue(right_quadrant(-0.3, 0))
        self.assertTrue(right_quadrant(0.1, 0.8))
        self.assertFalse(right_quadrant(0.0, 0.8))
        self.assertFalse(right_quadrant(-0.1, 0.8))

    def test_it_counts_by_kind(self):
        by_kind = measure([{"text": "furious", "valence": -0.7, "arousal": sign, "kind": "en"} for sign in (0.9, -0.9)])
        self.assertEqual([row["right"] for row in by_kind["en"]], [True, False])
