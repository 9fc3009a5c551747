"""What comes out of noise is right by construction: bars, repeats, endings, range, spelling, returning parts."""

import re
import unittest
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np

from generator import vocabulary as V
from generator.checks import bars_right, ends_on_tonic, in_range, repeats_closed
from generator.grammar import Grammar
from generator.midi import abc2midi_warnings
from generator.notation import Bar, Note, Rest, Tuplet, parse, signature, sounding, timed, tonic_step
from generator.plan import Part, Plan, plan_of
from generator.sampling import sample
from generator.structure import bar_count, bar_spans, form_of, parts
from tests.generator.noise import Noise, NoiseTune, noise_tune, noise_tunes

ALTERATIONS = {"^": 1, "_": -1, "=": 0}


class NoiseTests(unittest.TestCase):
    """Seeded: every meter with every form, pickups from none to half a bar."""

    @classmethod
    def setUpClass(cls):
        cls.tunes = list(noise_tunes(1000))

    def assert_every(self, right) -> None:
        wrong = [tune for tune in self.tunes if not right(tune)]
        self.assertFalse(wrong, f"{len(wrong)} wrong\n" + "\n".join(map(str, wrong[:2])))

    def test_it_fills_every_bar(self):
        self.assert_every(lambda tune: bars_right(tune.score).ok)

    def test_it_closes_every_repeat(self):
        self.assert_every(lambda tune: repeats_closed(tune.score).ok)

    def test_it_writes_as_many_bars_as_asked(self):
        self.assert_every(lambda tune: bar_count(tune.score) == tune.conditions.bars)

    def test_it_stays_between_g3_and_b5(self):
        self.assert_every(lambda tune: in_range(tune.score).ok)

    def test_it_ends_on_a_tonic_of_a_beat_or_longer(self):
        def right(tune: NoiseTune) -> bool:
            last = sounding(tune.score)[-1]
            return ends_on_tonic(tune.score).ok and last[2] is not None and last[1] >= 1

        self.assert_every(right)

    def test_it_ties_only_equal_pitches(self):
        def right(tune: NoiseTune) -> bool:
            symbols = [symbol for symbol in tune.score.symbols if isinstance(symbol, Note | Rest | Tuplet)]
            tied = [(a, b) for a, b in pairwise(symbols) if isinstance(a, Note) and a.tie]
            return not symbols[-1].tie and all(isinstance(b, Note) and a.step == b.step for a, b in tied)

        self.assert_every(right)

    def test_it_never_leaps_more_than_two_octaves_inside_a_part(self):
        def right(tune: NoiseTune) -> bool:
            sung = [[p for span in part for _, _, p in span.events if p is not None] for part in parts(tune.score)]
            return all(abs(b - a) <= 24 for part in sung for a, b in pairwise(part))

        self.assert_every(right)

    def test_it_spells_no_white_key_as_a_black_one(self):
        self.assert_every(lambda tune: not odd_spellings(tune))

    def test_it_rests_neither_first_nor_last_nor_longer_than_a_bar(self):
        def right(tune: NoiseTune) -> bool:
            events = [event for span in bar_spans(tune.score) for event in span.events]
            rests = [symbol.length for symbol in tune.score.symbols if isinstance(symbol, Rest)]
            return max(rests, default=0) <= 8 and events[0][2] is not None and events[-1][2] is not None

        self.assert_every(right)

    def test_it_brings_back_the_part_that_returns(self):
        returning = [tune for tune in self.tunes if tune.conditions.form in ("AABA", "ABAC")
                     and min(part.bars for part in tune.plan.parts) > 2]  # fmt: skip
        self.assertGreater(len(returning), 8)
        for tune in returning:
            first, _, third = parts(tune.score)[:3]
            with self.subTest(str(tune)):
                whole = tune.conditions.form == "ABAC"
                # The second ending is how the part was left; the tune's last bar is free to come to rest.
                heard = [span.events for span in first if span.ending != 1]
                again = [span.events for span in third]
                self.assertEqual(heard if whole else heard[:-1], again if whole else again[:-1])
                self.assertEqual(form_of(tune.score), tune.conditions.form)

    def test_it_reads_back_the_symbols_from_the_engraved_text(self):
        def right(tune: NoiseTune) -> bool:
            body = tune.abc.split("\nK:")[1].split("\n", 1)[1]
            return parse(body, meter=tune.plan.meter, key=tune.plan.key, unit="1/8").without_chords() == tune.score

        self.assert_every(right)

    def test_it_makes_no_bar_that_abc2midi_minds(self):
        for tune in self.tunes[::4]:  # a process for each
            with self.subTest(str(tune)):
                # Without chords: its accompaniment loses count after a pickup of three sixteenths.
                self.assertEqual(abc2midi_warnings(re.sub('"[^"]*"', "", tune.abc)), [])

    def test_it_writes_first_and_second_endings(self):
        signs = {symbol.sign for tune in self.tunes for symbol in tune.score.symbols if isinstance(symbol, Bar)}
        self.assertLessEqual({"|", "|:", ":|", ":||:", "||", "|]", "|1", ":|2"}, signs)


def odd_spellings(tune: NoiseTune) -> list[str]:
    """Written E#, B#, Cb and Fb that neither raise the seventh nor stand in the key's signature."""
    own, tonic = signature(tune.plan.key), tonic_step(tune.plan.key)
    odd = []
    for symbol in tune.score.symbols:
        if isinstance(symbol, Note) and symbol.accidental:
            letter = symbol.step % 7
            white = ("CDEFGAB"[letter], symbol.accidental) in {("E", "^"), ("B", "^"), ("C", "_"), ("F", "_")}
            raised_seventh = symbol.accidental == "^" and (letter - tonic) % 7 == 6
            if white and not raised_seventh and own.get(letter, 0) != ALTERATIONS[symbol.accidental]:
                odd.append(symbol.accidental + "CDEFGAB"[letter])
    return odd


class GrammarTests(unittest.TestCase):
    def plan(self, *parts: Part, meter: str = "4/4", key: str = "C", pickup: Fraction = Fraction(0)) -> Plan:
        return Plan(meter, key, parts or (Part(2, False),), pickup, (), ())

    def allowed(self, grammar: Grammar) -> set[str]:
        return {V.NAMES[index] for index in np.flatnonzero(grammar.allowed())}

    def fed(self, plan: Plan, *names: str) -> Grammar:
        grammar = Grammar(plan)
        for name in names:
            self.assertIn(name, self.allowed(grammar))
            grammar.feed(V.IDS[name])
        return grammar

    def test_it_opens_a_repeated_part_with_its_sign(self):
        self.assertEqual(self.allowed(Grammar(self.plan(Part(2, True)))), {"bar |:"})
        self.assertNotIn("bar |:", self.allowed(Grammar(self.plan())))

    def test_it_follows_raw_samples_that_leave_the_first_sign_out(self):
        plan = noise_tune(11, "6/8", "AABB").plan
        with_sign, without = Grammar(plan), Grammar(plan)
        with_sign.feed(V.BAR_IDS["|:"])
        for token in (V.LENGTH_IDS[Fraction(6)], V.PITCH_ZERO, V.BAR_IDS["|"]):
            with_sign.feed(token)
            without.feed(token)
        self.assertEqual((without.bar, without.in_pickup), (with_sign.bar, with_sign.in_pickup))

    def test_it_ends_no_bar_where_a_sign_follows_a_sign(self):
        grammar = Grammar(noise_tune(11, "6/8", "AABB").plan)
        grammar.feed(V.BAR_IDS["|:"])
        before = (grammar.part, grammar.bar, grammar.in_pickup)
        grammar.feed(V.BAR_IDS["|:"])
        self.assertEqual((grammar.part, grammar.bar, grammar.in_pickup), before)

    def test_it_offers_a_bar_line_only_when_the_bar_is_full(self):
        grammar = self.fed(self.plan(Part(4, False)), "length 4", "pitch 0")
        self.assertNotIn("bar |", self.allowed(grammar))
        grammar.feed(V.IDS["length 4"])
        grammar.feed(V.IDS["pitch 2"])
        self.assertEqual(self.allowed(grammar), {"bar |", "tie"})

    def test_it_leaves_no_rest_at_a_bars_start_and_none_at_the_end(self):
        self.assertNotIn("rest", self.allowed(Grammar(self.plan())))
        last = self.fed(self.plan(), "length 8", "pitch 0", "bar |", "length 4", "pitch 0", "length 4")
        self.assertNotIn("rest", self.allowed(last))

    def test_it_lets_the_last_note_be_the_tonic_alone(self):
        last = self.fed(self.plan(key="D"), "length 8", "pitch 0", "bar |", "length 6", "pitch 1", "length 2")
        self.assertEqual(self.allowed(last), {f"pitch {octave}" for octave in (0, 7)})

    def test_it_keeps_a_tied_pitch(self):
        tied = self.fed(self.plan(), "length 4", "pitch 0", "tie", "length 4")
        self.assertEqual(self.allowed(tied), {"pitch 0"})

    def test_it_allows_the_raised_seventh_of_f_sharp_minor(self):
        grammar = self.fed(self.plan(key="F#m"), "accidental ^")
        self.assertTrue({"pitch -1", "pitch 6"} & self.allowed(grammar))  # E#, a semitone under the tonic
        self.assertNotIn("pitch 3", self.allowed(grammar))  # B#

    def test_it_comes_to_an_end_in_odd_lengths_too(self):
        for bars in (2, 5, 9, 63, 64):
            plan = self.plan(Part(bars // 2, True), Part(bars - bars // 2, True), meter="3/8", pickup=Fraction(3, 2))
            rng = np.random.default_rng(bars)
            ids = list(sample(Noise(rng), plan, temperature=1.0, rng=rng))
            self.assertIn(V.NAMES[ids[-1]], ("bar :|", "bar |]"))
            self.assertEqual(bar_count(V.decode(ids, meter="3/8", key="C")), bars)

    def test_it_writes_no_natural_seventh_against_the_major_third_of_v(self):
        conditions = replace(noise_tune(5, "4/4", "AB").conditions, key="A", mode="minor", bars=16, form="AB",
                             chords=("Am", "E", "Dm", "E7") * 4)  # fmt: skip
        plan = plan_of(conditions, np.random.default_rng(0))
        heard = set()
        for seed in range(6):
            rng = np.random.default_rng(seed)
            score = V.decode(list(sample(Noise(rng), plan, temperature=1.0, rng=rng)), meter="4/4", key="Am")
            for span in bar_spans(score):
                if span.number is not None and span.number % 2:
                    fresh = [b for a, b in pairwise(span.events) if a[2] != b[2]]  # the rest may be tied over
                    heard |= {pitch % 12 for _, length, pitch in fresh if pitch and length >= 1}
        self.assertNotIn(7, heard)  # G, where E major has its G sharp
        self.assertIn(8, heard)

    def test_it_numbers_the_chords_of_a_second_ending_like_those_of_the_first(self):
        plan = plan_of(noise_tune(5, "4/4", "AABB").conditions, np.random.default_rng(0))
        first, second = V.BAR_IDS["|1"], V.BAR_IDS[":|2"]
        for seed in range(40):
            rng = np.random.default_rng(seed)
            grammar, heard = Grammar(plan), {}
            for token in sample(Noise(rng, (first,)), plan, temperature=1.0, rng=rng):
                grammar.feed(token)
                if token in (first, second):
                    heard[token] = grammar.chords()
            if len(heard) == 2:
                self.assertEqual(heard[first], heard[second])
                return
        self.fail("No tune had endings.")


class LengthTests(unittest.TestCase):
    def test_it_writes_only_lengths_that_one_note_head_can_show(self):
        plain = {Fraction(n, 4) for n in (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)}
        for tune in (noise_tune(seed, "12/8", "AABB") for seed in range(3)):
            lengths = {symbol.length for symbol in tune.score.symbols if isinstance(symbol, Note | Rest)}
            self.assertLessEqual(lengths, plain)
            self.assertEqual(len(timed(tune.score)), sum(isinstance(s, Note | Rest) for s in tune.score.symbols))
