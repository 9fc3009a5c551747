"""Counts the feeling words found in prompts that espeak-ng speaks: `python -m generator.speech.measure`.

`--half first|second|both` of spoken.txt, `--voice NAME`, `--noise DB` below the speech, `--list` shows what went wrong.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from pathlib import Path

from generator.speech.espeak import spoken
from generator.speech.recognition import Recogniser
from generator.speech.recordings import made_ready, samples_of

PROMPTS = Path(__file__).with_name("spoken.txt")
VOICES = {
    "en-us": 150,
    "en-us+f3": 140,
    "en-us+m3": 175,
    "en-gb": 150,
    "en-gb+f2": 130,
    "en-gb-scotland": 150,
}  # words a minute


def prompts(half: str) -> list[tuple[str, list[str]]]:
    """(what is said, its feeling words)."""
    halves = PROMPTS.read_text(encoding="utf-8").split("---\n")
    text = {"first": halves[0], "second": halves[1], "both": "".join(halves)}[half]
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.replace("*", ""), re.findall(r"\*(\w+)\*", line)) for line in lines]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=["first", "second", "both"], default="second")
    parser.add_argument("--noise", type=float)
    parser.add_argument("--voice", choices=list(VOICES), help="one instead of all")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    recogniser = Recogniser()
    found_of_all = words_of_all = 0
    for voice in [options.voice] if options.voice else VOICES:
        found, words, seconds = _measured(recogniser, options, voice, VOICES[voice])
        found_of_all, words_of_all = found_of_all + found, words_of_all + words
        sys.stdout.write(f"{voice:16} {found:3} of {words:3}  {found / words:.3f}  {seconds:.2f} s a prompt\n")
    sys.stdout.write(f"{'all':16} {found_of_all:3} of {words_of_all:3}  {found_of_all / words_of_all:.3f}\n")


def _measured(recogniser: Recogniser, options: argparse.Namespace, voice: str, speed: int) -> tuple[int, int, float]:
    found = words = 0
    seconds = 0.0
    asked = prompts(options.half)
    for number, (text, feelings) in enumerate(asked):
        wav = spoken(text, voice=voice, speed=speed, noise_db=options.noise, seed=number)
        start = time.perf_counter()
        said, _ = recogniser.hear(made_ready(samples_of(wav)))
        seconds += time.perf_counter() - start
        right = sum(feeling in said.split() for feeling in feelings)
        found, words = found + right, words + len(feelings)
        if options.list and right < len(feelings):
            sys.stdout.write(f"    {text} | {said}\n")
    return found, words, seconds / len(asked)


if __name__ == "__main__":
    main()
