"""Symbols to ids and back, exact over real tunes."""

from __future__ import annotations

from unittest import TestCase

from generator import vocabulary as V
from generator.abc_files import read_rows
from generator.checkpoints import read_metadata
from generator.composers import checkpoint_path
from generator.corpora import scored
from generator.notation import NotationError, Score, parse
from tests.generator.collections_at_hand import SHARED, some_tunes


def score_of(body: str, key: str = "D", meter: str = "4/4") -> Score:
    return parse(body, meter=meter, key=key, unit="1/8")


class RefusalTests(TestCase):
    def test_it_refuses_what_has_no_id(self):
        for what, body in (("length", "A13/16|"), ("pitch", "c''''A|"), ("meter", "A8|[M:17/8]A8|")):
            with self.subTest(what=what), self.assertRaisesRegex(NotationError, f"outside the vocabulary: {what}"):
                V.encode(score_of(body))

    def test_it_refuses_ids_in_an_order_no_score_has(self):
        pitch, half, sharp = V.PITCH_ZERO, V.IDS["length 1/2"], V.IDS["accidental ^"]
        wrong = ([half], [pitch, sharp], [half, half, pitch], [sharp, half, pitch], [sharp, V.REST], [V.TIE],
                 [half, V.BAR_IDS["|"], pitch], [V.REST, V.TIE])  # fmt: skip
        for ids in wrong:
            with self.subTest(ids=[V.NAMES[i] for i in ids]), self.assertRaises(NotationError):
                V.decode(ids, meter="4/4", key="C")


class RoundTripTests(TestCase):
    def assert_exact(self, score: Score) -> None:
        plain = score.without_chords()
        ids = V.encode(score)
        self.assertEqual(V.decode(ids, meter=score.meter, key=score.key).text, plain.text)
        self.assertEqual(V.encode(parse(plain.body, meter=plain.meter, key=plain.key, unit="1/8")), ids)

    def test_it_is_exact_over_every_kind_of_symbol(self):
        self.assert_exact(score_of("|:(3A/B/c/ ^^F3/2__B4-|B4=cz2|1A>B[L:1/4]a:|2[K:Gmix][M:6/8]z6::A6|]"))

    def test_it_is_exact_over_the_bundled_tunes_and_the_shared_ones(self):
        for tune in some_tunes():
            self.assert_exact(tune.score)
        self.assertGreater(len(some_tunes()), 300)

    def test_it_is_exact_over_more_of_the_training_tunes(self):
        path = SHARED / "tunes-train.jsonl.gz"
        kept = excluded = 0
        for row in list(read_rows(path))[::40] if path.exists() else ():
            try:
                tune = scored(row)
            except NotationError:
                excluded += 1
                continue
            kept += 1
            self.assert_exact(tune.score)
        self.assertLessEqual(excluded, 0.05 * (kept + excluded))


class TonicTests(TestCase):
    def test_it_writes_a_transposed_tune_with_the_same_ids(self):
        self.assertEqual(V.encode(score_of("DFAd|", key="D")), V.encode(score_of("EGBe|", key="E")))
        self.assertNotEqual(V.encode(score_of("DFAd|", key="D")), V.encode(score_of("DFAd|", key="G")))


class UniquenessTests(TestCase):
    def test_it_has_one_id_sequence_for_a_text(self):
        self.assertEqual(len(set(V.NAMES)), V.SIZE)
        self.assertNotIn("length 1", V.IDS, "a plain eighth would have two spellings")
        seen: dict[tuple[int, ...], str] = {}
        for tune in some_tunes():
            plain = tune.score.without_chords()
            # Pitches count from the tonic, so ids say what a text is only together with the meter and the key.
            ids = (V.IDS[f"meter {plain.meter}"], V.IDS[f"key {plain.key}"], *V.encode(plain))
            self.assertEqual(seen.setdefault(ids, plain.text), plain.text)

    def test_it_keeps_the_ids_that_checkpoints_were_trained_on(self):
        self.assertEqual((V.PAD, V.START, V.END, V.TIE, V.REST), (0, 1, 2, 3, 4))
        self.assertEqual(V.SIZE, 271)
        self.assertEqual(V.NAMES[V.PITCH_ZERO], "pitch 0")


class ShippedVocabularyTests(TestCase):
    def test_the_shipped_checkpoint_holds_the_ids_it_was_trained_on(self):
        record = read_metadata(checkpoint_path("transformer"))["record"]
        self.assertEqual(tuple(record["vocabulary"]), V.NAMES)
