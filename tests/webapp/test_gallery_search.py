"""Searches for words, the same on SQLite and PostgreSQL, with every sign that means something to either."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

from django.db import ProgrammingError
from django.test import Client, SimpleTestCase, TestCase
from django.utils import timezone

from tests.builders import an_account
from tests.webapp.gallery_asking import named, titles
from webapp.gallery.correcting import distance
from webapp.gallery.entries import MOST_LETTERS
from webapp.gallery.query import Query, QueryError, query_from
from webapp.gallery.search.indexes import NoExtension, search_made
from webapp.gallery.selectors import gallery_page
from webapp.gallery.services import entries_refresh, words_recount
from webapp.gallery.words import asked_words, words_of
from webapp.talk.models import Comment
from webapp.tunes.models import Tag

METACHARACTERS = "' \" % _ \\ * : ( ) ^ - + & | ! < > { } [ ] ; , . / ? @ # $ = ~ `".split()
OPERATORS = ("NEAR", "AND", "OR", "NOT", "a AND b", "NEAR(a b)", "words:lantern", "' OR 1=1 --", "lan*", "^lantern",
             "\\", "'; DROP TABLE gallery_entry; --", "a''b", '"""', "%s %(x)s", "{}", "$$", "=key:D",
             "#rain")  # fmt: skip


class WordsTest(TestCase):
    def test_it_finds_titles_prompts_tags_makers_and_comments(self) -> None:
        tune = named("The Lantern", prompt="stormy crossing", by=an_account("wren"))
        tune.tags.add(Tag.objects.create(name="wedding set"))
        Comment.objects.create(tune=tune, text="My grandmother hummed it")
        Comment.objects.create(tune=tune, text="unkindness", hidden=True)
        Comment.objects.create(tune=tune, text="regretted", deleted=True)
        named("Other")
        entries_refresh(tunes=[tune.pk])
        for words in ("lantern", "crossing stormy", "wedding", "wren", "grandmother lantern", "GRANDMOTHER"):
            with self.subTest(words):
                self.assertEqual(titles(words=words), ["The Lantern"])
        for words in ("unkindness", "regretted", "lantern other"):
            with self.subTest(words):
                self.assertEqual(titles(words=words), [])

    def test_long_talk_makes_no_endless_list_of_words(self) -> None:
        tune = named("The Lantern")
        moment = timezone.now()
        for number in range(30):
            text = "".join(chr(0x4E00 + letter * (number + 1) % 20_000) for letter in range(2000))
            Comment.objects.create(tune=tune, text=text, created=moment - timedelta(minutes=number))
        Comment.objects.create(tune=tune, text="grandmother", created=moment + timedelta(minutes=1))
        entries_refresh(tunes=[tune.pk])
        self.assertLess(len(tune.entry.words), 10 * MOST_LETTERS)
        self.assertEqual(titles(words="grandmother"), ["The Lantern"])

    def test_it_wants_all_words_and_takes_the_last_as_a_beginning(self) -> None:
        named("Lantern Hill"), named("Lantern Shore")
        self.assertEqual(titles(words="lantern"), ["Lantern Hill", "Lantern Shore"])
        self.assertEqual(titles(words="lantern hil"), ["Lantern Hill"])
        self.assertEqual(titles(words="shore lan"), ["Lantern Shore"])
        self.assertEqual(titles(words="antern"), ["Lantern Hill", "Lantern Shore"], "nearest known word")

    def test_it_overlooks_accents_case_and_apostrophes(self) -> None:
        named("Ó Néill’s Ceilidh"), named("Grüße aus Köln"), named("Niño")
        for words, title in (("o neills", "Ó Néill’s Ceilidh"), ("NÉILL'S", "Ó Néill’s Ceilidh"),
                             ("koln", "Grüße aus Köln"), ("GRUSSE", "Grüße aus Köln"), ("nino", "Niño"),
                             ("Nin\u0303o", "Niño")):  # fmt: skip
            with self.subTest(words):
                self.assertEqual(titles(words=words), [title])

    def test_it_finds_a_part_of_a_chinese_or_japanese_sentence(self) -> None:
        named("雨后的灯笼"), named("静かな海")
        for words, title in (
            ("灯笼", "雨后的灯笼"),
            ("灯", "雨后的灯笼"),
            ("后的灯", "雨后的灯笼"),
            ("静か", "静かな海"),
            ("海", "静かな海"),
        ):
            with self.subTest(words):
                self.assertEqual(titles(words=words), [title])
        self.assertEqual(titles(words="笼灯"), [])

    def test_it_finds_pictures_and_writing_from_right_to_left(self) -> None:
        named("Fiddle 🎻 night"), named("שלום עולם"), named("لحن حزين")
        self.assertEqual(titles(words="🎻"), ["Fiddle 🎻 night"])
        self.assertEqual(titles(words="שלום"), ["שלום עולם"])
        self.assertEqual(titles(words="حزين"), ["لحن حزين"])
        self.assertEqual(titles(words="🎹"), [])

    def test_it_corrects_a_mistyped_word_and_says_so(self) -> None:
        for title in ("The Lantern", "A Stormy Crossing", "Reel", "Jig", "Jog"):
            named(title)
        named("Reel Again"), named("Jig Again")
        words_recount()
        for typed, meant in (("lantren", "lantern"), ("lanttern", "lantern"), ("lntern", "lantern"),
                             ("reeel", "reel"), ("lamtern", "lantern"), ("jqg", "jig"),
                             ("stromy crosing", "stormy crossing")):  # fmt: skip
            with self.subTest(typed):
                page = gallery_page(Query(words=typed))
                self.assertEqual(page.corrected, meant)
                self.assertTrue(page.tunes)

    def test_it_leaves_what_is_known_as_it_was_typed(self) -> None:
        named("The Lantern"), named("The Lanterns")
        page = gallery_page(Query(words="THE lantrens"))
        self.assertEqual((page.corrected, len(page.tunes)), ("THE lanterns", 1))
        self.assertEqual(gallery_page(Query(words="lanter")).corrected, "")
        self.assertEqual(gallery_page(Query(words="xylophonist")), gallery_page(Query(words="qqqqqqqq")))
        self.assertEqual(gallery_page(Query(words="xylophonist")).tunes, [])

    def test_it_takes_no_sign_for_an_operator(self) -> None:
        named("The Lantern", prompt="and or not near words")
        for words in (*METACHARACTERS, *OPERATORS, *(f"lantern{sign}" for sign in METACHARACTERS)):
            with self.subTest(words):
                answer = Client().get("/gallery/", {"words": words})
                self.assertEqual(answer.status_code, 200)
        for sign in METACHARACTERS:
            self.assertEqual(titles(words=sign), [], sign)
            self.assertEqual(titles(words=f"lantern {sign}"), ["The Lantern"], sign)
        self.assertEqual(titles(words="=key:D"), [])
        self.assertEqual(titles(words="NOT lantern"), ["The Lantern"])

    def test_it_refuses_what_nobody_types(self) -> None:
        for words in ("x" * 10_000, "lantern\x00", "\ud800", "a " * 101):
            with self.assertRaises(QueryError):
                query_from({"words": words})
        self.assertEqual(titles(words="lantern " * 20), [])

    def test_it_bears_every_character_there_is(self) -> None:
        named("The Lantern")
        for start in range(1, 0x3000, 150):
            words = "".join(chr(code) for code in range(start, start + 150))
            gallery_page(Query(words=words)), gallery_page(Query(tag=words[:40]))


class ExtensionTest(SimpleTestCase):
    def test_it_says_whom_to_ask_where_postgresql_lets_this_user_add_no_extension(self) -> None:
        refusing = mock.MagicMock(vendor="postgresql")
        cursor = refusing.cursor.return_value.__enter__.return_value
        cursor.fetchone.return_value = None
        cursor.execute.side_effect = [None, ProgrammingError("permission denied")]
        with self.assertRaisesMessage(NoExtension, "Have its administrator run CREATE EXTENSION pg_trgm;"):
            search_made(refusing)


class WordsOfTest(SimpleTestCase):
    def test_it_reads_words(self) -> None:
        for text, words in (("The Lantern's 2nd tide!", ["the", "lanterns", "2nd", "tide"]), ("a_b-c", ["a", "b", "c"]),
                            ("Ça va, Ærø?", ["ca", "va", "ærø"]), ("x" * 99, ["x" * 40]), ("...", []),
                            ("海へ", ["海", "へ", "海へ"]), ("ﬁn ½", ["fin", "1", "2"])):  # fmt: skip
            with self.subTest(text[:10]):
                self.assertEqual(words_of(text), words)

    def test_it_asks_for_pairs_of_chinese_signs(self) -> None:
        self.assertEqual(asked_words("灯笼 海 tide tide"), ["灯笼", "海", "tide"])

    def test_it_counts_letters_that_differ(self) -> None:
        for one, other, off in (("reel", "reel", 0), ("reel", "rele", 1), ("reel", "rel", 1), ("reel", "rail", 2),
                                ("ab", "abcdef", 3), ("", "", 0), ("lantern", "kettle", 3)):  # fmt: skip
            self.assertEqual(distance(one, other, 2), off)
