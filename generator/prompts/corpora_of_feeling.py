"""Reads the published ratings that the feeling model is fitted on; knows files and scales, no model."""

from __future__ import annotations

import csv
import gzip
import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from generator.prompts.lexicon import read_terms
from generator.prompts.styles import styles

# Valence and arousal of the GoEmotions labels, placed by judgement on the scale of the lexicon.
_EMOTIONS = {
    "admiration": (0.6, 0.2), "amusement": (0.7, 0.6), "anger": (-0.7, 0.8), "annoyance": (-0.5, 0.5),
    "approval": (0.4, 0.1), "caring": (0.6, -0.3), "confusion": (-0.3, 0.2), "curiosity": (0.3, 0.3),
    "desire": (0.4, 0.4), "disappointment": (-0.6, -0.3), "disapproval": (-0.5, 0.3), "disgust": (-0.7, 0.4),
    "embarrassment": (-0.5, 0.2), "excitement": (0.7, 0.8), "fear": (-0.7, 0.7), "gratitude": (0.7, 0.0),
    "grief": (-0.8, -0.4), "joy": (0.8, 0.5), "love": (0.8, 0.0), "nervousness": (-0.5, 0.6),
    "optimism": (0.7, 0.3), "pride": (0.6, 0.5), "realization": (0.1, 0.1), "relief": (0.6, -0.3),
    "remorse": (-0.6, -0.3), "sadness": (-0.7, -0.5), "surprise": (0.3, 0.6),
}  # fmt: skip


@dataclass(frozen=True)
class Rated:
    """A text with its reading; `weight` says how near its kind is to a prompt for music."""

    text: str
    valence: float
    arousal: float
    weight: float
    source: str
    group: str  # what may not be split between fitting and testing


def read_all(folder: Path) -> list[Rated]:
    """Every source, the shipped lexicon and style words included."""
    return [*lexicon(), *style_words(), *glasgow(folder), *emobank(folder), *goemotions(folder)]


def lexicon() -> Iterable[Rated]:
    for term in read_terms():
        if term.language == "en":
            yield Rated(term.text, term.valence, term.arousal, 3.0, "lexicon", term.gloss)


def style_words() -> Iterable[Rated]:
    for style in styles().values():
        for phrase in style.description.split(", "):
            yield Rated(phrase, style.valence, style.arousal, 2.0, "styles", style.name)


def glasgow(folder: Path) -> Iterable[Rated]:
    """Words on scales of 1 to 9; a word's senses, told in brackets, stay in one group."""
    with (folder / "glasgow" / "glasgow_norms.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            word = row["Word"].replace("_", " ")
            valence, arousal = (float(row["Valence"]) - 5.1) / 3.5, (float(row["Arousal"]) - 5.0) / 2.6
            yield Rated(word, valence, arousal, 0.25, "glasgow", word.split(" (")[0])


def emobank(folder: Path, at_most: int = 4000) -> Iterable[Rated]:
    """Sentences on scales of 1 to 5, of which raters used the middle; only the training part is read."""
    with gzip.open(folder / "emobank" / "emobank.csv.gz", "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "train" and 15 < len(row["text"]) < 120]
    for row in _sample(rows, at_most):
        valence, arousal = (float(row["V"]) - 3.0) / 1.2, (float(row["A"]) - 3.05) / 0.9
        yield Rated(row["text"], valence, arousal, 0.4, "emobank", row["id"])


def goemotions(folder: Path, at_most: int = 5000) -> Iterable[Rated]:
    """Comments with one label; as many of each label as the rarest allow."""
    labels = (folder / "goemotions" / "labels.txt").read_text(encoding="utf-8").split()
    of_label: dict[str, list[str]] = {label: [] for label in _EMOTIONS}
    with gzip.open(folder / "goemotions" / "train.tsv.gz", "rt", encoding="utf-8") as file:
        for text, numbers, _ in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if numbers.isdigit() and labels[int(numbers)] in of_label and len(text) < 120:
                of_label[labels[int(numbers)]].append(text)
    for label, texts in of_label.items():
        for text in _sample(texts, at_most // len(of_label)):
            yield Rated(text, *_EMOTIONS[label], 0.3, "goemotions", text)


def _sample(rows: list, at_most: int) -> list:
    return random.Random(1).sample(rows, min(at_most, len(rows)))
