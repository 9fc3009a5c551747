"""How near a tune comes to a known one: the sentence on its page, and what hostile titles do to it."""

from __future__ import annotations

from pathlib import Path

from django.test import TestCase

from tests.builders import Person, a_ready_tune
from webapp.tunes.kinship import SOURCES, Kin, kin_of

NEAR = {"title": "The Blackbird", "source": "oneills", "share": 0.09, "longest": 14}


class KinTest(TestCase):
    def sentence(self, value: object) -> str:
        alice = Person("alice")
        tune = a_ready_tune(alice, checks={"novelty": {"ok": True, "value": value}})
        page = alice.get(f"/tunes/{tune.pk}/").content.decode()
        return page.split('class="nearest">')[1].split("</p>")[0] if 'class="nearest">' in page else ""

    def test_it_names_the_nearest_tune_and_what_they_share(self) -> None:
        self.assertEqual(
            self.sentence(NEAR),
            "Nearest known tune: “<cite>The Blackbird</cite>” (O’Neill’s Music of Ireland): 9\u00a0% of its"
            " twelve-note runs in common, the longest 14 notes.",
        )

    def test_it_names_a_tune_that_has_a_longer_stretch(self) -> None:
        other = {"title": "Lilac, The", "source": "etunebook", "tune": "et.abc:3", "longest": 19}
        said = self.sentence(NEAR | {"elsewhere": other})
        self.assertIn(" A longer stretch, 19 notes, stands in “<cite>The Lilac</cite>” (eTuneBook).", said)

    def test_it_says_when_nothing_is_shared(self) -> None:
        nothing = {"title": "", "source": "", "share": 0.0, "longest": 0}
        self.assertEqual(self.sentence(nothing), "No run of twelve notes in common with any tune it learnt from.")

    def test_it_says_nothing_where_nobody_looked(self) -> None:
        for value in (None, "x", 7, {}, {"title": "The Blackbird"}):
            self.assertEqual(self.sentence(value), "")
        self.assertIsNone(kin_of({}))

    def test_it_shows_hostile_titles_as_text(self) -> None:
        said = self.sentence(NEAR | {"title": "<script>alert(1)</script>", "source": '"><img src=x>'})
        self.assertNotIn("<script", said)
        self.assertNotIn("<img", said)
        said = self.sentence(NEAR | {"title": "\u202ereversed\nand " + "long " * 100})
        self.assertNotIn("\u202e", said)
        self.assertLess(len(said), 300)

    def test_it_says_less_than_one_percent(self) -> None:
        self.assertEqual(kin_of({"novelty": {"value": NEAR | {"share": 0.003}}}).share, "less than 1\u00a0%")

    def test_it_names_tunes_as_one_would_say_them(self) -> None:
        named = {"Lilac, The": "The Lilac", "WITCH OF THE WAVE -- REEL": "Witch Of The Wave, Reel", "1814": "1814"}
        for title, said in named.items():
            self.assertEqual(kin_of({"novelty": {"value": NEAR | {"title": title}}}).title, said)

    def test_it_takes_values_with_other_keys_and_missing_ones(self) -> None:
        kin = kin_of({"novelty": {"value": {"share": 0.2, "title": None, "tune": 17, "longest": None}}})
        self.assertEqual(kin, Kin("a tune without a name", "", "20\u00a0%", 0))

    def test_it_knows_every_source_of_the_card(self) -> None:
        card = Path("generator/composers/transformer.md").read_text(encoding="utf-8")
        for source in SOURCES:
            self.assertIn(source, card)
