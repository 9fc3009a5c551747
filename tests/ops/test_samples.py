"""The sounds: abcjs plays nothing at all when one note is missing."""

from __future__ import annotations

import unittest

from webapp.ops.render_samples import KILOBITS, SAMPLES, VOICES, expected_files, midi_scale, note_name

RATES = {0: 44100, 1: 48000, 2: 32000}  # of MPEG 1, by the header's two bits


def first_frame(content: bytes) -> bytes:
    """The header of the first MPEG frame, past an ID3 tag if there is one."""
    start = 0
    if content[:3] == b"ID3":
        size = content[6:10]
        start = 10 + (size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3])
    return content[start : start + 4]


def music_bits(content: bytes) -> float:
    """How many bits of music a frame's first granule holds in the mean (its part2_3_length); silence takes none."""
    place, bits = content.index(first_frame(content)), []
    while place + 21 < len(content):
        head = content[place : place + 21]
        rate, padding = RATES[head[2] >> 2 & 3], head[2] >> 1 & 1
        bits.append(int.from_bytes(head[4:8], "big") >> 2 & 0xFFF)  # after 9 + 5 + 4 bits of side information
        place += 144 * KILOBITS * 1000 // rate + padding
    return sum(bits[1:]) / len(bits[1:])  # the first frame only carries LAME's notes


class SamplesTest(unittest.TestCase):
    def test_it_has_every_note_and_no_other_file(self) -> None:
        there = {path.relative_to(SAMPLES) for path in SAMPLES.glob("*/*")}
        self.assertEqual(there, set(expected_files()))

    def test_it_names_notes_with_flats_as_abcjs_asks(self) -> None:
        self.assertEqual(
            [note_name(p) for p in (24, 58, 60, 61, 66, 70, 96)], ["C1", "Bb3", "C4", "Db4", "Gb4", "Bb4", "C7"]
        )

    def test_it_covers_melodies_moved_by_an_octave(self) -> None:
        for voice in VOICES[:5]:
            self.assertLessEqual(voice.low, 55 - 12, voice.folder)
            self.assertGreaterEqual(voice.high, 83 + 12, voice.folder)

    def test_it_covers_the_bass_of_every_chord_on_the_default_instrument(self) -> None:
        piano = next(v for v in VOICES if v.program == 0)
        bass = next(v for v in VOICES if v.program == 32)
        self.assertLessEqual(max(piano.low, bass.low), 24)  # D/C moved down by a minor sixth

    def test_it_is_mono_mp3_at_the_stated_rate(self) -> None:
        for name in expected_files():
            head = first_frame((SAMPLES / name).read_bytes())
            self.assertEqual(head[0], 0xFF, name)
            self.assertEqual(head[1] & 0xFE, 0xFA, f"{name}: not MPEG 1 layer 3")
            self.assertEqual(head[2] >> 4, 3, f"{name}: 3 stands for {KILOBITS} kbit/s")
            self.assertIn(head[2] >> 2 & 3, RATES, name)
            self.assertEqual(head[3] >> 6, 3, f"{name}: 3 stands for one channel")

    def test_it_tells_decoders_the_delay_to_leave_out(self) -> None:
        for name in expected_files():
            self.assertIn(b"LAME", (SAMPLES / name).read_bytes()[:400], name)

    def test_it_is_not_silent(self) -> None:
        for name in expected_files():
            self.assertGreater(music_bits((SAMPLES / name).read_bytes()), 100, name)

    def test_it_is_long_enough_and_not_too_long(self) -> None:
        for name in expected_files():
            seconds = (SAMPLES / name).stat().st_size * 8 / (KILOBITS * 1000)
            self.assertTrue(0.5 < seconds < 3, f"{name}: {seconds:.2f} s")

    def test_it_stays_small_enough_to_serve(self) -> None:
        self.assertLess(sum((SAMPLES / name).stat().st_size for name in expected_files()), 4_200_000)

    def test_it_carries_its_licence(self) -> None:
        text = (SAMPLES / "LICENSE.md").read_text(encoding="utf-8")
        self.assertIn("Frank Wen", text)
        self.assertIn("permission notice shall be included", text)


class ScaleTest(unittest.TestCase):
    def test_it_writes_a_midi_file_with_each_note_once(self) -> None:
        voice = VOICES[-1]
        content = midi_scale(voice)
        self.assertEqual(content[:4], b"MThd")
        self.assertEqual(int.from_bytes(content[18:22], "big"), len(content) - 22)
        for pitch in range(voice.low, voice.high + 1):
            self.assertEqual(content.count(bytes((0x90, pitch, 100))), 1)
