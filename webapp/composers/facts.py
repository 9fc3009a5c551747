"""A composer's figures as the page shows them: the same ones for all, each with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from generator import ComposerCard, ComposerStory
from webapp.duels.models import Standing

NO_STARS = "nobody has given one of its public tunes a star yet"
NO_DUELS = "nobody has chosen between it and another yet"
NOT_IN_DUELS = "duels compare single melodies, and it writes something else"
PLAYS = "it writes no tunes: it plays them"
UNEQUAL = "duels ask both for so many bars, and it cannot be asked for that"
NOT_TOLD = "its training wrote no times down"
MEASURED = {
    "bits_per_character": ("Bits a character", "{:.3f}"),
    "parses": ("Samples that parse", "{:.1%}"),
    "bars_right": ("Bars right", "{:.1%}"),
    "near_duplicates": ("Near-duplicates", "{:.1%}"),
    "seconds": ("Seconds a tune", "{:.2g}"),
}
# What a row of the page tells at once; all of them stand in the table above and, with what they rest on, further in.
FIRST_TOLD = ("Weights", "Training", *(name for name, _ in MEASURED.values()))


@dataclass(frozen=True)
class Fact:
    """A figure as it is shown, and what it rests on; a dash where there is none, and why."""

    name: str
    shown: str
    told: str

    @property
    def is_missing(self) -> bool:
        return self.shown == "–"


def facts_of(
    card: ComposerCard, story: ComposerStory, stars: tuple[float, int] | None, duel: tuple[int, Standing] | None
) -> list[Fact]:
    """The same names in the same order for everybody."""
    size = Fact("Weights", f"{card.parameters:,}", f"checkpoint {card.checkpoint}")
    return [size, _training(story), *_measured(story), _stars(card, stars), _duel(card, duel)]


def _training(story: ComposerStory) -> Fact:
    shown = "–" if story.minutes is None else f"{story.minutes:.0f}\u00a0min"
    return Fact("Training", shown, story.training or NOT_TOLD)


def _measured(story: ComposerStory) -> list[Fact]:
    facts = []
    for name, (words, form) in MEASURED.items():
        figure = story.figures[name]
        facts.append(Fact(words, "–" if figure.value is None else _spaced(form.format(figure.value)), figure.told))
    return facts


def _stars(card: ComposerCard, stars: tuple[float, int] | None) -> Fact:
    if stars is None:
        return Fact("Listeners’ stars", "–", PLAYS if card.kind == "sound" else NO_STARS)
    average, count = stars
    return Fact("Listeners’ stars", f"{average:.1f}", f"of 5, from {count} rating{'' if count == 1 else 's'}")


def _duel(card: ComposerCard, duel: tuple[int, Standing] | None) -> Fact:
    if duel is None:
        return Fact("Place in duels", "–", _why_no_duel(card))
    place, row = duel
    return Fact("Place in duels", str(place), _spaced(f"preferred in {row.value:.0%} of {row.count}"))


def _why_no_duel(card: ComposerCard) -> str:
    if card.kind == "sound":
        return PLAYS
    if card.kind not in ("tune", "text"):
        return NOT_IN_DUELS
    return NO_DUELS if "bars" in card.takes else UNEQUAL


def _spaced(text: str) -> str:
    return text.replace("%", "\u00a0%")
