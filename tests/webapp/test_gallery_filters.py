"""Melodies and filters, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from itertools import combinations
from unittest import mock

from django.test import SimpleTestCase, TestCase

from tests.builders import an_account
from tests.webapp.gallery_asking import named, titles
from webapp.gallery.melodies import letters_of
from webapp.gallery.query import Query, query_from
from webapp.gallery.search.facets import NAMED, facet_terms
from webapp.gallery.selectors import gallery_page
from webapp.gallery.services import entries_refresh
from webapp.gallery.signs import asked_signs, signs_of
from webapp.gallery.words import words_of
from webapp.tunes.models import Tag

# The notes of ABC are D F A B G B A B A F F D …, so its steps begin 2 2 1 -2 2 -1 …


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
                 {"chords": False}, {"composer": "folkrnn"}, {"words": "reel", "key": "D", "bars_high": 20},
                 {"words": "a prom"}, {"rhythm": "slip jig", "style": "march home", "key": "Bb"}]  # fmt: skip
        for sort in ("newest", "best", "trending", "remixed"):
            walked = [gallery_page(Query(**one, sort=sort)) for one in asked]
            for most in (4000, 1):
                shorter = {"WALK_IN_INDEX": 0, "WALK_IN_ROWS": 0, "MOST_GATHERED": most}
                with mock.patch.multiple("webapp.gallery.search.postgres", **shorter):
                    self.assertEqual([gallery_page(Query(**one, sort=sort)) for one in asked], walked)


class IndexTest(SimpleTestCase):
    def test_it_passes_over_no_row_that_holds_what_is_asked(self) -> None:
        words, melody = (
            words_of("The Lantern at Low Tide, 灯笼 🎻 o'neill's"),
            letters_of([2, 2, 1, -2, 2, -1, 30, -30]),
        )
        row = signs_of(words, melody)
        for whole, beginning in ((words, ""), (["lantern"], "low"), ([], "lan"), ([], "lanter"), ([], "灯"), ([], "")):
            for part in (melody, melody[2:6], melody[5:8], ""):
                for name, bits in asked_signs(whole, beginning, part).items():
                    self.assertEqual(row[name] & bits, bits)

    def test_it_passes_over_most_rows_that_do_not(self) -> None:
        row = signs_of(words_of("twenty words of which none is asked for " * 2), letters_of([1, 1, -2] * 9))
        passed = [
            any(row[name] & bits != bits for name, bits in asked_signs([f"other{number}"], "", "").items())
            for number in range(500)
        ]
        self.assertGreater(sum(passed), 480)

    def test_it_keeps_signs_as_the_database_keeps_whole_numbers(self) -> None:
        row = signs_of([f"word{number}" for number in range(900)], letters_of(range(-15, 15)))
        self.assertTrue(all(-(2**63) <= value < 2**63 for value in row.values()))
        self.assertIn(-1, row.values())

    def test_it_asks_for_each_filter_in_one_term_at_least(self) -> None:
        known = dict(zip(NAMED, "abcdef", strict=True))
        for count in range(len(NAMED) + 1):
            for names in combinations(NAMED, count):
                terms = facet_terms({name: known[name] for name in names}, None)
                self.assertEqual(len(terms), (count + 1) // 2)
                self.assertTrue(all(any(f"={name}:{known[name]}" in term for term in terms) for name in names))
