"""The gallery's page: its form, its address, what it says when something is wrong, how much it asks the database."""

from __future__ import annotations

from html.parser import HTMLParser
from unittest import mock
from urllib.parse import parse_qs, urlsplit

from django.db import connection
from django.http import HttpResponse
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext, override_settings

from tests.builders import Person, a_gallery_tune, an_account, assert_plain_words
from webapp.gallery.selectors import GalleryPage
from webapp.gallery.services import entries_refresh
from webapp.tunes.models import Tag, Tune

MOST_QUERIES = 12
REEL_IN_D = {"rhythm": "reel", "key": "D", "mode": "major", "meter": "4/4", "bars": 16}
JIG_IN_G = {"rhythm": "jig", "key": "G", "mode": "dorian", "meter": "6/8", "bars": 32}


def shown(*changes: dict) -> list[Tune]:
    """Tunes in the gallery, each by a maker of its own unless told otherwise."""
    return [a_gallery_tune(Person(f"maker{at}"), **change) for at, change in enumerate(changes)]


class Fields(HTMLParser):
    """What the form would send: names and values of its fields."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self.select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("name"):
            self.sent[given["name"]] = given.get("value") or ""
        elif tag == "select":
            self.select = given.get("name") or ""
            self.sent.setdefault(self.select, "")
        elif tag == "option" and "selected" in given:
            self.sent[self.select] = given.get("value") or ""


def sent_by(answer: HttpResponse) -> dict[str, str]:
    html = answer.content.decode()
    start = html.index("<form", html.index('id="content"'))
    fields = Fields(html[start : html.index("</form>", start)]).sent
    return {name: value for name, value in fields.items() if value}


class BadInputTest(TestCase):
    def ask(self, **params: str) -> HttpResponse:
        return Client().get("/gallery/", params)

    def test_it_says_what_is_wrong_beside_the_field_and_loses_nothing(self) -> None:
        wrong = {
            "words": "w" * 201,
            "notes": "D F",
            "key": "H",
            "mode": "locrian",
            "meter": "13/8",
            "rhythm": "tango",
            "style": "nothing",
            "composer": "bach",
            "bars_low": "many",
            "bars_high": "-1",
            "chords": "perhaps",
            "maker": "no such person!",
            "tag": "t" * 41,
            "valence_low": "sad",
            "arousal_high": "nan",
        }
        for name, value in wrong.items():
            with self.subTest(name):
                answer = self.ask(**{name: value, "rhythm": wrong["rhythm"] if name == "rhythm" else "jig"})
                self.assertEqual(answer.status_code, 422)
                message = answer.context["form"].errors[name]
                assert_plain_words(self, message)
                self.assertContains(answer, "</form>", status_code=422)
                self.assertInHTML(message, answer.content.decode(), count=None)
                self.assertEqual(sent_by(answer)[name], value)
                self.assertEqual(sent_by(answer)["rhythm"], "tango" if name == "rhythm" else "jig")

    def test_it_tells_of_all_that_is_wrong_at_once(self) -> None:
        answer = self.ask(key="H", notes="x", bars_low="9", bars_high="3")
        self.assertEqual(set(answer.context["form"].errors), {"key", "notes", "bars_low"})

    def test_nothing_that_is_typed_is_markup_or_breaks_the_page(self) -> None:
        evil = '"><script>alert(1)</script>'
        for name in ("words", "notes", "key", "tag", "maker", "valence_low", "sort", "after"):
            with self.subTest(name):
                answer = self.ask(**{name: evil})
                self.assertIn(answer.status_code, (200, 404, 422))
                self.assertNotIn(b"<script>alert", answer.content)

    def test_it_takes_every_character_without_falling_over(self) -> None:
        quotes = ("%", "_", "'", '"', "\\", "*", "NEAR(", "a AND", "-", "(" * 50)
        for text in (*quotes, "\x00", "\ufffd", "\u202e", "🎻", "x" * 5000):
            for name in ("words", "notes", "maker", "tag", "composer", "valence_low", "bars_low"):
                with self.subTest(name=name, text=text[:10]):
                    self.assertIn(self.ask(**{name: text}).status_code, (200, 422))

    def test_a_forged_cursor_is_no_page(self) -> None:
        for query in ({}, {"sort": "best"}, {"words": "tide"}):
            self.assertEqual(self.ask(after="forged", **query).status_code, 404)


class AddressTest(TestCase):
    def test_empty_fields_do_not_stay_in_the_address(self) -> None:
        answer = Client().get("/gallery/?words=&key=D&mode=&valence_low=&rhythm=jig&tag=")
        self.assertEqual(parse_qs(urlsplit(answer.url).query), {"key": ["D"], "rhythm": ["jig"]})
        self.assertEqual(Client().get("/gallery/?words=&key=").url, "/gallery/")

    def test_the_form_shows_every_value_of_the_address_again(self) -> None:
        asked = {
            "words": "low tide",
            "notes": "D F A d",
            "valence_low": "-0.5",
            "valence_high": "0.25",
            "arousal_low": "0",
            "arousal_high": "0.75",
            "key": "D",
            "mode": "dorian",
            "meter": "6/8",
            "rhythm": "jig",
            "style": "longing",
            "composer": "transformer",
            "bars_low": "8",
            "bars_high": "32",
            "chords": "yes",
            "tag": "sea",
            "maker": "alice",
            "sort": "best",
        }
        answer = Client().get("/gallery/", asked)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(sent_by(answer), asked)

    def test_it_takes_a_makers_name_as_people_write_it(self) -> None:
        alice = an_account("Alice")
        tune = a_gallery_tune(alice, owner=alice.profile)
        shown({}, {})
        for typed in (alice.profile.name, alice.profile.name.upper(), alice.profile.slug):
            answer = Client().get("/gallery/", {"maker": typed})
            self.assertEqual([found.pk for found in answer.context["page"]], [tune.pk], typed)
            self.assertIn(f"maker={alice.profile.slug}", answer.context["sorts"][1].url)

    def test_each_chip_takes_one_thing_away_and_keeps_the_rest(self) -> None:
        mood, bars = {"valence_low": "0", "valence_high": "1"}, {"bars_low": "8", "bars_high": "16"}
        asked = {"words": "tide", "rhythm": "jig", "sort": "best"} | mood | bars
        chips = Client().get("/gallery/", asked).context["chips"]
        self.assertEqual([chip.label for chip in chips], ["“tide”", "glad", "jig", "8 to 16 bars"])
        for chip, gone in zip(chips, ({"words"}, set(mood), {"rhythm"}, set(bars)), strict=True):
            left = {name: values[0] for name, values in parse_qs(urlsplit(chip.url).query).items()}
            self.assertEqual(left, {name: value for name, value in asked.items() if name not in gone})

    def test_the_orders_are_links_that_keep_what_was_asked(self) -> None:
        sorts = Client().get("/gallery/", {"rhythm": "jig", "sort": "trending"}).context["sorts"]
        self.assertEqual([sort.label for sort in sorts], ["Newest", "Best", "Trending", "Most remixed"])
        self.assertEqual([sort.chosen for sort in sorts], [False, False, True, False])
        self.assertEqual(sorts[0].url, "/gallery/?rhythm=jig")
        for sort in sorts:
            self.assertEqual(Client().get(sort.url).status_code, 200)


class FoundTest(TestCase):
    def test_it_finds_by_each_filter(self) -> None:
        reel, jig = shown(
            {"conditions": REEL_IN_D, "valence": 0.5, "arousal": 0.5, "title": "Herring Boats"},
            {"conditions": JIG_IN_G, "valence": -0.5, "arousal": -0.5, "title": "Lamplight"},
        )
        for asked, expected in (
            ({"words": "herring"}, reel),
            ({"key": "D"}, reel),
            ({"mode": "dorian"}, jig),
            ({"meter": "4/4"}, reel),
            ({"rhythm": "jig"}, jig),
            ({"valence_low": "0", "arousal_low": "0"}, reel),
            ({"valence_high": "0"}, jig),
        ):
            with self.subTest(asked):
                page = Client().get("/gallery/", asked).context["page"]
                self.assertEqual([tune.pk for tune in page], [expected.pk])

    def test_it_shows_music_without_anything_being_asked(self) -> None:
        (tune,) = shown({})
        answer = Client().get("/gallery/")
        self.assertContains(answer, f'data-tune="{tune.pk}"')
        self.assertNotContains(answer, 'class="chips"')
        self.assertNotContains(answer, "<details open")

    def test_where_nothing_is_found_it_offers_what_to_let_go_of(self) -> None:
        shown({"conditions": REEL_IN_D})
        answer = Client().get("/gallery/", {"rhythm": "jig", "key": "G"})
        self.assertContains(answer, "No tune is like that yet.")
        for link in ('<a href="/gallery/?rhythm=jig">Any key</a>', '<a href="/gallery/?key=G">Any rhythm</a>'):
            self.assertContains(answer, link, html=True)

    def test_it_says_which_words_it_searched_for_instead(self) -> None:
        (tune,) = shown({})
        page = GalleryPage([tune], "", "lantern")
        with mock.patch("webapp.gallery.views.gallery_page", return_value=page):
            answer = Client().get("/gallery/", {"words": "lantren"})
        self.assertContains(answer, "Showing results for “lantern”.")
        self.assertEqual(sent_by(answer)["words"], "lantren")

    def test_a_card_leads_to_its_maker_where_there_is_one(self) -> None:
        alice = an_account("Alice")
        a_gallery_tune(alice, owner=alice.profile)
        shown({})
        answer = Client().get("/gallery/")
        self.assertContains(answer, "data-card-maker", count=1)
        self.assertContains(answer, f'href="{alice.profile.get_absolute_url()}"')

    def test_a_card_shows_whether_it_is_a_favourite_of_who_looks(self) -> None:
        (liked, other) = shown({}, {})
        bob = Person("bob")
        bob.post(f"/tunes/{liked.pk}/favourite/", {"favourite": "yes"})
        for who, expected in ((bob, {liked.pk: True, other.pk: False}), (Client(), {liked.pk: False, other.pk: False})):
            page = who.get("/gallery/").context["page"]
            self.assertEqual({tune.pk: tune.standing["favourite"] for tune in page}, expected)

    def test_the_next_page_keeps_what_was_asked(self) -> None:
        shown(*[{"conditions": JIG_IN_G}] * 3, {"conditions": REEL_IN_D})
        with mock.patch("webapp.gallery.selectors.PAGE_TUNES", 2):
            first = Client().get("/gallery/", {"rhythm": "jig"})
            second = Client().get(first.context["older_url"])
        found = [tune.pk for answer in (first, second) for tune in answer.context["page"]]
        self.assertEqual(len(set(found)), 3)
        self.assertEqual(second.context["older_url"], "")
        self.assertTrue(all(Tune.objects.get(pk=pk).conditions["rhythm"] == "jig" for pk in found))


@override_settings(TUNES_PER_MINUTE_ADDRESS=1000)
class QueriesTest(TestCase):
    """However many cards, whoever looks: a page asks the database at most twelve questions."""

    def questions(self, who: Client, **asked: str) -> int:
        who.get("/gallery/", asked)  # a session's first page may have to note something
        with CaptureQueriesContext(
            connection,
        ) as asked_for:
            answer = who.get("/gallery/", asked)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(len(answer.context["page"]), self.cards)
        return len(asked_for)

    def fill(self, cards: int) -> None:
        self.cards = cards
        tag, _ = Tag.objects.get_or_create(name="sea")
        new = cards - Tune.objects.count()
        for at in range(new):
            maker = an_account(f"maker{cards}n{at}")
            tune = a_gallery_tune(maker, owner=maker.profile, conditions=REEL_IN_D, stars_sum=4, stars_count=1)
            tune.tags.add(tag)
        entries_refresh(tunes=list(Tune.objects.values_list("pk", flat=True)))

    def test_it_asks_no_more_for_24_cards_than_for_two_and_never_more_than_twelve(self) -> None:
        bob = an_account("bob")
        everything = {"words": "lantern", "key": "D", "tag": "sea", "valence_low": "-1", "sort": "best"}
        visits = [(who, asked) for who in (Client(), Person("charlie"), bob) for asked in ({}, everything)]
        self.fill(2)
        few = [self.questions(who, **asked) for who, asked in visits]
        self.fill(24)
        many = [self.questions(who, **asked) for who, asked in visits]
        self.assertEqual(few, many)
        self.assertLessEqual(max(many), MOST_QUERIES)
