"""The letter composers at work, on networks of noise and on one that knows a tune by heart. Bad checkpoints first."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest import TestCase
from unittest.mock import patch

import numpy as np
from safetensors.numpy import save_file

from generator.brief import AttemptRejected, Brief, BriefError, ComposeFailed, Conditions, NotesAdded, Piece
from generator.composers import letters_mended, letters_writing
from generator.composers.letters_voice import BrokenCheckpoint, LetterNetwork
from generator.measures import letters as measures
from generator.notation import NotationError

RAW = "\nXTMLK:/|1234568ABCDEFGabcdefg \"']["
TUNE = "X:9\nT:By Heart\nM:4/4\nL:1/8\nK:G\nG2B2d2g2|f2d2A2F2|G2B2d2g2|[gd]4G4|\n\n"
BODY = "G2B2d2g2|f2d2A2F2|E2G2B2e2|d2A2G4|\n"
BRIEF = Brief("a reel", seed=3, composer="nottingham")


def noise(characters: str = RAW, *, width: int = 8, seed: int = 0) -> dict[str, np.ndarray]:
    rng, size = np.random.default_rng(seed), len(characters)
    layer = {
        "weight_ih": (4 * width, 4),
        "weight_hh": (4 * width, width),
        "bias_ih": (4 * width,),
        "bias_hh": (4 * width,),
    }
    shapes = {"embedding.weight": (size, 4), "dense.weight": (size, width), "dense.bias": (size,)}
    shapes |= {f"lstm.{name}_l0": shape for name, shape in layer.items()}
    return {name: rng.normal(0, 0.3, shape).astype(np.float32) for name, shape in shapes.items()}


class Parrot(LetterNetwork):
    """Says the same over and over; what is begun is no part of it."""

    def __init__(self, said: str, **told: object) -> None:
        super().__init__(noise(), RAW, composer="nottingham", told=told)
        self.said = said

    def letters(
        self, begun: str, *, rng: np.random.Generator, temperature: float = 1.0, least: float = 0.0
    ) -> Iterator[str]:
        while True:
            yield from self.said


def composed(network: LetterNetwork, brief: Brief = BRIEF) -> list:
    road = letters_mended if brief.composer.endswith("-mended") else letters_writing
    return list(road.compose(brief, network, "nottingham-0"))


class CheckpointTests(TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "nottingham.safetensors"

    def test_it_says_in_a_sentence_that_a_checkpoint_is_broken(self):
        metadata = {"composer": "nottingham", "record": json.dumps({"vocabulary": list(RAW)})}
        save_file(noise(), str(self.path), metadata=metadata)
        whole = self.path.read_bytes()
        LetterNetwork.read(self.path)
        for broken in (b"", b"oops", whole[: len(whole) // 2], whole[:40]):
            self.path.write_bytes(broken)
            with self.subTest(size=len(broken)), self.assertRaisesRegex(BrokenCheckpoint, r"broken; .*\.$"):
                LetterNetwork.read(self.path)

    def test_it_refuses_weights_whose_characters_are_others_or_untold(self):
        for record in ({"vocabulary": list(RAW[1:])}, {}):
            save_file(noise(), str(self.path), metadata={"composer": "irish", "record": json.dumps(record)})
            with self.subTest(record=record), self.assertRaises(BrokenCheckpoint):
                LetterNetwork.read(self.path)

    def test_it_refuses_a_missing_file(self):
        with self.assertRaises(BrokenCheckpoint):
            LetterNetwork.read(self.path)


class SampleTests(TestCase):
    def setUp(self) -> None:
        self.network = LetterNetwork(noise(), RAW)

    def sample(self, seed: int = 1, temperature: float = 1.0) -> str:
        return "".join(letters_writing.sample(self.network, np.random.default_rng(seed), temperature))

    def test_it_is_a_random_first_character_and_exactly_1024_more(self):
        self.assertEqual(len(self.sample()), 1 + 1024)
        self.assertGreater(len({self.sample(seed)[0] for seed in range(20)}), 5)

    def test_the_same_seed_gives_the_same_sample_and_another_another(self):
        self.assertEqual(self.sample(4), self.sample(4))
        self.assertNotEqual(self.sample(4), self.sample(5))

    def test_a_low_temperature_repeats_itself_more(self):
        self.assertLess(len(set(self.sample(temperature=0.1)[500:])), len(set(self.sample(temperature=2.0)[500:])))

    def test_texts_side_by_side_are_those_written_alone(self):
        begun = ["X:1", "K"]
        together = self.network.together(begun, [np.random.default_rng(seed) for seed in (7, 8)], 40)
        for start, seed, text in zip(begun, (7, 8), together, strict=True):
            alone = self.network.letters(start, rng=np.random.default_rng(seed))
            self.assertEqual(text, "".join(next(alone) for _ in range(40)))


class CuttingTests(TestCase):
    def tunes(self, text: str) -> list[str]:
        return [event for event in letters_writing.cut(text) if isinstance(event, str)]

    def test_it_leaves_out_what_comes_before_the_first_number(self):
        self.assertEqual(self.tunes("dBG|\n\nX: 4\nK:G\nA|"), ["X:1\nK:G\nA|"])
        self.assertEqual(self.tunes("dBG|\n\nT:none\n"), [])

    def test_it_cuts_at_empty_lines_and_at_numbers(self):
        self.assertEqual(self.tunes("X:1\nK:G\nA|\n\nB|\nX:2\nK:D\nc|\nX:3\n"),
                         ["X:1\nK:G\nA|\n", "X:1\nK:D\nc|\n", "X:1\n"])  # fmt: skip

    def test_the_texts_told_on_the_way_are_the_whole_tune(self):
        grown = ""
        for event in letters_writing.cut("ab\n" + TUNE + "X:2\n"):
            if isinstance(event, str):
                self.assertEqual(event, grown)
                break
            offset, text = event
            grown = (grown if offset else "") + text
            self.assertEqual(offset + len(text), len(grown))


class FaithfulTests(TestCase):
    def test_it_gives_the_first_tune_that_can_be_read(self):
        *_, piece = composed(Parrot(TUNE))
        self.assertIsInstance(piece, Piece)
        self.assertEqual(piece.abc, TUNE.replace("X:9", "X:1").rstrip() + "\n")
        self.assertEqual((piece.title, piece.composer, piece.seed), ("By Heart", "nottingham", 3))
        self.assertEqual(piece.conditions, Conditions(key="G", mode="major", meter="4/4"))
        self.assertEqual(set(piece.checks), {"bars_right", "repeats_closed", "novelty"})

    def test_it_tells_of_wrong_bars_and_does_not_hide_them(self):
        *_, piece = composed(Parrot(TUNE.replace("f2d2", "f2d")))
        self.assertFalse(piece.checks["bars_right"].ok)

    def test_it_rejects_what_cannot_be_read_with_the_reason(self):
        bad = "X:1\nG2G2|\n\nX:2\nM:4/4\nK:G\n(3A|\n\nX:3\nM:4/4\nK:G\nG8|\n\nX:4\nM:4/4\nL:1/8\nK:G\n" + "c'''8|" * 4
        events = composed(Parrot(f"\n{bad}\n\n{TUNE}"))
        rejected = [event for event in events if isinstance(event, AttemptRejected)]
        self.assertEqual([event.attempt for event in rejected], [1, 2, 3, 4])
        self.assertEqual([rejected[0].reason, *(r.reason for r in rejected[2:])], ["header", "bars", "range"])
        notes = [event for event in events if isinstance(event, NotesAdded) and event.attempt == 5]
        self.assertEqual("".join(event.text for event in notes), events[-1].abc)

    def test_it_gives_up_after_so_many_samples(self):
        with self.assertRaisesRegex(ComposeFailed, r"\.$"):
            composed(Parrot("dBG|"))

    def test_the_same_seed_gives_the_same_events(self):
        network = LetterNetwork(noise(), RAW)
        with patch.object(letters_writing, "read", side_effect=NotationError("never")):
            events = [self.until_failure(network) for _ in range(2)]
        self.assertEqual(*events)

    def until_failure(self, network: LetterNetwork) -> list:
        found = []
        try:
            for event in letters_writing.compose(BRIEF, network, ""):
                found.append(event)
        except ComposeFailed:
            return found
        return found

    def test_reading_wants_a_header(self):
        for text in ("X:1\nT:no key\nA8|", "X:1\nK:G\nA8|A8|A8|A8|"):
            with self.subTest(text=text), self.assertRaisesRegex(NotationError, "header"):
                letters_writing.read(text)


class MendedTests(TestCase):
    HEADERS = {"4/4 G": 5, "6/8 D": 3, "4/4 Edor": 1}
    brief = replace(BRIEF, composer="nottingham-mended")

    def parrot(self, said: str = BODY) -> Parrot:
        return Parrot(said, headers=self.HEADERS, known=self.HEADERS)

    def asked(self, **conditions: str) -> Brief:
        return replace(self.brief, conditions=Conditions(**conditions))

    def test_it_refuses_a_meter_and_a_mode_that_it_has_never_met(self):
        for name, value in (("meter", "9/8"), ("mode", "lydian")):
            with self.subTest(name=name), self.assertRaisesRegex(BriefError, f"{value}; choose one of: .*\\."):
                letters_mended.compose(self.asked(**{name: value}), self.parrot(), "")

    def test_it_writes_under_the_header_that_was_asked_for(self):
        brief = self.asked(key="A", mode="dorian", meter="4/4")
        *_, piece = composed(self.parrot(), brief)
        self.assertIn("M:4/4\nL:1/8\nK:Ador\n", piece.abc)
        self.assertEqual((piece.conditions.key, piece.conditions.mode, piece.conditions.meter), ("A", "dorian", "4/4"))
        self.assertEqual(piece.conditions.bars, 4)

    def test_what_is_free_is_drawn_as_the_collection_has_it(self):
        brief = self.asked(meter="6/8")
        settled = [letters_mended.settled(replace(brief, seed=seed), self.HEADERS) for seed in range(30)]
        self.assertEqual({one.meter for one in settled}, {"6/8"})
        self.assertGreater(sum(one.key == "D" for one in settled), 20)

    def test_a_key_that_cannot_be_written_in_a_mode_takes_another_mode(self):
        for seed in range(20):
            settled = letters_mended.settled(replace(self.asked(key="Cb"), seed=seed), self.HEADERS)
            self.assertIn((settled.key, settled.mode), {("Cb", "major"), ("B", "dorian")})

    def test_it_stops_at_the_tunes_end_and_sets_it_for_people(self):
        events = composed(self.parrot(), self.asked(key="G", mode="major", meter="4/4"))
        *notes, piece = events
        self.assertEqual("".join(event.text for event in notes), piece.abc)
        self.assertGreater(len(notes), 3, "bar after bar, not all at once")
        self.assertTrue(piece.abc.endswith("G2B2 d2g2 | f2d2 A2F2 | E2G2 B2e2 | d2A2 G4 |\n"), piece.abc)
        self.assertTrue(all(check.ok for check in piece.checks.values()), piece.checks)

    def test_it_keeps_a_tie_over_a_bar_line_and_drops_a_slur(self):
        body = "G2B2d2g2-|g2d2A2F2-|E2G2B2e2|d2A2G4|\n"
        *_, piece = composed(self.parrot(body), self.asked(key="G", mode="major", meter="4/4"))
        self.assertEqual(re.sub(r"\s", "", piece.abc.partition("K:G\n")[2]), "G2B2d2g2-|g2d2A2F2|E2G2B2e2|d2A2G4|")

    def test_it_rejects_wrong_bars_and_unreadable_letters_and_gives_up(self):
        for body, reason in (("G2B2d2g|" * 4 + "\n", "bars_right"), ("G2B2(3d|\n", "notation"), ("A" * 50, "notation")):
            events = []
            with self.subTest(body=body), self.assertRaisesRegex(ComposeFailed, r"\.$"):
                for event in letters_mended.compose(self.asked(meter="4/4"), self.parrot(body), ""):
                    events.append(event)
            rejected = [event.reason for event in events if isinstance(event, AttemptRejected)]
            self.assertEqual(rejected, [reason] * letters_mended.ATTEMPTS)

    def test_raw_samples_are_told_and_not_refused(self):
        brief = replace(self.asked(meter="4/4"), masked=False)
        *_, piece = composed(self.parrot("G2B2d2g|" * 4 + "\n"), brief)
        self.assertFalse(piece.checks["bars_right"].ok)


class MeasuringTests(TestCase):
    def test_it_counts_what_can_be_read_and_how_many_tries_a_good_one_takes(self):
        good, bad = (measures.first_tune(text)[0] for text in (TUNE, TUNE.replace("f2d2", "f2d")))
        found = measures.shares([None, bad, good, None, None, None, good, bad])
        self.assertEqual((found["read"], found["good"]), (0.5, 0.25))
        self.assertEqual((found["tries_for_a_good_one"], found["most_tries"]), (4.0, 4))
        self.assertIsNone(measures.shares([None])["tries_for_a_good_one"])

    def test_it_measures_a_network_of_noise_to_the_end(self):
        network = LetterNetwork(noise(), RAW, composer="irish", told={"history": [{"bits_per_character": 6.0}]})
        with patch.object(measures, "seconds_a_piece", return_value=0.1):
            found = measures.measured(network, count=3, seed=0)
        self.assertEqual((found["read"], found["held_out_bits"]), (0.0, 6.0))
        self.assertEqual(sum(found["reasons"].values()), 3)
