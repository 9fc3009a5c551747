"""Has espeak-ng say a prompt, as a WAV like those that the page sends. For measuring and tests only."""

from __future__ import annotations

import io
import shutil
import subprocess
import wave

import numpy as np

from generator.speech.recordings import RATE

PAUSE = 0.3  # seconds before and after


def is_installed() -> bool:
    return shutil.which("espeak-ng") is not None


def spoken(text: str, *, voice: str = "en-us", speed: int = 150, noise_db: float | None = None, seed: int = 0) -> bytes:
    """WAV bytes. `noise_db`: white noise so many decibels below the speech."""
    command = ["espeak-ng", "-v", voice, "-s", str(speed), "--stdout", text]
    said = subprocess.run(command, capture_output=True, check=True).stdout
    with wave.open(io.BytesIO(said)) as file:
        rate, samples = file.getframerate(), np.frombuffer(said[44:], dtype="<i2").astype(np.float64)
    sound = np.pad(_at_our_rate(samples, rate), int(PAUSE * RATE))
    if noise_db is not None:
        loudness = np.sqrt((sound**2).mean()) * 10 ** (-noise_db / 20)
        sound = sound + np.random.default_rng(seed).normal(size=len(sound)) * loudness
    return wav_of(sound * 0.5)


def wav_of(sound: np.ndarray, rate: int = RATE) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.clip(sound, -32768, 32767).astype("<i2").tobytes())
    return out.getvalue()


def _at_our_rate(samples: np.ndarray, rate: int) -> np.ndarray:
    """Through the spectrum: what is above half our rate is left out."""
    length = int(len(samples) * RATE / rate)
    spectrum = np.fft.rfft(samples)[: length // 2 + 1]
    return np.fft.irfft(spectrum, length) * length / len(samples)
