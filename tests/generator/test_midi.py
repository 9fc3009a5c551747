"""abc2midi's bytes and its opinion."""

import shutil
import stat
import subprocess
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from generator import midi
from generator.brief import METERS
from generator.midi import MidiError, abc2midi_path, abc2midi_warnings, midi_bytes

TUNE = 'X:1\nT:t\nM:4/4\nL:1/8\nQ:1/4=120\nK:C\n|: "C"C2E2 G2c2 | "G7"B2G2 "C"c4 :|\n'


class BadTextTests(unittest.TestCase):
    def test_it_refuses_what_holds_no_tune(self):
        for text in ("", "no tune", "\x00", "X:1\n", "😀" * 5000):
            with self.subTest(text[:10]), self.assertRaises(MidiError) as refused:
                midi_bytes(text)
            self.assertTrue(str(refused.exception))

    def test_it_survives_a_lone_surrogate_in_a_title(self):
        self.assertTrue(midi_bytes(TUNE.replace("T:t", "T:\ud800")).startswith(b"MThd"))

    def test_a_text_makes_it_read_no_other_file(self):
        bare = midi_bytes(TUNE)
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as kept:
            kept.write("DDDD DDDD|\nT:a secret\n")
            kept.flush()
            for order in ("%%abc-include", " %%abc-include", "%%MIDI ptstress", "I:MIDI ptstress", "c|%%MIDI ptstress"):
                with self.subTest(order):
                    self.assertNotIn(b"secret", midi_bytes(f"{TUNE}{order} {kept.name}\n"))
                    self.assertEqual(_said_of_files(f"{TUNE}{order} {kept.name}.missing\n"), [])
            self.assertEqual(midi_bytes(TUNE.replace("C2E2", f"[I:MIDI ptstress {kept.name}]C2E2")), bare)
            self.assertEqual(midi_bytes(TUNE.replace('"C"C2', f'"C""^%%MIDI ptstress {kept.name}"C2')), bare)

    def test_voices_and_parts_that_bring_abc2midi_down_are_left_out(self):
        bare = midi_bytes(TUNE)
        for field in ("P:" + "(A" * 40, "V:A,,volinc -[M:snt drone f'[Q:1/4=/(( octave=" * 9, "m:~n2 = (3o/n/m/ n"):
            with self.subTest(field[:10]):
                self.assertEqual(midi_bytes(TUNE.replace("K:C\n", f"{field}\nK:C\n")), bare)

    def test_it_tells_when_abc2midi_takes_too_long(self):
        with (
            mock.patch.object(midi.subprocess, "run", side_effect=subprocess.TimeoutExpired("abc2midi", 10)),
            self.assertRaisesRegex(MidiError, "too long"),
        ):
            midi_bytes(TUNE)

    def test_it_tells_when_symusic_is_missing(self):
        abc2midi_path.cache_clear()
        self.addCleanup(abc2midi_path.cache_clear)
        with mock.patch.object(midi, "find_spec", return_value=None), self.assertRaisesRegex(MidiError, "symusic"):
            midi_bytes(TUNE)

    def test_it_reports_a_bar_of_the_wrong_length(self):
        self.assertEqual(len(abc2midi_warnings(TUNE.replace("c4", "c3"))), 1)
        self.assertEqual(abc2midi_warnings(TUNE), [])


def _said_of_files(abc: str) -> list[str]:
    return [line for line in midi._converted(abc)[1].splitlines() if "open" in line]


class MidiTests(unittest.TestCase):
    def test_it_makes_a_file_with_melody_and_chords(self):
        import symusic

        score = symusic.Score.from_midi(midi_bytes(TUNE))
        notes = sorted((note.time, note.pitch) for track in score.tracks for note in track.notes)
        self.assertEqual(score.tempos[0].qpm, 120)
        self.assertLess(notes[0][1], 55)  # a bass note under the first of the melody
        melody = [note.pitch for note in max(score.tracks, key=lambda track: track.notes[-1].pitch).notes]
        self.assertEqual(melody[:7], [60, 64, 67, 72, 71, 67, 72])

    def test_it_plays_chords_in_every_meter(self):
        import symusic

        for meter in METERS:
            top, bottom = map(int, meter.split("/"))
            bar = f'"C"{"CE" * (top * 4 // bottom)}{"G" * (top * 8 // bottom % 2)} '
            abc = f"X:1\nT:t\nM:{meter}\nL:1/8\nK:C\n{bar}| {bar}|]\n"
            with self.subTest(meter):
                self.assertEqual(abc2midi_warnings(abc), [])
                pitches = {n.pitch for track in symusic.Score.from_midi(midi_bytes(abc)).tracks for n in track.notes}
                self.assertTrue(pitches - {60, 64, 67})

    def test_it_makes_abc2midi_executable_where_an_installer_forgot(self):
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder, "bin", "abc2midi")
            program.parent.mkdir()
            shutil.copyfile(abc2midi_path(), program)
            program.chmod(0o600)
            abc2midi_path.cache_clear()
            self.addCleanup(abc2midi_path.cache_clear)
            with mock.patch.object(midi, "find_spec", return_value=mock.Mock(submodule_search_locations=[folder])):
                self.assertEqual(abc2midi_path(), str(program))
            self.assertTrue(program.stat().st_mode & stat.S_IXUSR)
