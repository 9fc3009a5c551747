"""Reads a recording and refuses what is none; knows sound, no words."""

from __future__ import annotations

import io
import wave

import numpy as np

RATE = 16_000  # samples a second, as the acoustic model wants them
LONGEST = 12.0  # seconds; the page stops at eight
SHORTEST = 0.3
LARGEST_WAV = 2 * int(RATE * LONGEST) + 4096  # bytes: one channel of 16 bits, and room for a header
_FAINTEST = 60.0  # root mean square of the loudest tenth of a second, of 32768: below it nobody spoke
_FRAME = RATE // 10
# A recording without any noise is further from those that the acoustic model learned from than one with some (LOG.md).
# It is a room's, falling by 3 decibels an octave: noise that is as strong up to the top covers what tells S from F.
_FLOOR_BELOW_SPEECH = 25.0  # decibels
_LOWEST = 50.0  # Hz; below it the floor rises no more


class SpeechError(ValueError):
    """What is wrong with a recording, in words for the person who made it."""


def samples_of(wav: bytes) -> np.ndarray:
    """(samples,) float64 of one channel; raises SpeechError."""
    if not wav:
        raise SpeechError("The recording is empty. Please try again.")
    if len(wav) > LARGEST_WAV:
        raise SpeechError(f"That recording is too long. Say it in at most {LONGEST:.0f} seconds.")
    sound = _read(wav)
    if len(sound) < SHORTEST * RATE:
        raise SpeechError("That was too short to hear. Speak for a second or two.")
    if _loudest(sound) < _FAINTEST:
        raise SpeechError("We heard only silence. Check the microphone and speak a little louder.")
    return sound


def _read(wav: bytes) -> np.ndarray:
    try:
        with wave.open(io.BytesIO(wav)) as file:
            shape = (file.getnchannels(), file.getsampwidth(), file.getframerate())
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError, RuntimeError, ValueError, MemoryError) as error:
        raise SpeechError("That is not a recording we can read: we take WAV.") from error
    if shape != (1, 2, RATE):
        raise SpeechError(f"We take WAV with one channel, 16 bits and {RATE} samples a second.")
    return np.frombuffer(frames[: len(frames) // 2 * 2], dtype="<i2").astype(np.float64)


def _loudest(sound: np.ndarray) -> float:
    frames = sound[: len(sound) // _FRAME * _FRAME].reshape(-1, _FRAME)  # (tenths of a second, samples)
    centred = frames - frames.mean(axis=1, keepdims=True)  # a constant is no sound
    return float(np.sqrt((centred**2).mean(axis=1).max()))


def made_ready(sound: np.ndarray) -> bytes:
    """Evenly loud, over a floor of noise that is the same each time: 16-bit samples for the recogniser."""
    sound = sound - sound.mean()
    loudness = np.sqrt((sound**2).mean())
    even = (sound / loudness + _room(len(sound)) * 10 ** (-_FLOOR_BELOW_SPEECH / 20)) * 2000
    return np.clip(even, -32768, 32767).astype("<i2").tobytes()


def _room(length: int) -> np.ndarray:
    """Pink noise, as loud as 1 on average: every octave has as much of it."""
    spectrum = np.fft.rfft(np.random.default_rng(0).normal(size=length))
    pitches = np.linspace(0, RATE / 2, len(spectrum))
    noise = np.fft.irfft(spectrum / np.sqrt(np.maximum(pitches, _LOWEST)), length)
    return noise / noise.std()
