"""Renders the sounds in static/samples from a General MIDI sound font, note by note; the pages only ever read them.

Run once, when the sounds shall change (the results are committed):
    apt install fluidsynth fluid-soundfont-gm lame
    .venv/bin/python -m webapp.ops.render_samples
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from webapp.ops.places import ROOT

SAMPLES = ROOT / "static" / "samples"
SOUND_FONT = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
RATE = 44100
KILOBITS = 48
SPACING = 5  # seconds between two notes in the rendering, long enough for the last one to die away
NAMES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")  # abcjs asks for flats only
LOUDNESS = 0.1  # root mean square of the first half second, the same for all, so that instruments can be exchanged
PEAK = 0.8  # several notes sound at once, and the browser clips at 1


@dataclass(frozen=True)
class Voice:
    """One instrument: its General MIDI program, its range in MIDI pitches, how long a note lasts."""

    folder: str
    program: int
    low: int
    high: int
    seconds: float
    core: tuple[int, int] = (55, 83)  # G3 to B5, where composers write; outside it notes are cut shorter


# abcjs plays a chord symbol's bass between C1 and E3 and its upper notes between Ab2 and Gb5, on the piano where
# nothing else is said. Melodies have room to be moved an octave up or down.
VOICES = (
    Voice("violin-mp3", 40, 36, 96, 2.5),
    Voice("flute-mp3", 73, 36, 96, 2.5),
    Voice("accordion-mp3", 21, 36, 96, 2.5),
    Voice("acoustic_guitar_nylon-mp3", 24, 28, 96, 2.0, (40, 83)),
    Voice("acoustic_grand_piano-mp3", 0, 24, 96, 2.0, (40, 83)),
    Voice("acoustic_bass-mp3", 32, 24, 60, 1.6, (24, 52)),
)


def note_name(pitch: int) -> str:
    """MIDI 60 is C4, 70 is Bb4."""
    return f"{NAMES[pitch % 12]}{pitch // 12 - 1}"


def expected_files() -> list[Path]:
    """Every sample the pages may ask for, relative to static/samples."""
    return [Path(v.folder) / f"{note_name(p)}.mp3" for v in VOICES for p in range(v.low, v.high + 1)]


def variable_length(number: int) -> bytes:
    """A MIDI delta time."""
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(0x80 | number & 0x7F)
    return bytes(reversed(groups))


def midi_scale(voice: Voice) -> bytes:
    """A MIDI file that holds each note of the range in turn. 1000 ticks a beat, one beat a second."""
    track = b"\x00\xff\x51\x03" + (1_000_000).to_bytes(3, "big") + bytes((0, 0xC0, voice.program))
    rest = 0
    for pitch in range(voice.low, voice.high + 1):
        track += variable_length(rest) + bytes((0x90, pitch, 100))
        track += variable_length(3000) + bytes((0x80, pitch, 0))
        rest = SPACING * 1000 - 3000
    track += b"\x00\xff\x2f\x00"
    head = b"MThd" + (6).to_bytes(4, "big") + b"\x00\x00\x00\x01" + (1000).to_bytes(2, "big")
    return head + b"MTrk" + len(track).to_bytes(4, "big") + track


def render(voice: Voice, sound_font: Path, folder: Path) -> np.ndarray:
    """The whole scale as mono samples, dry: a room belongs to the listener.

    One channel alone: the piano's two were recorded apart and cancel each other out when they are summed.
    """
    scale, raw = folder / "scale.mid", folder / "scale.raw"
    scale.write_bytes(midi_scale(voice))
    options = ["-ni", "-q", "-R", "0", "-C", "0", "-g", "0.5", "-r", str(RATE), "-O", "float", "-T", "raw"]
    subprocess.run(["fluidsynth", *options, "-F", str(raw), str(sound_font), str(scale)], check=True)
    return np.fromfile(raw, dtype="<f4").reshape(-1, 2)[:, 0]


def notes_of(scale: np.ndarray, count: int) -> list[np.ndarray]:
    """The scale cut into its notes. A gap in the sound font (the violin's Bb6) is filled from the note below."""
    notes = [scale[place * SPACING * RATE : (place + 1) * SPACING * RATE] for place in range(count)]
    for place, sound in enumerate(notes):
        if np.abs(sound).max() < 0.001:
            below = notes[place - 1]
            notes[place] = np.interp(np.arange(0, len(below), 2 ** (1 / 12)), np.arange(len(below)), below)
    return notes


def trimmed(sound: np.ndarray, seconds: float) -> np.ndarray:
    """The note from its attack on, for at most `seconds`, without the inaudible tail, faded out.

    A violin's or flute's long swell is left out: the eighth notes of a reel are over before it would be heard.
    """
    level = np.abs(sound)
    rise = RATE // 200
    start = max(0, int(np.argmax(level > 0.2 * level[: RATE // 2].max())) - rise)
    sound = sound[start : start + int(seconds * RATE)].copy()
    loud = np.flatnonzero(np.abs(sound) > 0.003 * np.abs(sound).max())
    sound = sound[: loud[-1] + 1]
    sound[:rise] *= np.linspace(0, 1, rise)  # a cut note would begin with a click
    fade = min(len(sound) // 4, RATE // 4)
    sound[-fade:] *= np.cos(np.linspace(0, np.pi / 2, fade))
    return sound


def levelled(sound: np.ndarray) -> np.ndarray:
    """As loud as the others, and never above the peak limit."""
    heard = sound[: RATE // 2]
    sound = sound * (LOUDNESS / np.sqrt(np.mean(heard**2)))
    return sound * min(1.0, PEAK / np.abs(sound).max())


def encode(sound: np.ndarray, target: Path, folder: Path) -> None:
    """An MP3 whose header tells the encoder's delay, so that decoders leave out its silence."""
    plain = folder / "note.wav"
    with wave.open(str(plain), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((sound * 32767).round().astype("<i2").tobytes())
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["lame", "--quiet", "-m", "m", "-b", str(KILOBITS), "-q", "0", str(plain), str(target)], check=True)


def render_voice(voice: Voice, sound_font: Path, out: Path) -> int:
    """Writes one instrument's folder and returns its size in bytes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pitches = range(voice.low, voice.high + 1)
        for pitch, sound in zip(pitches, notes_of(render(voice, sound_font, folder), len(pitches)), strict=True):
            inside = voice.core[0] <= pitch <= voice.core[1]
            seconds = voice.seconds if inside else voice.seconds * 0.55
            encode(levelled(trimmed(sound, seconds)), out / voice.folder / f"{note_name(pitch)}.mp3", folder)
    return sum(file.stat().st_size for file in (out / voice.folder).glob("*.mp3"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sound-font", type=Path, default=SOUND_FONT)
    parser.add_argument("--out", type=Path, default=SAMPLES)
    asked = parser.parse_args()
    for voice in VOICES:
        size = render_voice(voice, asked.sound_font, asked.out)
        print(f"{voice.folder}: {note_name(voice.low)} to {note_name(voice.high)}, {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
