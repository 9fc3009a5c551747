"""The page of composers: every figure with what it rests on, a dash with its reason, pictures drawn by us."""

from __future__ import annotations

import re
from unittest.mock import patch
from xml.etree import ElementTree

from django.core.cache import cache
from django.test import SimpleTestCase, TestCase

from generator import Curve, Picture, composer_cards, composer_story, player_cards
from generator.stories import FIGURES, Part, curves_of
from tests.builders import Person, a_gallery_tune, a_ready_tune
from tests.webapp.test_composers_kinds import a_card, composers
from webapp.composers.curve import chart_of
from webapp.composers.page import families
from webapp.composers.picture import DETAIL_LETTER, NAME_LETTER, drawing_of
from webapp.duels.models import Standing


class PageTest(TestCase):
    def setUp(self) -> None:
        cache.clear()
        self.alice = Person("alice")

    def row(self, name: str) -> object:
        return next(row for family in families() for row in family.rows if row.card.name == name)

    def fact(self, name: str, words: str) -> object:
        return next(fact for fact in self.row(name).facts if fact.name == words)

    def test_it_has_a_section_for_each_composer_with_all_its_figures(self) -> None:
        page = self.alice.get("/composers/").content.decode()
        for card in composer_cards():
            self.assertIn(f'id="{card.name}"', page)
        for words in ("Bits a character", "Samples that parse", "Bars right", "Near-duplicates", "Seconds a tune"):
            self.assertIn(words, page)

    def test_every_dash_says_why(self) -> None:
        for family in families():
            for row in family.rows:
                for fact in row.facts:
                    self.assertTrue(fact.told, f"{row.card.name}: {fact.name}")

    def test_it_tells_the_stars_of_public_tunes_by_composer(self) -> None:
        self.assertTrue(self.fact("transformer", "Listeners’ stars").is_missing)
        cache.clear()
        a_gallery_tune(self.alice, stars_sum=9, stars_count=2)
        a_ready_tune(self.alice, stars_sum=1, stars_count=1)  # unlisted: nobody is told of it
        self.assertEqual(self.fact("transformer", "Listeners’ stars").shown, "4.5")

    def test_it_tells_the_place_in_duels(self) -> None:
        for name, value in (("folkrnn", 0.4), ("transformer", 0.6)):
            figures = {"value": value, "low": 0.2, "high": 0.8, "count": 30, "hits": 12}
            Standing.objects.create(kind=Standing.Kind.STRENGTH, composer=name, **figures)
        self.assertEqual([self.fact(name, "Place in duels").shown for name in ("transformer", "folkrnn")], ["1", "2"])

    def test_a_mended_composer_stands_beside_the_faithful_one(self) -> None:
        story = composer_story("folkrnn")
        faithful, mended = a_card(), a_card(name="keys-mended", title="Keys, mended", mends="keys")
        with composers(mended, faithful), patch("webapp.composers.page.composer_story", lambda name: story):
            found = [[row.card.name for row in family.rows] for family in families()]
            page = self.alice.get("/composers/").content.decode()
        self.assertIn(["keys", "keys-mended"], found)
        self.assertIn('<th scope="col">Keys</th><th scope="col">Keys, mended</th>', page)

    def test_a_mended_one_whose_faithful_one_is_not_there_stands_alone(self) -> None:
        story = composer_story("folkrnn")
        with composers(a_card(mends="old")), patch("webapp.composers.page.composer_story", lambda name: story):
            self.assertIn(["keys"], [[row.card.name for row in family.rows] for family in families()])

    def test_its_pictures_are_well_formed_and_load_nothing(self) -> None:
        page = self.alice.get("/composers/").content.decode()
        drawn = re.findall(r"<svg viewBox.*?</svg>", page, re.DOTALL)
        for svg in drawn:
            ElementTree.fromstring(svg)
            self.assertNotIn("href", svg)
            self.assertNotIn("style", svg)
        named = re.findall(r'<svg viewBox[^>]* role="img" aria-label="[^"]{20,}"', page)
        rows = [row for family in families() for row in family.rows]
        self.assertEqual(len(named), sum(bool(row.picture) + bool(row.chart) for row in rows))
        self.assertGreaterEqual(len(named), 4)


class StoriesTest(SimpleTestCase):
    def test_everybody_has_a_whole_story_with_three_samples(self) -> None:
        for card in (*composer_cards(), *player_cards()):
            story = composer_story(card.name)
            self.assertTrue(story.idea and story.source and story.training and story.year, card.name)
            self.assertTrue(story.picture and story.curves, card.name)
            self.assertTrue(story.minutes and card.menu, card.name)
            self.assertEqual(len(story.examples), 3, card.name)
            for example in story.examples:
                self.assertTrue(example.title and example.abc and example.told, card.name)
                self.assertEqual(bool(example.sound), card.kind == "sound", card.name)
            self.assertEqual(set(story.figures), set(FIGURES), card.name)

    def test_the_words_of_every_picture_fit_their_boxes(self) -> None:
        stories = [(card, composer_story(card.name).picture) for card in composer_cards()]
        for card, picture in ((card, picture) for card, picture in stories if picture):
            for cell in drawing_of(picture).cells:
                for words, letter in ((cell.name, NAME_LETTER), (cell.detail, DETAIL_LETTER)):
                    self.assertLessEqual(len(words) * letter, cell.width + 4, f"{card.name}: {words}")

    def test_it_knows_no_composer_that_is_not_there(self) -> None:
        with self.assertRaises(KeyError):
            composer_story("nobody")

    def test_it_reads_what_a_training_wrote_down_by_either_clock(self) -> None:
        history = [
            {"minutes": 1, "loss": 3.0, "passes": 1},
            {"minutes": 2, "loss": 2.5},
            {"computing_minutes": 3, "loss": 2},
        ]
        (curve,) = curves_of(history, {"loss": "loss in training", "missing": "not there"})
        self.assertEqual(curve, Curve("loss in training", ((1.0, 3.0), (2.0, 2.5), (3.0, 2.0))))
        self.assertEqual(curves_of([{"step": 1, "loss": 2.0}, {"loss": None}], {"loss": "loss"}), ())


class DrawingTest(SimpleTestCase):
    def test_a_row_of_two_parts_is_shared_out_and_joined(self) -> None:
        rows = ((Part("noise", kind="data"), Part("music", kind="data")), (Part("Judge", "512", "recurrent"),))
        drawn = drawing_of(Picture(rows, "", back=True))
        self.assertEqual(len(drawn.arrows), 2)
        self.assertTrue(drawn.back)
        self.assertLess(drawn.cells[0].right, drawn.cells[1].x)
        self.assertTrue(all(cell.x >= 0 and cell.right <= drawn.width for cell in drawn.cells))

    def test_a_curve_that_never_moves_has_a_scale(self) -> None:
        for value in (0.0, 2.5, -1.0):
            chart = chart_of([Curve("loss", ((0.0, value), (5.0, value)))])
            self.assertTrue(chart.upward and chart.across, value)

    def test_infinities_and_a_thousand_points_do_no_harm(self) -> None:
        points = tuple((float(at), float("inf") if at == 3 else 1000.0 / (1 + at)) for at in range(1000))
        chart = chart_of([Curve("loss", points)])
        self.assertLess(len(chart.lines[0].points.split()), 200)
        self.assertNotIn("inf", chart.lines[0].points)

    def test_nothing_written_down_draws_nothing(self) -> None:
        self.assertIsNone(chart_of(()))
