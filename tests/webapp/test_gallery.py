"""The gallery: what its makers put there, newest first, page by page; and stars."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

from django.contrib.admin.utils import quote
from django.contrib.auth.models import User
from django.test import Client, TestCase
from django.utils import timezone

from tests.builders import Person, a_gallery_tune, a_queued_tune, a_ready_tune
from webapp.gallery.selectors import liked_tunes
from webapp.ratings.models import Rating
from webapp.tunes.models import Status, Tune
from webapp.tunes.opening import opening_of


class GalleryTest(TestCase):
    def setUp(self) -> None:
        self.alice = Person("alice")

    def walk(self) -> list[str]:
        seen, where = [], "/gallery/"
        while where:
            context = Client().get(where).context
            seen += [tune.pk for tune in context["page"]]
            where = f"/gallery/?after={context['next_cursor']}" if context["next_cursor"] else ""
        return seen

    def test_it_has_no_page_for_a_forged_cursor(self) -> None:
        for cursor in ("x", "\x00", "W10:1:2", "x" * 5000, "%ED%A0%80", "🎻"):
            with self.subTest(cursor[:20]):
                self.assertEqual(Client().get("/gallery/", {"after": cursor}).status_code, 404)

    def test_it_shows_only_what_was_published_is_ready_and_not_hidden(self) -> None:
        shown = a_gallery_tune(self.alice)
        a_ready_tune(self.alice)
        a_gallery_tune(self.alice, hidden=True)
        a_gallery_tune(self.alice, status=Status.CANCELLED)
        self.assertEqual(self.walk(), [shown.pk])

    @mock.patch("webapp.gallery.selectors.PAGE_TUNES", 3)
    def test_it_walks_newest_first_missing_and_doubling_none(self) -> None:
        now = timezone.now()
        # Some share a moment to the microsecond: what came last then goes first.
        tunes = [a_gallery_tune(Person("p"), published=now - timedelta(seconds=n // 3)) for n in range(10)]
        expected = [t.pk for t in sorted(tunes, key=lambda t: (t.published, t.entry.pk), reverse=True)]
        self.assertEqual(self.walk(), expected)

    @mock.patch("webapp.gallery.selectors.PAGE_TUNES", 2)
    def test_it_keeps_its_place_when_new_tunes_arrive(self) -> None:
        now = timezone.now()
        old = [a_gallery_tune(self.alice, published=now - timedelta(seconds=n)) for n in range(4)]
        cursor = Client().get("/gallery/").context["next_cursor"]
        a_gallery_tune(self.alice, published=now + timedelta(seconds=9))
        page = Client().get("/gallery/", {"after": cursor}).context["page"]
        self.assertEqual([tune.pk for tune in page], [old[2].pk, old[3].pk])

    def test_it_lets_staff_hide_and_show(self) -> None:
        tune = a_gallery_tune(self.alice)
        staff = Client()
        staff.force_login(User.objects.create_superuser("dana"))
        for action, shown in (("hide", []), ("restore", [tune.pk])):
            answer = staff.post("/admin/tunes/tune/", {"action": action, "_selected_action": [tune.pk]})
            self.assertEqual(answer.status_code, 302)
            self.assertEqual(self.walk(), shown)

    def test_it_changes_nothing_but_hidden_from_the_admin_page(self) -> None:
        tune = a_gallery_tune(self.alice)
        staff = Client()
        staff.force_login(User.objects.create_superuser("dana"))
        where = f"/admin/tunes/tune/{quote(tune.pk)}/change/"
        self.assertEqual(staff.post(where, {"hidden": "on", "title": "Other", "status": "failed"}).status_code, 302)
        tune.refresh_from_db()
        self.assertEqual((tune.hidden, tune.title, tune.status), (True, "The Lantern at Low Tide", Status.READY))

    def test_it_opens_the_admin_pages(self) -> None:
        tune = a_gallery_tune(self.alice)
        staff = Client()
        staff.force_login(User.objects.create_superuser("dana"))
        for where in ("/admin/", "/admin/tunes/tune/", f"/admin/tunes/tune/{quote(tune.pk)}/change/"):
            self.assertEqual(staff.get(where).status_code, 200)

    def test_it_puts_the_best_liked_of_today_first(self) -> None:
        low = a_gallery_tune(self.alice, stars_sum=2, stars_count=2)
        high = a_gallery_tune(self.alice, stars_sum=20, stars_count=4)
        old = a_gallery_tune(self.alice, published=timezone.now() - timedelta(days=3), stars_sum=50, stars_count=10)
        self.assertEqual([tune.pk for tune in liked_tunes()], [high.pk, low.pk, old.pk])


class OpeningTest(TestCase):
    HEAD = "X:1\nT:A\nM:6/8\nL:1/8\nK:D"

    def opening(self, body: str) -> str:
        opening = opening_of(f"{self.HEAD}\n{body}\n")
        self.assertTrue(opening.startswith(self.HEAD + "\n"))
        return opening.removeprefix(self.HEAD + "\n")

    def test_it_takes_two_bars(self) -> None:
        self.assertEqual(self.opening("DFA BGB | ABA F2D | d2f gfe | d3 d3 |]"), "DFA BGB | ABA F2D |")

    def test_it_does_not_count_a_pickup(self) -> None:
        self.assertEqual(self.opening("A | DFA BGB | ABA F2D | d2f gfe |"), "A | DFA BGB | ABA F2D |")

    def test_it_does_not_count_an_opening_repeat(self) -> None:
        self.assertEqual(self.opening("|: DFA BGB | ABA F2D | d2f gfe :|"), "|: DFA BGB | ABA F2D |")

    def test_it_reads_past_chords_and_line_ends(self) -> None:
        self.assertEqual(self.opening('"D"DFA "G/B"BGB |\n"A7"ABA F2D | d2f'), '"D"DFA "G/B"BGB | "A7"ABA F2D |')

    def test_it_has_nothing_of_nothing(self) -> None:
        self.assertEqual(opening_of(""), "")
        self.assertEqual(opening_of(self.HEAD), "")

    def test_it_shows_a_short_tune_whole(self) -> None:
        self.assertEqual(self.opening("DFA BGB |]"), "DFA BGB |")


class StarsTest(TestCase):
    def setUp(self) -> None:
        self.tune = a_gallery_tune(Person("alice"))
        self.bob, self.charlie = Person("bob"), Person("charlie")

    def rate(self, person: Client, stars: object, tune: Tune | None = None) -> int:
        return person.post(f"/tunes/{(tune or self.tune).pk}/rate/", {"stars": stars}).status_code

    def test_it_refuses_six_stars_and_everything_that_is_no_number_of_stars(self) -> None:
        for stars in (6, 0, -1, 10**40, "five", "", "3.5", "\x00", "nan"):
            with self.subTest(str(stars)[:10]):
                self.assertEqual(self.rate(self.bob, stars), 422)
        self.assertFalse(Rating.objects.exists())

    def test_it_takes_one_rating_a_listener_and_lets_them_change_it(self) -> None:
        for stars in (2, 5):
            self.assertEqual(self.rate(self.bob, stars), 302)
        self.rate(self.charlie, 2)
        self.tune.refresh_from_db()
        self.assertEqual((self.tune.stars_count, self.tune.stars_sum, self.tune.stars_average), (2, 7, 3.5))
        self.assertEqual(self.bob.get(f"/tunes/{self.tune.pk}/").context["my_stars"], 5)
        self.assertIsNone(Person("wren").get(f"/tunes/{self.tune.pk}/").context["my_stars"])

    def test_it_rates_no_unfinished_and_no_hidden_tune(self) -> None:
        self.assertEqual(self.rate(self.bob, 3, a_queued_tune(Person("alice"))), 403)
        self.assertEqual(self.rate(self.bob, 3, a_gallery_tune(Person("alice"), hidden=True)), 404)
