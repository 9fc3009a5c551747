"""Renders the notes that the WaveNet learns from: the flute of render_samples.py at 8 kHz, in one file, uncompressed.

Run once, when the sound shall change (the result is committed):
    apt install fluidsynth fluid-soundfont-gm
    .venv/bin/python -m webapp.ops.render_notes
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from webapp.ops.places import ROOT
from webapp.ops.render_samples import RATE, SOUND_FONT, Voice, levelled, notes_of, render, trimmed

NOTES = ROOT / "generator" / "flute_notes.npz"
LOWER_RATE = 8000
FLUTE = Voice("flute", 73, 55, 86, 2.5)  # G3 to D6; what lies outside is moved by octaves


def lowered(sound: np.ndarray) -> np.ndarray:
    """At 8 kHz, as 16-bit integers."""
    slow = resample_poly(sound, LOWER_RATE // 100, RATE // 100)
    return (slow.clip(-1, 1) * 32767).round().astype("<i2")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sound-font", type=Path, default=SOUND_FONT)
    parser.add_argument("--out", type=Path, default=NOTES)
    asked = parser.parse_args()
    pitches = range(FLUTE.low, FLUTE.high + 1)
    with tempfile.TemporaryDirectory() as folder:
        sounds = notes_of(render(FLUTE, asked.sound_font, Path(folder)), len(pitches))
    notes = [lowered(levelled(trimmed(sound, FLUTE.seconds))) for sound in sounds]
    starts = np.cumsum([0, *map(len, notes)])
    np.savez_compressed(asked.out, sound=np.concatenate(notes), starts=starts, lowest=FLUTE.low)
    print(f"{asked.out}: {len(notes)} notes, {asked.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
