"""A spoken prompt becomes text. English only; a recording is neither kept nor written down anywhere."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from generator.speech.recordings import LARGEST_WAV, SpeechError, made_ready, samples_of

__all__ = ["LARGEST_WAV", "Heard", "SpeechBusy", "SpeechError", "heard"]

_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 30.0  # seconds for one recording; one is usual where nothing else computes
_WAIT = 8.0  # seconds that a recording waits for the one before it
_SUREST_NOISE = 0.1  # confidence up to which words were rather made of noise
_one_at_a_time = threading.Lock()


class SpeechBusy(RuntimeError):
    """Recognition took too long, or others were waiting; soon it may do."""


@dataclass(frozen=True)
class Heard:
    text: str
    confidence: float  # 0 to 1: the mean posterior of the words


def heard(wav: bytes, *, patience: float = _PATIENCE) -> Heard:
    """The words in a WAV of 16 kHz, 16 bits, one channel, at most 12 s. Raises SpeechError, SpeechBusy."""
    sound = made_ready(samples_of(wav))
    if not _one_at_a_time.acquire(timeout=min(_WAIT, patience)):
        raise SpeechBusy("Several people are speaking at once. Try again in a few seconds.")
    try:
        text, confidence = _recognised(sound, patience)
    finally:
        _one_at_a_time.release()
    if not text or confidence <= _SUREST_NOISE:
        raise SpeechError("We heard a sound but no words that we know. Speak English, a little slower, or type.")
    return Heard(text, confidence)


def _recognised(sound: bytes, patience: float) -> tuple[str, float]:
    """In a process of its own: it holds Python's lock while it computes, and gives all its memory back."""
    command = [sys.executable, "-m", "generator.speech"]
    try:
        done = subprocess.run(command, input=sound, cwd=_ROOT, capture_output=True, timeout=patience, check=True)
    except subprocess.TimeoutExpired:
        # The error would carry the recording along; nobody shall find it in a log.
        raise SpeechBusy("Listening took too long. Try again in a moment, or type.") from None
    except subprocess.CalledProcessError as error:
        reason = error.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise RuntimeError(f"recognition of speech failed: {''.join(reason)}") from None
    return tuple(json.loads(done.stdout))
