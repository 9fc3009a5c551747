"""What the gallery is sorted by, how it pages, and that its rows follow what happens to tunes."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

from django.core import signing
from django.core.management import call_command
from django.http import Http404
from django.test import TestCase
from django.utils import timezone

from generator import melody_steps
from tests.builders import Person, a_gallery_tune, a_moderator, an_account
from webapp.gallery import ranking, tasks
from webapp.gallery.melodies import letters_of
from webapp.gallery.models import Entry, Mean, Word
from webapp.gallery.query import SORTS, Query
from webapp.gallery.selectors import SALT, gallery_page, liked_tunes
from webapp.gallery.services import entries_refresh, mean_stars, stars_refresh, tune_warm
from webapp.moderation.services import hide, restore
from webapp.ratings.services import tune_rate
from webapp.tunes.models import Tune

NOW = timezone.now()


def order(sort: str, **asked: object) -> list[str]:
    return [tune.title for tune in gallery_page(Query(sort=sort, **asked)).tunes]


def ago(title: str, days: float = 0, **changes: object) -> Tune:
    return a_gallery_tune(Person("p"), title=title, published=NOW - timedelta(days=days), **changes)


class RankingTest(TestCase):
    def test_it_puts_many_good_stars_before_one_that_is_better(self) -> None:
        ago("one of five", stars_sum=5, stars_count=1)
        ago("fifty of four and a half", stars_sum=225, stars_count=50)
        ago("none")
        ago("one bad", stars_sum=1, stars_count=1)
        self.assertEqual(order("best"), ["fifty of four and a half", "one of five", "none", "one bad"])

    def test_it_ranks_a_tune_by_its_stars_at_once(self) -> None:
        first, second = ago("first"), ago("second")
        tune_rate(tune=first, listener=Person("bob").listener, stars=5)
        tune_rate(tune=second, listener=Person("bob").listener, stars=1)
        self.assertEqual(order("best"), ["first", "second"])
        tune_rate(tune=first, listener=Person("charlie").listener, stars=1)
        tune_rate(tune=first, listener=Person("wren").listener, stars=1)
        self.assertEqual(order("best"), ["second", "first"])

    def test_it_lets_warmth_fade(self) -> None:
        """A star of today weighs as much as two of three days ago."""
        ago("old and once loved", days=30), ago("new", days=1), ago("loved today", days=2)
        tune = Tune.objects.get(title="loved today")
        for _ in range(3):
            tune_warm(tune=tune.pk, weight=1)
        loved = Entry.objects.get(tune__title="old and once loved")
        with mock.patch("webapp.gallery.services.timezone.now", return_value=NOW - timedelta(days=28)):
            for _ in range(100):
                tune_warm(tune=loved.tune_id, weight=2)
        self.assertEqual(order("trending"), ["loved today", "new", "old and once loved"])

    def test_it_adds_warmth_without_ever_overflowing(self) -> None:
        late = ranking.EPOCH + timedelta(days=365 * 300)
        self.assertAlmostEqual(ranking.warmer(3.0, 3.0), 4.0)
        self.assertAlmostEqual(ranking.warmer(1.0, 40000.0), 40000.0)
        twice = ranking.trending(late, [(late, 1.0)])
        self.assertAlmostEqual(twice, ranking.warmth(late, 1.0) + 1)
        self.assertAlmostEqual(ranking.warmth(late, 1.0), ranking.warmth(late - ranking.HALF_LIFE, 2.0))

    def test_it_makes_the_same_warmth_of_what_happened_as_it_happened(self) -> None:
        tune = ago("tune", days=1)
        fresh = Entry.objects.get().trending
        tune_rate(tune=tune, listener=Person("bob").listener, stars=4)
        warm = Entry.objects.get().trending
        self.assertGreater(warm, fresh)
        hide(moderator=a_moderator().user, tune=tune)
        self.assertFalse(Entry.objects.exists())
        restore(moderator=a_moderator().user, tune=tune)
        self.assertAlmostEqual(Entry.objects.get().trending, warm, places=3)

    def test_it_counts_the_tunes_made_from_one_that_anybody_may_come_across(self) -> None:
        parent, other = ago("parent"), ago("other")
        children = [ago(f"child {n}", days=n + 1, parent=parent) for n in range(2)]
        ago("unlisted child", parent=other, visibility="unlisted")
        self.assertEqual(order("remixed")[0], "parent")
        self.assertEqual(list(Entry.objects.order_by("tune__title").values_list("remixes", flat=True)), [0, 0, 0, 2])
        hide(moderator=a_moderator().user, tune=children[0])
        self.assertEqual(parent.entry.__class__.objects.get(tune=parent).remixes, 1)

    def test_it_sorts_whatever_else_is_asked(self) -> None:
        ago("a", days=1, stars_sum=5, stars_count=1), ago("b", days=2, stars_sum=1, stars_count=1), ago("c", days=3)
        self.assertEqual(order("newest", melody=(2, 2, 1)), ["a", "b", "c"])
        self.assertEqual(order("best", melody=(2, 2, 1), valence=(-1.0, 1.0)), ["a", "c", "b"])

    def test_it_likes_todays_best_first_and_fills_up_with_the_best_of_all(self) -> None:
        ago("best of all", days=9, stars_sum=250, stars_count=50), ago("today"), ago("older", days=3)
        self.assertEqual([tune.title for tune in liked_tunes(2)], ["today", "best of all"])
        self.assertEqual([tune.title for tune in liked_tunes()], ["today", "best of all", "older"])
        with self.assertNumQueries(3):
            liked_tunes()

    def test_it_moves_the_mean_at_night_when_it_is_worth_it(self) -> None:
        self.assertEqual(mean_stars(), ranking.USUAL_STARS)
        ago("rated", stars_sum=50, stars_count=10), ago("not rated")
        tasks.recount()
        self.assertEqual(mean_stars(), 5.0)
        self.assertEqual(Entry.objects.get(tune__title="not rated").best, 5.0)
        self.assertEqual(Word.objects.get(word="rated").uses, 2)
        Tune.objects.filter(title="rated").update(stars_sum=499, stars_count=100)
        tasks.recount()
        self.assertEqual(mean_stars(), 5.0, "a hundredth of a star is seen by nobody")
        self.assertEqual(Mean.objects.count(), 1)


@mock.patch("webapp.gallery.selectors.PAGE_TUNES", 3)
class PagingTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        for number in range(11):
            stars = number % 4
            ago(f"tune {number}", days=number // 2, stars_sum=stars * 4, stars_count=stars)

    def walk(self, query: Query) -> list[str]:
        seen, cursor = [], None
        while cursor != "":
            page = gallery_page(query, cursor or "")
            seen += [tune.pk for tune in page.tunes]
            cursor = page.next_cursor
        return seen

    def test_it_comes_by_every_tune_once_in_every_order(self) -> None:
        for sort in SORTS:
            for asked in (
                {},
                {"words": "tune"},
                {"melody": (2, 2, 1)},
                {"key": Tune.objects.first().conditions["key"]},
            ):
                with self.subTest(sort, **asked):
                    whole = gallery_page(Query(sort=sort, **asked))
                    seen = self.walk(Query(sort=sort, **asked))
                    self.assertEqual(seen[:3], [tune.pk for tune in whole.tunes])
                    self.assertEqual((len(seen), len(set(seen))), (11, 11))

    def test_it_has_no_page_for_a_forged_cursor_or_another_querys(self) -> None:
        real = gallery_page(Query()).next_cursor
        forged = [
            "x", "\x00", real[:-1], real + "x", real.upper(), "x" * 10_000, "\ud800", "🎻", "' OR 1=1",
            signing.dumps([1, 2, 3], salt="another"), signing.dumps("no list", salt=SALT), signing.dumps([], salt=SALT),
            signing.dumps(7, salt=SALT), signing.dumps({"a": 1}, salt=SALT),
        ]  # fmt: skip
        for cursor in forged:
            with self.subTest(cursor[:20]), self.assertRaises(Http404):
                gallery_page(Query(), cursor)
        for query in (Query(sort="best"), Query(words="tune"), Query(key="D")):
            with self.subTest(query), self.assertRaises(Http404):
                gallery_page(query, real)
        self.assertTrue(gallery_page(Query(), real).tunes)

    def test_it_asks_at_most_five_questions_however_many_tunes(self) -> None:
        for asked in ({}, {"words": "tune"}, {"words": "tune 1"}, {"melody": (2, 2, 1)}, {"key": "Eb"}):
            with self.subTest(asked):
                page = gallery_page(Query(**asked))
                with self.assertNumQueries(FewerThan(6)):
                    gallery_page(Query(**asked), page.next_cursor)

    def test_it_asks_for_a_corrected_word_no_more_than_six(self) -> None:
        with self.assertNumQueries(FewerThan(8)):
            self.assertEqual(gallery_page(Query(words="tnue")).corrected, "tune")


class FewerThan(int):
    """For assertNumQueries: any number below this one."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, int) and other < int(self)

    __hash__ = int.__hash__


class EntriesTest(TestCase):
    def test_it_writes_a_row_in_few_questions_and_none_for_what_is_not_public(self) -> None:
        tunes = [ago(f"tune {n}") for n in range(30)]
        Entry.objects.all().delete()
        with self.assertNumQueries(FewerThan(20)):
            entries_refresh(tunes=[tune.pk for tune in tunes])
        self.assertEqual(Entry.objects.count(), 30)
        entries_refresh(tunes=["no such tune"])
        entries_refresh(tunes=[])

    def test_it_reads_the_music_only_when_it_has_changed(self) -> None:
        tune = ago("tune")
        with mock.patch("webapp.gallery.entries.melody_steps", side_effect=melody_steps) as read:
            entries_refresh(tunes=[tune.pk])
            self.assertEqual(read.call_count, 0)
            Tune.objects.filter(pk=tune.pk).update(abc="X:1\nM:4/4\nL:1/8\nK:C\nCDEF|")
            entries_refresh(tunes=[tune.pk])
            self.assertEqual(read.call_count, 1)
        self.assertEqual(Entry.objects.get().melody, letters_of([1, 1, 1]))

    def test_it_follows_a_star_in_three_questions(self) -> None:
        tune = ago("tune")
        with self.assertNumQueries(FewerThan(6)):
            stars_refresh(tune=tune.pk)

    def test_it_fills_an_empty_gallery_from_what_is_public(self) -> None:
        ago("a"), ago("b"), a_gallery_tune(Person("p"), hidden=True)
        before = list(Entry.objects.order_by("tune").values_list("tune", "words", "melody"))
        Entry.objects.all().delete()
        Word.objects.all().delete()
        call_command("gallery_refresh", verbosity=0)
        self.assertEqual(list(Entry.objects.order_by("tune").values_list("tune", "words", "melody")), before)
        self.assertTrue(Word.objects.exists())

    def test_it_removes_rows_of_tunes_that_are_not_public_any_more(self) -> None:
        tune = ago("a")
        Tune.objects.filter(pk=tune.pk).update(hidden=True)  # behind the services' back
        call_command("gallery_refresh", verbosity=0)
        self.assertFalse(Entry.objects.exists())

    def test_it_calls_a_maker_by_the_new_name(self) -> None:
        alice = an_account("alice")
        tune = a_gallery_tune(alice, owner=alice.profile)
        alice.profile.name = "Wren"
        alice.profile.save()
        entries_refresh(tunes=[tune.pk])
        self.assertEqual(len(gallery_page(Query(words="wren")).tunes), 1)
        self.assertEqual(gallery_page(Query(words="alice")).tunes, [])
