"""What the front page offers to choose from, and how it says what it understood."""

from __future__ import annotations

import random
from collections.abc import Iterable

from generator import (
    FORMS,
    METERS,
    MODES,
    RHYTHMS,
    TONICS,
    TRADITIONS,
    ComposerCard,
    Conditions,
    Interpretation,
    composer_cards,
    style_names,
)
from webapp.tunes.abilities import tweaks_of, work_fault
from webapp.tunes.givens import USUAL_STRENGTH
from webapp.tunes.models import Tune, Visibility
from webapp.tunes.own_forms import WorkForm
from webapp.tunes.reworking import STRENGTHS, WORK_NAMES, longer
from webapp.tunes.tweaks import TWEAKS

SLOW_BELOW, QUICK_ABOVE = 90, 150  # quarter notes a minute
EXAMPLES = 12
# What can be set on the front page.
CONDITION_WORDS = {
    "key": "key", "mode": "mode", "meter": "meter", "rhythm": "rhythm", "form": "form", "tradition": "tradition",
    "bars": "bars", "tempo_qpm": "tempo", "style": "chord style",
}  # fmt: skip
# A form that is not named here is shown as it is written.
FORM_NAMES = {
    "AABB": "AABB, each part twice",
    "AABA": "AABA, the first comes back",
    "ABAC": "ABAC, the first in between",
    "AABBCC": "AABBCC, three parts",
    "AB": "AB, two parts once",
    "AA": "AA, one part twice",
    "A": "A, one part once",
    "ABCD": "ABCD, through-composed",
}

# Value, name, and who that is.
VISIBILITIES = (
    (Visibility.DRAFT, "Draft", "only you; still in the making"),
    (Visibility.PRIVATE, "Private", "only you"),
    (Visibility.UNLISTED, "Unlisted", "whoever has the link"),
    (Visibility.PUBLIC, "Public", "everybody: in the gallery, given away under CC0"),
)


def choices() -> dict[str, list[tuple[str, str]]]:
    """Value and label of everything that can be chosen."""
    return {
        "keys": [(key, _sharp_or_flat(key)) for key in TONICS],
        "modes": _as_they_are(MODES),
        "meters": _as_they_are(METERS),
        "rhythms": _as_they_are(RHYTHMS),
        "forms": [(name, FORM_NAMES.get(name, name)) for name in FORMS],
        "traditions": _as_they_are(TRADITIONS),
        "styles": [(name, name.replace("_", " ")) for name in style_names()],
        "composers": [(card.name, card.title) for card in composer_cards()],
        "cards": [(card, *not_taken(card)) for card in composer_cards()],
    }


def not_taken(card: ComposerCard) -> tuple[str, str]:
    """What a composer can be asked for, and what it cannot, in words; empty where it takes all."""
    names = [word for name, word in CONDITION_WORDS.items() if name in card.takes]
    missing = [word for name, word in CONDITION_WORDS.items() if name not in card.takes]
    return (_listed(names, "and"), _listed(missing, "or")) if missing else ("", "")


def _listed(words: list[str], last: str) -> str:
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


def tweaks(tune: Tune) -> list[tuple[str, str]]:
    """The taps that reach the tune's composer."""
    offered = tweaks_of(tune)
    return [(value, label) for value, label in TWEAKS if offered is None or value in offered]


def works(tune: Tune | None, form: WorkForm | None) -> dict:
    """What can be done with music that is there, as it was last set."""
    return {
        "form": form or WorkForm(),
        "task": form["task"].value() if form else None,
        "strengths": STRENGTHS,
        "strength": str((form["strength"].value() if form else None) or USUAL_STRENGTH),
        "styles": [(name, name.replace("_", " ")) for name in style_names()],
        "length": (form["length"].value() if form else None) or (longer(tune) if tune else None),
        "names": WORK_NAMES,
        "fault": work_fault(tune) if tune and tune.is_ready else "",
    }


def examples() -> list[str]:
    """For "surprise me": a feeling and a dance, thrown together anew each time."""
    styles = random.sample(tuple(style_names()), k=min(EXAMPLES, len(style_names())))
    return [f"{style.replace('_', ' ')}, {_article(random.choice(RHYTHMS))}" for style in styles]


def summary(interpretation: Interpretation) -> str:
    """One line under the box: "Hopeful: I V vi IV, a slow reel in D"."""
    conditions = interpretation.conditions
    tune = f"{_article(_described(conditions))} in {_key(conditions)}"
    match = next((style for style in interpretation.styles if style.name == conditions.style), None)
    match = match or next(iter(interpretation.styles), None)
    if match is None:
        return tune[0].upper() + tune[1:]
    name = match.name.replace("_", " ")
    return f"{name[0].upper()}{name[1:]}: {' '.join(match.progression)}, {tune}"


def _described(conditions: Conditions) -> str:
    rhythm = conditions.rhythm or "tune"
    tempo = conditions.tempo_qpm
    if tempo is None or SLOW_BELOW <= tempo <= QUICK_ABOVE:
        return rhythm
    return f"slow {rhythm}" if tempo < SLOW_BELOW else f"quick {rhythm}"


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _key(conditions: Conditions) -> str:
    mode = "" if conditions.mode in (None, "major") else f" {conditions.mode}"
    return f"{conditions.key or 'any key'}{mode}"


def _sharp_or_flat(key: str) -> str:
    return key.replace("#", "♯") if key.endswith("#") else f"{key[0]}♭" if key.endswith("b") else key


def _as_they_are(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]
