import subprocess
import tempfile
from fractions import Fraction
from pathlib import Path
from unittest import TestCase

import numpy as np
import symusic

from generator.found_key import key_of
from generator.midi import abc2midi_path
from generator.performance import HIGHEST, LOWEST, Struck, in_range, midi_of
from generator.two_staves import key_fifths, quantised, spelled, two_staves

SIXTEENTH = Fraction(1, 4)


def by_abc2midi(abc: str) -> tuple[list[tuple[int, int, int]], str]:
    """(start, end, pitch) in sixteenths as abc2midi hears both voices, and what it says."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "piece.abc", Path(folder) / "piece.mid"
        source.write_text(abc)
        done = subprocess.run([abc2midi_path(), source, "-o", target], capture_output=True, text=True, check=False)
        return in_sixteenths(symusic.Score(target)), done.stdout + done.stderr


def in_sixteenths(score: symusic.Score) -> list[tuple[int, int, int]]:
    unit = score.ticks_per_quarter / 4
    # abc2midi lets a note go a few ticks early.
    return sorted(
        (round(n.start / unit), round((n.end + 1) / unit), n.pitch) for track in score.tracks for n in track.notes
    )


def scattered(seed: int, count: int = 80) -> list[Struck]:
    """Notes anywhere on the piano, overlapping, of any length, across beats and bars."""
    rng = np.random.default_rng(seed)
    return [
        Struck(
            int(rng.integers(0, 200)) * SIXTEENTH, int(rng.integers(1, 24)) * SIXTEENTH, int(rng.integers(30, 96)), 80
        )
        for _ in range(count)
    ]


class TwoStavesTest(TestCase):
    def test_abc2midi_hears_the_notes_and_onsets_that_were_struck(self) -> None:
        for seed, (meter, key) in enumerate(
            (("4/4", "C"), ("3/4", "F#m"), ("6/8", "Eb"), ("2/4", "Ebm"), ("4/4", "B"))
        ):
            notes = scattered(seed)
            heard, said = by_abc2midi(two_staves(notes, title="T", meter=meter, key=key, qpm=100))
            self.assertEqual(heard, quantised(notes), (meter, key))
            self.assertNotIn("Warning", said)
            self.assertNotIn("Error", said)

    def test_it_fills_every_bar_of_both_voices(self) -> None:
        abc = two_staves([Struck(Fraction(9), Fraction(1, 2), 72, 80)], title="T", meter="3/4", key="G", qpm=90)
        _, said = by_abc2midi(abc)
        self.assertNotIn("bar", said.lower().replace("bars", ""))
        self.assertEqual(abc.count("z12"), 7, abc)

    def test_it_draws_an_empty_piece_as_one_bar_of_rest(self) -> None:
        self.assertIn("[V:1] z16 |]\n[V:2] z16 |]\n", two_staves([], title="T", meter="4/4", key="C", qpm=90))

    def test_it_writes_four_bars_a_line_and_beams_by_the_beat(self) -> None:
        notes = [Struck(i * SIXTEENTH, SIXTEENTH, 60 + i % 12, 80) for i in range(16 * 5)]
        lines = two_staves(notes, title="T", meter="4/4", key="C", qpm=90).splitlines()
        upper = [line for line in lines if line.startswith("[V:1]")]
        self.assertEqual([line.count("|") for line in upper], [4, 1])
        self.assertTrue(upper[0].startswith("[V:1] C^CD_E =EF^FG ^GA_B=B =C^CD_E | EF^FG"), upper[0])

    def test_it_keeps_a_title_on_one_line(self) -> None:
        self.assertIn("T:a b\nM:", two_staves([], title="a\nb", meter="4/4", key="C", qpm=90))

    def test_it_spells_by_the_key(self) -> None:
        self.assertEqual(spelled(66, key_fifths("D")), ("F", 1, 4))
        self.assertEqual(spelled(66, key_fifths("Db")), ("G", -1, 4))
        self.assertEqual(spelled(71, key_fifths("Gb")), ("C", -1, 5))
        self.assertEqual(spelled(68, key_fifths("Am")), ("G", 1, 4))


class PerformanceTest(TestCase):
    def test_its_midi_holds_the_notes_that_were_struck(self) -> None:
        notes = scattered(9)
        score = symusic.Score.from_midi(midi_of(notes, 77))
        self.assertEqual({(n.start / 120, n.pitch) for n in score.tracks[0].notes},
                         {(float(n.onset * 4), n.pitch) for n in notes})  # fmt: skip
        self.assertAlmostEqual(score.tempos[0].qpm, 77, 2)

    def test_it_folds_octaves_into_what_is_sampled(self) -> None:
        for pitch in range(128):
            self.assertTrue(LOWEST <= in_range(pitch) <= HIGHEST)
            self.assertEqual(in_range(pitch) % 12, pitch % 12)

    def test_every_note_in_range_has_its_sample(self) -> None:
        samples = Path(__file__).parents[2] / "static" / "samples" / "acoustic_grand_piano-mp3"
        names = "C Db D Eb E F Gb G Ab A Bb B".split()
        missing = [
            p for p in range(LOWEST, HIGHEST + 1) if not (samples / f"{names[p % 12]}{p // 12 - 1}.mp3").exists()
        ]
        self.assertEqual(missing, [])


class KeyTest(TestCase):
    def test_it_hears_a_scale(self) -> None:
        for key, tonic, steps in (
            ("D", 62, (0, 4, 7, 0, 2, 4, 5, 7, 9, 11, 12)),
            ("F#m", 66, (0, 3, 7, 0, 2, 3, 5, 7, 8, 11, 12)),
        ):
            notes = [Struck(Fraction(i), Fraction(1), tonic + step, 80) for i, step in enumerate(steps)]
            self.assertEqual(key_of(notes), key)

    def test_it_names_a_key_that_can_be_written(self) -> None:
        for tonic in range(12):
            for third in (3, 4):
                notes = [Struck(Fraction(0), Fraction(4), 60 + tonic + step, 80) for step in (0, third, 7, 12)]
                self.assertLessEqual(abs(key_fifths(key_of(notes))), 6)
