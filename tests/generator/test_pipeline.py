"""The whole road: the same seed, the stream, rejected attempts, cancelling, and giving up."""

import unittest
from dataclasses import replace
from unittest import mock

from generator import pipeline
from generator.brief import MAX_SEED, AttemptRejected, Brief, BriefError, Check, Conditions, NotesAdded, Piece
from generator.engraving import Engraver
from generator.notation import KEY_SUFFIX, ChordSymbol, NotationError, parse
from generator.pipeline import ATTEMPTS, ComposeFailed, compose, settled
from generator.sampling import SampleError
from generator.structure import bar_spans

SHORT = Conditions(bars=4, form="AB", meter="3/4")
BRIEF = Brief("quiet joy", SHORT, seed=5)
GOOD, BAD = {"range": Check(True, [60, 70])}, {"range": Check(True, [60, 70]), "variety": Check(False, {})}


def piece_of(brief: Brief) -> Piece:
    *_, piece = compose(brief)
    return piece


def read(piece: Piece):
    body = piece.abc.split("\nK:")[1].split("\n", 1)[1]
    key = piece.conditions.key + KEY_SUFFIX[piece.conditions.mode]
    return parse(body, meter=piece.conditions.meter, key=key, unit="1/8")


class RefusalTests(unittest.TestCase):
    def test_it_refuses_a_bad_brief_before_anything_is_asked_of_it(self):
        for brief in (replace(BRIEF, prompt=""), replace(BRIEF, seed=-1), replace(BRIEF, seed=MAX_SEED + 1),
                      replace(BRIEF, composer="bach"), replace(BRIEF, temperature=float("nan")),
                      replace(BRIEF, conditions=Conditions(meter="7/13"))):  # fmt: skip
            with self.subTest(brief), self.assertRaises(BriefError):
                compose(brief)

    def test_it_writes_a_key_that_only_the_mood_makes_unwritable(self):
        brief = Brief("very sad and lonely", Conditions(key="Db", bars=4, form="A"))
        conditions = settled(brief)
        self.assertEqual((conditions.key, conditions.mode), ("C#", "minor"))
        self.assertIn("\nK:C#m\n", piece_of(brief).abc)


class SeedTests(unittest.TestCase):
    def test_it_composes_the_same_tune_from_the_same_seed_alone_or_among_others(self):
        alone = piece_of(replace(BRIEF, seed=7))
        among = [piece_of(replace(BRIEF, seed=seed)) for seed in (6, 7)]
        self.assertEqual(among[1], alone)
        self.assertNotEqual(among[0].abc, alone.abc)

    def test_it_composes_the_same_tune_beside_another_that_is_being_written(self):
        first, second = compose(BRIEF), compose(replace(BRIEF, seed=6))
        woven = []
        for event in first:
            woven.append(event)
            next(second, None)
        self.assertEqual("".join(event.text for event in woven if isinstance(event, NotesAdded)), piece_of(BRIEF).abc)

    def test_it_reads_the_largest_seed(self):
        self.assertEqual(piece_of(replace(BRIEF, seed=MAX_SEED)).seed, MAX_SEED)


class StreamTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.events = list(compose(Brief("a glad jig", Conditions(bars=8, form="AABB", key="D", mode="major"))))

    def test_it_ends_with_the_piece(self):
        self.assertIsInstance(self.events[-1], Piece)
        self.assertTrue(all(isinstance(event, NotesAdded | AttemptRejected) for event in self.events[:-1]))

    def test_it_streams_the_whole_text_of_the_last_attempt(self):
        last = max(event.attempt for event in self.events[:-1])
        texts = [event.text for event in self.events[:-1] if isinstance(event, NotesAdded) and event.attempt == last]
        self.assertEqual("".join(texts), self.events[-1].abc)
        self.assertRegex(texts[0], r"\AX:1\nT:[^\n]+\nR:jig\nM:6/8\nL:1/8\nQ:3/8=\d+\nK:D\n\Z")
        self.assertGreater(len(texts), 20)

    def test_it_tells_where_each_text_begins(self):
        written = {}
        for event in self.events[:-1]:
            if isinstance(event, NotesAdded):
                self.assertEqual(event.offset, len(written.get(event.attempt, "")))
                written[event.attempt] = written.get(event.attempt, "") + event.text

    def test_it_keeps_what_was_asked_and_lays_a_chord_over_every_bar(self):
        piece = self.events[-1]
        self.assertEqual((piece.conditions.key, piece.conditions.meter, piece.conditions.bars), ("D", "6/8", 8))
        for span in bar_spans(read(piece)):
            if span.number is not None:
                self.assertEqual(span.chords[0][0], 0)
        self.assertGreaterEqual(sum(isinstance(symbol, ChordSymbol) for symbol in read(piece).symbols), 8)

    def test_it_tells_of_every_check(self):
        checks = self.events[-1].checks
        self.assertEqual(set(checks), {"bars_right", "repeats_closed", "bars", "meter", "range", "key", "ends_on_tonic",
                                       "chords", "variety", "form", "novelty"})  # fmt: skip
        self.assertTrue(all(check.ok for check in checks.values()))
        told = {"title", "source", "tune", "share", "longest", "elsewhere"}
        self.assertEqual(set(checks["novelty"].value), told)


class AttemptTests(unittest.TestCase):
    def test_it_composes_again_when_a_check_fails(self):
        with mock.patch.object(pipeline, "checked", side_effect=[BAD, BAD, GOOD]):
            events = list(compose(BRIEF))
        rejected = [event for event in events if isinstance(event, AttemptRejected)]
        self.assertEqual(rejected, [AttemptRejected(1, "variety"), AttemptRejected(2, "variety")])
        third = [event for event in events if isinstance(event, NotesAdded) and event.attempt == 3]
        self.assertEqual((third[0].offset, third[0].text[:4]), (0, "X:1\n"))
        self.assertEqual("".join(event.text for event in third), events[-1].abc)
        first = "".join(event.text for event in events if isinstance(event, NotesAdded) and event.attempt == 1)
        self.assertNotEqual(first, events[-1].abc)

    def test_it_gives_up_after_so_many_attempts_and_keeps_nothing(self):
        events = []
        with mock.patch.object(pipeline, "checked", return_value=BAD), self.assertRaises(ComposeFailed) as failure:
            for event in compose(BRIEF):
                events.append(event)
        self.assertEqual([e.attempt for e in events if isinstance(e, AttemptRejected)], list(range(1, ATTEMPTS + 1)))
        self.assertFalse([event for event in events if isinstance(event, Piece)])
        self.assertRegex(str(failure.exception), r"\A[A-Z][^\n]+\.\Z")

    def test_it_composes_again_when_an_attempt_cannot_be_finished(self):
        for fault in (SampleError("no room"), NotationError("a tie without its note")):
            with mock.patch.object(pipeline, "checked", side_effect=[fault, GOOD]):
                events = list(compose(BRIEF))
            self.assertIn(AttemptRejected(1, "notation"), events)
            self.assertIsInstance(events[-1], Piece)

    def test_it_stops_when_the_iterator_is_closed(self):
        events = compose(BRIEF)
        for _ in range(5):
            next(events)
        with mock.patch.object(Engraver, "feed", side_effect=AssertionError("wrote on")):
            events.close()
        self.assertEqual(list(events), [])

    def test_it_keeps_raw_samples_whatever_the_checks_say(self):
        with mock.patch.object(pipeline, "checked", return_value=BAD):
            piece = piece_of(replace(BRIEF, masked=False))
        self.assertEqual(piece.checks, BAD)

    def test_it_survives_raw_samples_at_any_temperature(self):
        for seed in range(3):
            piece = piece_of(replace(BRIEF, seed=seed, masked=False, temperature=2.0))
            self.assertTrue(piece.abc.startswith("X:1\n"))
