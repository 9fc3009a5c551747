import tempfile
import time
from fractions import Fraction
from pathlib import Path
from unittest import TestCase

from generator.brief import BriefError
from generator.keyboard_corpus import longest_pause, read_works
from generator.midi_files import MidiError, read_midi
from generator.performance import Struck, midi_of
from generator.two_staves import quantised
from tests.generator.test_two_staves import scattered

SILENT: list[str] = []


def scale(pause: int = 0) -> list[Struck]:
    return [Struck(Fraction(i + (pause if i > 5 else 0)), Fraction(1), 60 + i, 64) for i in range(12)]


class InFolder(TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def file(self, name: str, content: bytes) -> Path:
        (self.folder / name).write_bytes(content)
        return self.folder / name


class ReadMidiTest(InFolder):
    def refused(self, content: bytes) -> str:
        began = time.monotonic()
        with self.assertRaises(MidiError) as caught:
            read_midi(self.file("bad.mid", content))
        self.assertLess(time.monotonic() - began, 5)
        return str(caught.exception)

    def test_it_reads_what_was_written(self) -> None:
        clear = quantised(scattered(3, 40))
        notes = [Struck(Fraction(start, 4), Fraction(end - start, 4), pitch, 80) for start, end, pitch in clear]
        self.assertEqual(quantised(read_midi(self.file("good.mid", midi_of(notes, 100)))), clear)

    def test_it_reads_loudness(self) -> None:
        self.assertEqual({n.loudness for n in read_midi(self.file("good.mid", midi_of(scale(), 100)))}, {64})

    def test_it_refuses_an_empty_file(self) -> None:
        self.assertIn("empty", self.refused(b""))

    def test_it_refuses_what_is_not_midi(self) -> None:
        self.assertIn("not a MIDI file", self.refused(b"X:1\nK:C\n"))

    def test_it_refuses_a_file_cut_short_wherever_it_is_cut(self) -> None:
        whole = midi_of(scale(), 100)
        for size in (5, 13, 14, 20, 40, len(whole) - 1):
            self.assertIn("cut short", self.refused(whole[:size]), size)

    def test_it_refuses_fifty_megabytes_at_once(self) -> None:
        self.assertIn("larger than 5 MB", self.refused(midi_of(scale(), 100).ljust(50_000_000, b"\0")))

    def test_it_refuses_noise_behind_a_good_head(self) -> None:
        whole = bytearray(midi_of(scale(), 100))
        whole[30:60] = bytes(range(200, 230))
        self.refused(bytes(whole))

    def test_it_refuses_too_many_notes_and_a_note_that_never_ends(self) -> None:
        many = [Struck(Fraction(i, 8), Fraction(1, 8), 60, 64) for i in range(20_001)]
        self.assertIn("too long", self.refused(midi_of(many, 100)))
        self.assertIn("too long", self.refused(midi_of([Struck(Fraction(0), Fraction(30_000), 60, 64)], 100)))

    def test_it_refuses_a_file_without_notes(self) -> None:
        self.assertIn("no notes", self.refused(midi_of([], 100)))

    def test_it_refuses_a_file_that_is_not_there(self) -> None:
        with self.assertRaises(MidiError):
            read_midi(self.folder / "absent.mid")


class KeyboardCorpusTest(InFolder):
    def works(self, *data: Path) -> list:
        return read_works(map(str, data), cache=self.folder / "cache", log=SILENT.append)

    def test_it_refuses_long_pauses_and_keeps_short_ones(self) -> None:
        self.file("short.mid", midi_of(scale(pause=7), 100))
        self.file("long.mid", midi_of(scale(pause=9), 100))
        self.assertEqual([work.name for work in self.works(self.folder)], ["short.mid"])

    def test_it_measures_pauses_while_other_notes_sound(self) -> None:
        held = Struck(Fraction(0), Fraction(30), 40, 64)
        self.assertEqual(longest_pause([*scale(pause=9), held]), 0)

    def test_it_leaves_a_bad_file_of_a_folder_out_and_says_so(self) -> None:
        self.file("good.mid", midi_of(scale(), 100))
        self.file("bad.mid", b"MThd")
        told: list[str] = []
        works = read_works([str(self.folder)], cache=self.folder / "cache", log=told.append)
        self.assertEqual((len(works), len(told)), (1, 1))

    def test_it_refuses_a_bad_file_that_is_named(self) -> None:
        with self.assertRaises(MidiError):
            self.works(self.file("bad.mid", b""))

    def test_it_refuses_an_empty_folder(self) -> None:
        with self.assertRaises(BriefError):
            self.works(self.folder)

    def test_it_reads_a_file_from_what_was_kept_of_it(self) -> None:
        path = self.file("good.mid", midi_of(scale(), 100))
        self.assertEqual(self.works(path), self.works(path))
        self.assertEqual(len(list((self.folder / "cache").iterdir())), 1)
