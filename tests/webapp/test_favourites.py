"""Hearts: kept for whoever tapped, shown while the tune may still be seen."""

from __future__ import annotations

from unittest import mock

from django.test import TestCase, override_settings
from django.utils import timezone

from tests.builders import Person, a_gallery_tune, a_queued_tune, a_ready_tune, an_account
from webapp.accounts.adopting import listener_adopt
from webapp.gallery.models import Entry
from webapp.ratings.models import Favourite, Rating
from webapp.tunes.models import Tune


@override_settings(TUNES_PER_MINUTE_VISITOR=1000, TUNES_PER_MINUTE_ADDRESS=1000)
class FavouriteTest(TestCase):
    def setUp(self) -> None:
        self.alice, self.bob = Person("alice"), Person("bob")
        self.tune = a_gallery_tune(self.alice)

    def tap(self, person: Person, favourite: str = "yes", tune: Tune | None = None) -> int:
        return person.post(f"/tunes/{(tune or self.tune).pk}/favourite/", {"favourite": favourite}).status_code

    def shown(self, person: Person, **query: str) -> list[Tune]:
        return person.get("/my/favourites/", query).context["page"]

    def test_it_refuses_what_is_neither_yes_nor_no(self) -> None:
        for wanted in ("", "YES", "1", "\x00", "x" * 5000):
            self.assertEqual(self.tap(self.bob, wanted), 422)
        self.assertFalse(Favourite.objects.exists())

    def test_it_keeps_one_however_often_it_is_tapped(self) -> None:
        for _ in range(2):
            self.assertEqual(self.tap(self.bob), 302)
        self.assertEqual(self.shown(self.bob), [self.tune])
        self.assertEqual(Favourite.objects.count(), 1)
        for _ in range(2):
            self.assertEqual(self.tap(self.bob, "no"), 302)
        self.assertEqual(self.shown(self.bob), [])

    def test_it_tells_on_the_tunes_page_whose_heart_it_has(self) -> None:
        self.tap(self.bob)
        self.assertTrue(self.bob.get(self.tune.get_absolute_url()).context["standing"].favourite)
        self.assertFalse(self.alice.get(self.tune.get_absolute_url()).context["standing"].favourite)

    def test_it_takes_no_unfinished_and_no_unseen_tune(self) -> None:
        self.assertEqual(self.tap(self.bob, tune=a_queued_tune(self.alice)), 403)
        for changes in ({"hidden": True}, {"deleted": timezone.now()}, {"visibility": "private"}):
            self.assertEqual(self.tap(self.bob, tune=a_gallery_tune(self.alice, **changes)), 404)
        self.assertFalse(Favourite.objects.exists())

    def test_it_keeps_an_unlisted_one_and_drops_what_is_out_of_sight(self) -> None:
        self.tap(self.bob)
        for changes, seen in (
            ({"visibility": "unlisted"}, True),
            ({"visibility": "private"}, False),
            ({"visibility": "public", "hidden": True}, False),
            ({"hidden": False, "deleted": timezone.now()}, False),
            ({"deleted": None}, True),
        ):
            Tune.objects.filter(pk=self.tune.pk).update(**changes)
            with self.subTest(**changes):
                self.assertEqual(bool(self.shown(self.bob)), seen)

    def test_it_goes_back_page_by_page_and_refuses_a_forged_cursor(self) -> None:
        tunes = [a_gallery_tune(self.alice) for _ in range(5)]
        for tune in tunes:
            self.tap(self.bob, tune=tune)
        with mock.patch("webapp.ratings.selectors.PAGE_FAVOURITES", 2):
            seen, cursor = [], ""
            while True:
                context = self.bob.get("/my/favourites/", {"after": cursor} if cursor else {}).context
                seen += context["page"]
                cursor = context["next_cursor"]
                if not cursor:
                    break
        self.assertEqual(seen, tunes[::-1])
        for forged in ("x", "\x00", "W10:1:2"):
            self.assertEqual(self.bob.get("/my/favourites/", {"after": forged}).status_code, 404)

    def test_it_asks_as_much_for_one_as_for_twenty(self) -> None:
        self.tap(self.bob)
        with self.assertNumQueries(2):
            self.bob.get("/my/favourites/")
        for _ in range(19):
            self.tap(self.bob, tune=a_gallery_tune(self.alice))
        with self.assertNumQueries(2):
            self.bob.get("/my/favourites/")

    def test_it_warms_a_tune_once_and_cools_it_when_taken_back(self) -> None:
        cold = Entry.objects.get(tune=self.tune).trending
        self.tap(self.alice)  # her own
        self.assertEqual(Entry.objects.get(tune=self.tune).trending, cold)
        self.tap(self.alice, "no")
        self.tap(self.bob)
        warm = Entry.objects.get(tune=self.tune).trending
        self.assertGreater(warm, cold)
        self.tap(self.bob)
        self.assertEqual(Entry.objects.get(tune=self.tune).trending, warm)
        self.tap(self.bob, "no")
        self.assertAlmostEqual(Entry.objects.get(tune=self.tune).trending, cold)

    def test_it_warms_a_tune_by_the_first_stars_of_a_listener_alone(self) -> None:
        with mock.patch("webapp.ratings.services.tune_warm") as warm:
            for stars in (3, 5):
                self.bob.post(f"/tunes/{self.tune.pk}/rate/", {"stars": stars})
        warm.assert_called_once_with(tune=self.tune.pk, weight=1)
        self.assertEqual(Rating.objects.get().stars, 5)

    def test_it_brings_a_browsers_favourites_to_the_account_each_once(self) -> None:
        other = a_ready_tune(self.alice)
        account = an_account("bob")
        for person, tune in ((self.bob, self.tune), (self.bob, other), (account, self.tune)):
            self.tap(person, tune=tune)
        listener_adopt(key=self.bob.listener.key, profile=account.profile)
        self.assertCountEqual(self.shown(account), [self.tune, other])
        self.assertEqual(Favourite.objects.count(), 2)
