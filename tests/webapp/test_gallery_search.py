"""Searches of the gallery, the same on SQLite and PostgreSQL: words, melodies, filters; and who must not be found."""

from __future__ import annotations

from unittest import mock

from django.db import ProgrammingError
from django.test import Client, SimpleTestCase, TestCase
from django.utils import timezone

from tests.builders import ABC, Person, a_gallery_tune, an_account
from webapp.gallery.correcting import distance
from webapp.gallery.query import Query, QueryError, query_from
from webapp.gallery.search.indexes import NoExtension, search_made
from webapp.gallery.selectors import gallery_page
from webapp.gallery.services import entries_refresh, words_recount
from webapp.gallery.words import asked_words, words_of
from webapp.talk.models import Comment
from webapp.tunes.keeping import tune_delete, tune_describe, tune_show, tune_undelete, tunes_hide
from webapp.tunes.models import Status, Tag, Tune, Visibility

# The notes of ABC are D F A B G B A B A F F D …, so its steps begin 2 2 1 -2 2 -1 …
METACHARACTERS = "' \" % _ \\ * : ( ) ^ - + & | ! < > { } [ ] ; , . / ? @ # $ = ~ `".split()
OPERATORS = ("NEAR", "AND", "OR", "NOT", "a AND b", "NEAR(a b)", "words:lantern", "' OR 1=1 --", "lan*", "^lantern",
             "\\", "'; DROP TABLE gallery_entry; --", "a''b", '"""', "%s %(x)s", "{}", "$$", "=key:D",
             "#rain")  # fmt: skip


def titles(**asked: object) -> list[str]:
    return sorted(tune.title for tune in gallery_page(Query(**asked)).tunes)


def named(title: str, **changes: object) -> Tune:
    plain = {"prompt": "a prompt", "abc": ABC.replace("The Lantern at Low Tide", title)}
    return a_gallery_tune(changes.pop("by", None) or Person("maker"), title=title, **(plain | changes))


class WordsTest(TestCase):
    def test_it_finds_titles_prompts_tags_makers_and_comments(self) -> None:
        tune = named("The Lantern", prompt="stormy crossing", by=an_account("Morag"))
        tune.tags.add(Tag.objects.create(name="wedding set"))
        Comment.objects.create(tune=tune, text="My grandmother hummed it")
        Comment.objects.create(tune=tune, text="unkindness", hidden=True)
        Comment.objects.create(tune=tune, text="regretted", deleted=True)
        named("Other")
        entries_refresh(tunes=[tune.pk])
        for words in ("lantern", "crossing stormy", "wedding", "morag", "grandmother lantern", "GRANDMOTHER"):
            with self.subTest(words):
                self.assertEqual(titles(words=words), ["The Lantern"])
        for words in ("unkindness", "regretted", "lantern other"):
            with self.subTest(words):
                self.assertEqual(titles(words=words), [])

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


class MelodyTest(TestCase):
    def found(self, notes: str) -> list[str]:
        return titles(**{name: getattr(query_from({"notes": notes}), name) for name in ("notes", "melody")})

    def test_it_finds_a_melody_in_any_key_and_rhythm(self) -> None:
        named("Lantern"), named("Steps", abc="X:1\nM:4/4\nL:1/4\nK:C\nCDEF|GABc|\n")
        for notes in ("D F A B", "E G B c", "DFABGBABA", "d2f/ a>b | g", "B G B A B A F D d f g f e e d c d"):
            with self.subTest(notes):
                self.assertEqual(self.found(notes), ["Lantern"])
        for notes in ("CDEF", "cdefg", "F G A B c d e", "C D E F G A B c"):
            with self.subTest(notes):
                self.assertEqual(self.found(notes), ["Steps"])

    def test_it_looks_for_the_notes_in_their_order(self) -> None:
        named("Lantern")
        for notes in ("A F B D", "G A F D", "D F A B G B A B B", "DFAd", "ccccc", "c" * 64):
            with self.subTest(notes):
                self.assertEqual(self.found(notes), [])

    def test_it_merges_ties_and_skips_rests_and_does_not_unfold_repeats(self) -> None:
        named("Tied", abc="X:1\nM:4/4\nL:1/4\nK:G\nGA-|ABz|c2:|\n")
        self.assertEqual(self.found("G A B c"), ["Tied"])
        self.assertEqual(self.found("G A A B c"), [])
        self.assertEqual(self.found("B c G A"), [])

    def test_it_knows_a_leap_down_from_one_up(self) -> None:
        named("Leaps", abc="X:1\nM:4/4\nL:1/4\nK:C\nC,,c''C,,c''|GGGG|\n")
        self.assertEqual(self.found("C,, c'' C,, c''"), ["Leaps"])
        self.assertEqual(self.found("c'' C,, c'' C,,"), [])
        self.assertEqual(self.found("aaaa"), ["Leaps"])

    def test_it_finds_a_tune_without_readable_music_by_its_words_alone(self) -> None:
        named("Broken", abc="X:1\nthis is no tune")
        self.assertEqual(titles(words="broken"), ["Broken"])
        self.assertEqual(self.found("DFAd"), [])

    def test_it_finds_words_and_melody_together(self) -> None:
        named("Lantern"), named("Harbour")
        self.assertEqual(titles(words="harbour", melody=(2, 2, 1)), ["Harbour"])


class FiltersTest(TestCase):
    def setUp(self) -> None:
        self.alice = an_account("alice")
        self.reel = named(
            "Reel", by=self.alice, valence=0.5, arousal=0.25, composer="transformer",
            conditions={"key": "D", "mode": "major", "meter": "4/4", "rhythm": "reel", "bars": 16, "style": "hopeful"},
        )  # fmt: skip
        self.slip = named(
            "Slip jig", valence=-0.5, arousal=-1, composer="folkrnn",
            abc="X:1\nT:A \"Quoted\" title\nM:9/8\nL:1/8\nK:Bb\nBcd|\n",
            conditions={"key": "Bb", "mode": "dorian", "meter": "9/8", "rhythm": "slip jig", "bars": 32,
                        "style": "march home"},
        )  # fmt: skip

    def test_it_filters_by_each_condition(self) -> None:
        for name, reel, slip in (("key", "D", "Bb"), ("mode", "major", "dorian"), ("meter", "4/4", "9/8"),
                                 ("rhythm", "reel", "slip jig"), ("style", "hopeful", "march home"),
                                 ("composer", "transformer", "folkrnn"), ("chords", True, False),
                                 ("valence", (0.5, 1.0), (-1.0, -0.5)), ("arousal", (0.0, 0.25), (-1.0, 0.24)),
                                 ("bars_low", None, 17), ("bars_high", 31, None)):  # fmt: skip
            for value, title in ((reel, "Reel"), (slip, "Slip jig")):
                if value is not None:
                    with self.subTest(name, value=value):
                        self.assertEqual(titles(**{name: value}), [title])

    def test_it_filters_by_maker_and_by_tag(self) -> None:
        self.reel.tags.add(Tag.objects.create(name="sea shanty"), Tag.objects.create(name="sea"))
        self.slip.tags.add(Tag.objects.create(name="shanty"))
        entries_refresh(tunes=[self.reel.pk, self.slip.pk])
        self.assertEqual(titles(maker=self.alice.profile.slug), ["Reel"])
        self.assertEqual(titles(maker="nobody"), [])
        for tag, found in (
            ("sea shanty", ["Reel"]),
            ("sea", ["Reel"]),
            ("shanty", ["Slip jig"]),
            ("se", []),
            ("%", []),
        ):
            with self.subTest(tag):
                self.assertEqual(titles(tag=tag), found)

    def test_it_takes_all_filters_together(self) -> None:
        both = {
            "mode": "major",
            "key": "D",
            "valence": (0.4, 0.6),
            "words": "reel",
            "melody": (2, 2, 1),
            "bars_low": 16,
        }
        self.assertEqual(titles(**both), ["Reel"])
        self.assertEqual(titles(**both, meter="9/8"), [])
        self.assertEqual(titles(mode="major", rhythm="slip jig"), [])

    def test_it_finds_the_same_whichever_way_the_database_goes(self) -> None:
        """On PostgreSQL a walk that ends at once leaves everything to the index."""
        asked = [{"key": "D"}, {"words": "slip"}, {"tag": "x"}, {"melody": (2, 2, 1)}, {"valence": (-1.0, 0.0)},
                 {"chords": False}, {"words": "reel", "key": "D", "bars_high": 20}, {"words": "a prom"}]  # fmt: skip
        for sort in ("newest", "best", "trending", "remixed"):
            walked = [gallery_page(Query(**one, sort=sort)) for one in asked]
            with mock.patch.multiple("webapp.gallery.search.postgres", WALK_IN_INDEX=0, WALK_IN_ROWS=0):
                self.assertEqual([gallery_page(Query(**one, sort=sort)) for one in asked], walked)


class WhoIsFoundTest(TestCase):
    """Every way to ask, for a tune that nobody else may come across."""

    def setUp(self) -> None:
        self.alice = an_account("alice")
        self.tune = named("The Lantern", by=self.alice, prompt="unmistakable", conditions={"key": "F#"})
        self.tune.tags.add(Tag.objects.create(name="secret"))
        entries_refresh(tunes=[self.tune.pk])
        self.asked = [{"words": "lantern"}, {"words": "unmistak"}, {"words": "lantren"}, {"words": "secret"},
                      {"words": "alice"}, {"tag": "secret"}, {"melody": (2, 2, 1)}, {"key": "F#"},
                      {"maker": self.alice.profile.slug}, {}]  # fmt: skip

    def assert_found(self, found: bool) -> None:
        for asked in self.asked:
            with self.subTest(str(asked)):
                page = gallery_page(Query(**asked))
                self.assertEqual([tune.pk for tune in page.tunes], [self.tune.pk] if found else [])
                if not found:
                    self.assertEqual(page.corrected, "", "not even its words are known")

    def test_it_finds_a_public_one(self) -> None:
        self.assert_found(True)

    def test_it_loses_what_is_no_longer_public_at_once(self) -> None:
        for visibility in (Visibility.DRAFT, Visibility.PRIVATE, Visibility.UNLISTED):
            tune_show(tune=self.tune, listener=self.alice.listener, visibility=visibility)
            self.assert_found(False)
            tune_show(tune=self.tune, listener=self.alice.listener, visibility=Visibility.PUBLIC)
            self.assert_found(True)

    def test_it_loses_what_is_hidden_or_deleted_at_once(self) -> None:
        tunes_hide(tunes=[self.tune.pk], hidden=True)
        self.assert_found(False)
        tunes_hide(tunes=[self.tune.pk], hidden=False)
        self.assert_found(True)
        tune_delete(tune=self.tune, listener=self.alice.listener)
        self.assert_found(False)
        tune_undelete(tune=self.tune, listener=self.alice.listener)
        self.assert_found(True)

    def test_it_never_knew_what_was_never_public(self) -> None:
        for change in ({"visibility": Visibility.UNLISTED}, {"hidden": True}, {"deleted": timezone.now()},
                       {"status": Status.FAILED}):  # fmt: skip
            named("Hushed", **change)
        self.assertEqual(titles(words="hushed"), [])

    def test_it_forgets_an_old_name(self) -> None:
        tune_describe(tune=self.tune, listener=self.alice.listener, title="The Kettle", tags=["tea"])
        self.assertEqual(titles(words="kettle"), ["The Kettle"])
        self.assertEqual(titles(tag="tea"), ["The Kettle"])
        self.assertEqual(titles(words="lantern"), [])
        self.assertEqual(titles(tag="secret"), [])

    def test_it_forgets_at_night_the_words_that_are_in_no_tune(self) -> None:
        tunes_hide(tunes=[self.tune.pk], hidden=True)
        named("The Lanturn")
        words_recount()
        self.assertEqual(gallery_page(Query(words="lantern")).corrected, "lanturn")


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
