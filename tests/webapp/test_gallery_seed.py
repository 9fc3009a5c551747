"""Made-up galleries, and the views of them that `make bench-gallery` times."""

from __future__ import annotations

import json
import random
from io import StringIO
from statistics import fmean
from unittest import mock

from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, SimpleTestCase, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from generator import melody_steps
from webapp.accounts.models import Profile
from webapp.gallery.measuring.addresses import views
from webapp.gallery.melodies import letters_of
from webapp.gallery.models import Entry
from webapp.gallery.query import Query
from webapp.gallery.seeding.reception import expected_stars, received
from webapp.gallery.selectors import gallery_page
from webapp.ops.bench_gallery import holds, p95
from webapp.ratings.models import Rating
from webapp.tunes.models import Tune

TUNES = 60
MOST_QUERIES = 12


class SeedTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        with mock.patch("webapp.gallery.seeding.music.OF_A_KIND", 2):
            call_command("seed_tunes", str(TUNES), "--seed", "3", stdout=StringIO())

    def test_it_sows_different_tunes_that_are_rated_tagged_and_found(self) -> None:
        self.assertEqual((Tune.objects.count(), Entry.objects.count()), (TUNES, TUNES))
        self.assertGreater(len(set(Entry.objects.values_list("melody", flat=True))), TUNES * 0.9)
        self.assertTrue(Rating.objects.exists())
        self.assertTrue(Tune.tags.through.objects.exists())
        for tune in Tune.objects.all()[:5]:
            self.assertIn(tune, gallery_page(Query(words=tune.title)).tunes)
            self.assertEqual(Client().get(reverse("tune-midi", args=[tune.pk])).status_code, 200)

    def test_it_sows_the_rows_that_the_services_would_write(self) -> None:
        before = list(Entry.objects.order_by("id").values())
        for entry in Entry.objects.select_related("tune"):
            self.assertEqual(entry.melody, letters_of(melody_steps(entry.tune.abc)))
        call_command("gallery_refresh", verbosity=0)
        for now, then in zip(Entry.objects.order_by("id").values(), before, strict=True):
            reckoned = {"trending": 0, "best": 0}  # by the database or here: the last digit may differ
            self.assertEqual(now | reckoned, then | reckoned)
            for rank in reckoned:
                self.assertAlmostEqual(now[rank], then[rank], places=6)

    def test_it_knows_the_mean_of_its_stars_before_the_first_is_given(self) -> None:
        chance, makers = random.Random(1), list(Profile.objects.all())
        tunes = [Tune(published=timezone.now()) for _ in range(20_000)]
        for tune in tunes:
            received(tune, makers, timezone.now(), chance)
        means = [tune.stars_sum / tune.stars_count for tune in tunes if tune.stars_count]
        self.assertAlmostEqual(fmean(means), expected_stars(), delta=0.03)

    def test_it_answers_every_view_that_is_timed_in_a_dozen_questions(self) -> None:
        for name, addresses in views().items():
            with self.subTest(name), CaptureQueriesContext(connection) as asked:
                answer = Client().get(addresses[0])
            self.assertEqual(answer.status_code, 200)
            self.assertLessEqual(len(asked), MOST_QUERIES, name)

    def test_it_tells_how_long_a_view_took(self) -> None:
        told = StringIO()
        with mock.patch("sys.stdin", StringIO("by best 0\nword, mistyped 7\n")):
            call_command("time_gallery", stdout=told)
        hello, best, mistyped = map(json.loads, told.getvalue().splitlines())
        self.assertEqual(hello["tunes"], TUNES)
        self.assertEqual(best["address"], "/gallery/?sort=best")
        self.assertGreater(mistyped["ms"], 0)

    def test_it_refuses_a_number_that_makes_no_sense(self) -> None:
        for count in ("0", "-4", "5000001"):
            with self.assertRaises(CommandError):
                call_command("seed_tunes", count)


class VerdictTest(SimpleTestCase):
    def test_it_holds_the_large_gallery_to_a_time_and_to_the_small_one(self) -> None:
        for small, large, right in (([20.0] * 9, [39.0] * 9, True), ([20.0] * 9, [41.0] * 9, False),
                                    ([60.0] * 9, [89.0] * 9, True), ([90.0] * 9, [101.0] * 9, False),
                                    ([20.0] * 9, [20.0] * 5 + [150.0] * 4, False)):  # fmt: skip
            self.assertEqual(holds([small, large]), right)
        self.assertEqual(p95([1.0] * 19 + [100.0]), 5.95)
