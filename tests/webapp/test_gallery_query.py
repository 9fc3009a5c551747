"""What is asked of the gallery: read from an address, written back into one, and refused in plain words."""

from __future__ import annotations

from django.http import QueryDict
from django.test import SimpleTestCase
from django.utils.http import urlencode

from tests.builders import assert_plain_words
from webapp.gallery.notes import NotesError, steps_of
from webapp.gallery.query import Query, QueryError, query_from

EVERYTHING = {
    "words": "the lantern at", "notes": "D F A d", "valence_low": "-0.5", "valence_high": "0.25",
    "arousal_low": "0", "arousal_high": "1", "style": "longing", "key": "Bb", "mode": "dorian", "meter": "6/8",
    "rhythm": "slip jig", "composer": "transformer", "maker": "alice-3f", "tag": "rain", "bars_low": "8",
    "bars_high": "32", "chords": "no", "sort": "remixed",
}  # fmt: skip


class QueryTest(SimpleTestCase):
    def test_it_reads_back_what_it_wrote(self) -> None:
        for params in (EVERYTHING, {}, {"valence_high": "-.25"}, {"words": "a&b=c%2B"}, {"chords": "yes"}):
            with self.subTest(params):
                query = query_from(QueryDict(urlencode(params)))
                self.assertEqual(query_from(QueryDict(urlencode(query.params()))), query)
        self.assertEqual(query_from(EVERYTHING).params(), EVERYTHING)

    def test_it_takes_what_is_empty_as_free(self) -> None:
        self.assertEqual(query_from(dict.fromkeys(EVERYTHING, "")), Query())
        self.assertEqual(query_from(dict.fromkeys(EVERYTHING, " \t")), Query())
        self.assertEqual(query_from({"valence_low": "-1", "valence_high": "1"}), Query())
        self.assertEqual(Query().params(), {})

    def test_it_knows_the_ends_of_the_picture_of_moods(self) -> None:
        self.assertEqual(query_from({"valence_low": "0.123456"}).valence, (0.12, 1.0))
        self.assertEqual(query_from({"arousal_high": "-0"}).arousal, (-1.0, 0.0))

    def test_it_refuses_every_bad_value_in_plain_words(self) -> None:
        bad = {
            "valence_low": ("nan", "inf", "-inf", "1e999", "1.01", "left", "0x1", "1" * 5000, "\x00"),
            "arousal_high": ("-2", "NaN", "１e9"),
            "bars_low": ("0", "-4", "99999999999", "8.5", "many", "²", "1e3"),
            "bars_high": ("0", "1" * 5000),
            "style": ("no such style", "' OR 1=1 --"),
            "key": ("H", "d", "C\x00"),
            "mode": ("locrian",),
            "meter": ("7/8",),
            "rhythm": ("tango",),
            "composer": ("bach", "x" * 10_000),
            "maker": ("a/b", "é", "x" * 81, "'"),
            "tag": ("x" * 41, "a\x00"),
            "chords": ("maybe", "1"),
            "sort": ("worst", "best; DROP TABLE tunes_tune"),
            "words": ("x" * 201, "a\x00b", "\ud800"),
            "notes": ("D F A", "hello", "D F A d \x00", "a" * 65, "abcd" * 1000, "🎻🎻🎻🎻"),
        }
        for name, values in bad.items():
            for value in values:
                with self.subTest(name, value=value[:20]), self.assertRaises(QueryError) as caught:
                    query_from({name: value})
                self.assertEqual(list(caught.exception.fields), [name])
                assert_plain_words(self, caught.exception.fields[name])
                self.assertLess(len(caught.exception.fields[name]), 120)

    def test_it_refuses_ends_that_are_crossed(self) -> None:
        with self.assertRaises(QueryError) as caught:
            query_from({"bars_low": "9", "bars_high": "8", "valence_low": "0.5", "valence_high": "0.4"})
        self.assertEqual(set(caught.exception.fields), {"bars_low", "valence_low"})

    def test_it_tells_all_that_is_wrong_at_once(self) -> None:
        with self.assertRaises(QueryError) as caught:
            query_from({"key": "H", "sort": "worst", "notes": "x"})
        self.assertEqual(set(caught.exception.fields), {"key", "sort", "notes"})


class NotesTest(SimpleTestCase):
    def test_it_reads_notes_as_people_type_them(self) -> None:
        for text in ("D F A d", "DFAd", "d f a d'", "D, F, A, d", "D,F,A,D", "^D _F =A d", "D# F♯ Ab d", "D2F/A>d|",
                     "|: DF A2 | z d :|"):  # fmt: skip
            with self.subTest(text):
                self.assertEqual(steps_of(text), (2, 2, 3))

    def test_it_takes_commas_between_notes_for_commas(self) -> None:
        self.assertEqual(steps_of("D, F, A, D"), (2, 2, -4))
        self.assertEqual(steps_of("D F A D,"), (2, 2, -11))

    def test_it_knows_a_flat_from_the_note_b(self) -> None:
        self.assertEqual(steps_of("Bb A G F"), (-1, -1, -1))
        self.assertEqual(steps_of("gabg"), (1, 1, -2))
        self.assertEqual(steps_of("GABb"), (1, 1, 7))

    def test_it_says_what_is_no_note(self) -> None:
        with self.assertRaisesMessage(NotesError, "“h” is no note"):
            steps_of("a h c d")

    def test_it_wants_four_notes_and_takes_sixty_four(self) -> None:
        self.assertEqual(len(steps_of("ab" * 32)), 63)
        for text in ("", "a", "abc", "ab" * 32 + "a", "a" * 1000, "a" * 10_000):
            with self.subTest(text[:5], length=len(text)), self.assertRaises(NotesError):
                steps_of(text)
