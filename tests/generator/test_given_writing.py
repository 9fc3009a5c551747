"""Given music in, tunes out: what stands stays to the letter, what is free is new and right by construction."""

import unittest
from copy import deepcopy
from unittest import mock

import numpy as np

from generator import vocabulary as V
from generator.brief import AttemptRejected, Brief, Check, Conditions, Given, NotesAdded, Piece
from generator.given.bars import WrittenBar, written_bars
from generator.given.filling import counted, varied
from generator.given.reading import read_tune
from generator.given.writing import GivenWriting
from generator.midi import abc2midi_warnings
from generator.pipeline import compose, settled
from generator.structure import bar_count, bar_spans, form_of, open_repeats, wrong_bars
from tests.generator.noise import Noise
from tests.generator.own_music import BROKEN_OFF, ENDINGS, KESH, OPENING, SAD_ENDING

TUNES = (KESH, ENDINGS, SAD_ENDING)


class NoisyVoice(Noise):
    def copy(self):
        return NoisyVoice(deepcopy(self.rng))


def _noisy_voice(*_: object) -> NoisyVoice:
    return NoisyVoice(np.random.default_rng(4))


def noisy():
    """Notes by chance alone: what comes out right with them is right by construction."""
    return mock.patch("generator.given.writing.voice_of", _noisy_voice)


def events_of(abc: str, task: str, *, prompt: str = "", seed: int = 0, wish: Conditions | None = None, **given):
    return list(compose(Brief(prompt, wish or Conditions(), seed, given=Given(abc, task, **given))))


def piece_of(abc: str, task: str, **asked) -> Piece:
    return events_of(abc, task, **asked)[-1]


def bars_in(abc: str) -> list[WrittenBar]:
    return written_bars(read_tune(abc).score)[1]


class FillTests(unittest.TestCase):
    def assert_only(self, abc: str, piece: Piece, asked: tuple[int, ...]) -> None:
        before, after = bars_in(abc), bars_in(piece.abc)
        self.assertEqual([bar.signs for bar in after], [bar.signs for bar in before])
        for old, new, number in zip(before, after, counted(before), strict=True):
            free = number is not None and number + 1 in asked
            self.assertEqual(new.ids != old.ids, free, (number, piece.abc))
            self.assertEqual(new.length, old.length)

    def test_it_writes_the_bars_asked_for_and_no_others(self):
        with noisy():
            for abc in TUNES:
                for asked in ((1,), (3, 4), (2, 5, 6), tuple(range(1, 8))):
                    with self.subTest(abc[:20], asked=asked):
                        self.assert_only(abc, piece_of(abc, "fill", bars=asked), asked)

    def test_it_writes_a_second_endings_bar_with_the_firsts(self):
        with noisy():
            piece = piece_of(ENDINGS, "fill", bars=(5,))
        self.assert_only(ENDINGS, piece, (5,))
        changed = [
            at for at, (a, b) in enumerate(zip(bars_in(ENDINGS), bars_in(piece.abc), strict=True)) if a.ids != b.ids
        ]
        self.assertEqual([bars_in(ENDINGS)[at].ending for at in changed], [1, 2])

    def test_it_keeps_a_tie_into_a_new_bar(self):
        with noisy():
            new = bars_in(piece_of(ENDINGS, "fill", bars=(5,)).abc)
        tied = next(at for at, bar in enumerate(new) if bar.ids[-1] == V.TIE)
        pitches = [[token for token in new[at].ids if V.kind(token) == "pitch"] for at in (tied, tied + 1)]
        self.assertEqual(pitches[0][-1], pitches[1][0])

    def test_it_keeps_the_tunes_own_chords(self):
        with noisy():
            piece = piece_of(ENDINGS, "fill", bars=(2,))
        kept = [(span.chords, at) for at, span in enumerate(bar_spans(read_tune(piece.abc).score)) if at != 2]
        own = bar_spans(read_tune(ENDINGS.replace("D9", "D7")).score)
        self.assertEqual([chords for chords, _ in kept], [own[at].chords for _, at in kept])
        self.assertEqual(piece.conditions.chords[:5], ("Em", "Em,D", "Em", "Bm7,D7", "D,Em"))

    def test_it_keeps_an_end_that_is_not_the_tonic(self):
        with noisy():
            piece = piece_of(SAD_ENDING, "fill", bars=(2,))
        self.assertFalse(piece.checks["ends_on_tonic"].ok)
        self.assertTrue(piece.checks["bars_right"].ok)


class VaryTests(unittest.TestCase):
    def test_it_changes_more_bars_the_stronger_it_is(self):
        changed = []
        with noisy():
            for strength in (0.1, 0.4, 0.7, 1.0):
                after = bars_in(piece_of(KESH, "vary", strength=strength).abc)
                changed.append(sum(a.ids != b.ids for a, b in zip(bars_in(KESH), after, strict=True)))
        self.assertEqual(changed, sorted(changed))
        self.assertLessEqual(changed[0], 2)
        self.assertEqual(changed[-1], 16)

    def test_it_varies_alike_what_was_alike(self):
        before = bars_in(KESH)
        with noisy():
            for seed in range(4):
                after = bars_in(piece_of(KESH, "vary", strength=1.0, seed=seed).abc)
                for at, bar in enumerate(before):
                    twins = [other for other in range(at) if before[other].ids == bar.ids]
                    self.assertTrue(all(after[other].ids == after[at].ids for other in twins))

    def test_it_leaves_opening_bars_and_cadences_till_last(self):
        chosen = varied(bars_in(KESH), 0.5, np.random.default_rng(0))
        self.assertFalse(any(chosen[at].free for at in (0, 7, 8, 15)))

    def test_it_ends_right_whatever_is_new(self):
        with noisy():
            for abc in TUNES:
                piece = piece_of(abc, "vary", strength=1.0)
                score = read_tune(piece.abc).score
                # One of them begins with an upbeat that its last bar leaves no room for.
                self.assertEqual(wrong_bars(score), wrong_bars(read_tune(abc).score), piece.abc)
                self.assertEqual(open_repeats(score), 0)
                self.assertTrue(piece.checks["ends_on_tonic"].ok, piece.abc)
                self.assertEqual(abc2midi_warnings(piece.abc), [])


class ContinueTests(unittest.TestCase):
    def test_it_keeps_the_opening_and_fills_exactly_the_bars_asked_for(self):
        with noisy():
            for abc in (OPENING, BROKEN_OFF, KESH.split("|: B2")[0]):
                for bars in (None, 17, 32):
                    with self.subTest(abc[:20], bars=bars):
                        piece = piece_of(abc, "continue", wish=Conditions(bars=bars))
                        score = read_tune(piece.abc).score
                        given, after = bars_in(abc), bars_in(piece.abc)
                        self.assertEqual(bar_count(score), bars or 16)
                        self.assertEqual([bar.ids for bar in after[: len(given) - 1]], [bar.ids for bar in given[:-1]])
                        last = given[-1].ids
                        self.assertEqual(after[len(given) - 1].ids[: len(last)], last)
                        self.assertEqual((wrong_bars(score), open_repeats(score)), ([], 0), piece.abc)
                        self.assertTrue(piece.checks["ends_on_tonic"].ok)
                        self.assertEqual(abc2midi_warnings(piece.abc), [])

    def test_it_brings_back_the_part_that_returns(self):
        with noisy():
            piece = piece_of(OPENING, "continue", wish=Conditions(bars=24, form="AABA"))
        self.assertEqual(form_of(read_tune(piece.abc).score), "AABA")
        self.assertEqual(piece.conditions.form, "AABA")
        self.assertEqual(piece.conditions.chords[:7], piece.conditions.chords[16:23])

    def test_it_answers_with_a_part_of_its_own(self):
        piece = piece_of(KESH.split("|: B2")[0], "continue", seed=3)
        self.assertEqual((piece.checks["form"].value, piece.checks["form"].ok), ("AABB", True))
        self.assertEqual(piece.conditions.bars, 16)


class PieceTests(unittest.TestCase):
    def test_it_streams_the_text_that_the_piece_holds(self):
        events = events_of(KESH, "fill", bars=(5, 6))
        last = max(event.attempt for event in events[:-1])
        texts = [event.text for event in events[:-1] if isinstance(event, NotesAdded) and event.attempt == last]
        self.assertEqual("".join(texts), events[-1].abc)
        self.assertTrue(all(isinstance(event, NotesAdded | AttemptRejected) for event in events[:-1]))

    def test_it_writes_the_same_from_the_same_seed(self):
        one, again, other = (piece_of(KESH, "vary", strength=0.4, seed=seed) for seed in (2, 2, 3))
        self.assertEqual(one, again)
        self.assertNotEqual(one.abc, other.abc)

    def test_it_tells_in_the_title_what_was_done(self):
        with noisy():
            self.assertEqual(piece_of(KESH, "vary").title, "The Kesh (varied)")
            again = KESH.replace("The Kesh", "The Kesh (continued) (varied)")
            self.assertEqual(piece_of(again, "vary").title, "The Kesh (varied)")
            nameless = [piece_of(OPENING, "continue", prompt=prompt).title for prompt in ("a glad walk", "")]
            self.assertTrue(all(title and "(" not in title for title in nameless))
            long = KESH.replace("The Kesh", "A very long name " * 9)
            self.assertLessEqual(len(piece_of(long, "fill", bars=(2,)).title), 60)

    def test_it_takes_over_what_the_tune_says_of_itself(self):
        with noisy():
            found = piece_of(KESH.replace("M:6/8", "M:6/8\nQ:3/8=110"), "vary").conditions
        self.assertEqual((found.key, found.mode, found.meter, found.rhythm, found.bars, found.form, found.tempo_qpm),
                         ("G", "major", "6/8", "jig", 16, "AABB", 165))  # fmt: skip
        self.assertEqual(len(found.chords), 16)
        self.assertIsNone(found.tradition)

    def test_it_lays_chords_over_a_tune_that_had_none(self):
        with noisy():
            piece = piece_of(KESH, "fill", bars=(2,))
        spans = [span for span in bar_spans(read_tune(piece.abc).score) if span.number is not None]
        self.assertTrue(all(span.chords and span.chords[0][0] == 0 for span in spans))

    def test_it_takes_the_chords_that_are_asked_for(self):
        chords = ("G", "D7") * 8
        with noisy():
            piece = piece_of(ENDINGS, "vary", wish=Conditions(chords=("Em", "D", "Em", "D", "Em", *("Em", "Bm") * 3)))
            self.assertEqual(bar_spans(read_tune(piece.abc).score)[2].chords, [(0, "D")])
            self.assertEqual(
                piece_of(KESH, "fill", bars=(2,), wish=Conditions(chords=chords)).conditions.chords, chords
            )

    def test_it_may_be_near_to_a_known_tune_when_the_given_one_is(self):
        brief = Brief("", given=Given(KESH, "vary", strength=0.2))
        writing = GivenWriting(brief, settled(brief), 1)
        near = {"bars_right": Check(True, 1.0), "novelty": Check(False, {"share": 0.9})}
        self.assertIsNone(writing.failed(near))
        self.assertEqual(writing.failed(near | {"bars_right": Check(False, 0.9)}), "bars_right")
