"""A prompt as a title: on one line, at most 60 characters, nothing that ABC would read as its own."""

import subprocess
import tempfile
import unittest
from pathlib import Path

from generator.engraving import header
from generator.midi import abc2midi_path, midi_bytes
from generator.titles import LONGEST, title_of


class TitleTests(unittest.TestCase):
    def test_it_keeps_a_short_prompt_as_it_is(self):
        for prompt in (
            "hopeful and full of wonder",
            "悲伤的夜晚，思念家乡",
            '¿Por qué? <b>joy</b> & "peace"',
            "👩‍👧 love",
        ):
            self.assertEqual(title_of(prompt), prompt)

    def test_it_cuts_at_sixty_characters(self):
        self.assertEqual(title_of("a" * 60), "a" * 60)
        self.assertEqual(title_of("a" * 61), "a" * 59 + "…")
        self.assertEqual(title_of("a" * 58 + " bcd"), "a" * 58 + "…")
        self.assertLessEqual(max(len(title_of("ab c" * n)) for n in range(1, 130)), LONGEST)

    def test_it_never_leaves_its_line(self):
        for prompt in ("joy\nK:Am\nCDE", "joy\r\nX:2", "joy\u2028M:3/4", "joy\u2029", "joy\x0bA", "joy\x85A", "a\tb"):
            title = title_of(prompt)
            self.assertEqual(len(title.splitlines()), 1, repr(title))

    def test_it_means_nothing_to_abc(self):
        for prompt in ("joy % sorrow", "%%MIDI program 1", r"\"a joy", "joy \\", "$1joy"):
            title = title_of(prompt)
            self.assertNotIn("%", title)
            self.assertNotIn("\\", title)
            self.assertTrue(midi_bytes(header(title=title, meter="4/4", key="C", tempo_qpm=100) + "C8 |]\n"))

    def test_it_stands_in_the_midi_file_as_it_was_typed(self):
        with tempfile.TemporaryDirectory() as folder:
            tune = Path(folder, "t.abc")
            tune.write_text(header(title=title_of("100% joy\nX:9"), meter="4/4", key="C", tempo_qpm=100) + "C8 |]\n")
            done = subprocess.run([abc2midi_path(), str(tune), "-o", str(Path(folder, "t.mid"))], capture_output=True,
                                  check=False)  # fmt: skip
            self.assertNotIn(b"rror", done.stdout + done.stderr)

    def test_it_turns_no_direction_of_writing(self):
        self.assertEqual(title_of("joy \u202eyoj\u2066 a\u200f"), "joy yoj a")
