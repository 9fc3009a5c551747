"""A tune in another key: what cannot be written there first, then what it sounds like."""

from __future__ import annotations

from unittest import TestCase

from generator.notation import NotationError, parse, sounding
from generator.transposing import moved
from tests.generator.collections_at_hand import some_tunes


class TransposingTests(TestCase):
    def test_it_refuses_a_key_of_more_than_seven_signs(self):
        with self.assertRaises(NotationError):
            moved(parse("A8|", meter="4/4", key="D", unit="1/8"), "G#")

    def test_it_refuses_a_triple_sharp(self):
        with self.assertRaises(NotationError):
            moved(parse("^^E8|", meter="4/4", key="C", unit="1/8"), "D")

    def test_it_writes_the_signs_that_the_other_key_needs(self):
        score = parse("D2^G2=C2A2|[K:Bm]B8|", meter="4/4", key="D", unit="1/8")
        self.assertEqual(moved(score, "F").body, "F2=B2_E2c2|[K:Dm]d8|")

    def test_every_tune_sounds_the_same_distance_away(self):
        tried = 0
        for tune in some_tunes()[:80]:
            score = tune.score.without_chords()
            try:
                other = moved(score, "A")
            except NotationError:
                continue
            gaps = {b - a for (_, _, a), (_, _, b) in zip(sounding(score), sounding(other), strict=True) if a}
            with self.subTest(title=tune.title):
                self.assertEqual(len(gaps), 1)
            tried += 1
        self.assertGreater(tried, 60)
