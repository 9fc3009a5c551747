"""Finds words in sound with pocketsphinx. Run in a process of its own: its computing stops everything beside it."""

from __future__ import annotations

import re
from pathlib import Path

import pocketsphinx

from generator.speech.recordings import RATE

FOLDER = Path(__file__).parent  # build.py writes words.dict and words.arpa
MODEL = Path(pocketsphinx.get_model_path()) / "en-us"
_LANGUAGE_WEIGHT = 8.0
_NO_WORD = re.compile(r"^[<\[+]")  # <sil>, [NOISE], ++BREATH++


class Recogniser:
    """Holds the model; hears one recording after the other."""

    def __init__(self) -> None:
        pocketsphinx.set_loglevel("FATAL")
        files = {"hmm": MODEL / "en-us", "dict": FOLDER / "words.dict", "lm": FOLDER / "words.arpa"}
        self.decoder = pocketsphinx.Decoder(
            **{name: str(path) for name, path in files.items()}, lw=_LANGUAGE_WEIGHT, samprate=RATE
        )

    def hear(self, sound: bytes) -> tuple[str, float]:
        """(text, confidence from 0 to 1) of 16-bit samples."""
        self.decoder.start_utt()
        self.decoder.process_raw(sound, full_utt=True)
        self.decoder.end_utt()
        found = self.decoder.hyp()
        return (found.hypstr, self._confidence()) if found else ("", 0.0)

    def _confidence(self) -> float:
        """The mean posterior of the words, silence aside."""
        chances = [min(1.0, found.prob) for found in self.decoder.seg() if not _NO_WORD.match(found.word)]
        return round(sum(chances) / len(chances), 3) if chances else 0.0
