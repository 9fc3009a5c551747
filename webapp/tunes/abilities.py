"""What can be asked of a composer, and what can be done with a tune that one of them wrote."""

from __future__ import annotations

from generator import DEFAULT_COMPOSER, BriefError, ComposerCard, Conditions, composer_cards, melody_steps
from webapp.tunes.models import Tune

ONE_MELODY = "This piece has several voices. What can be varied, continued, written again or chorded is one melody."
UNREADABLE = "These letters are no tune that can be read, so nothing can be made of its notes."
NOT_ASKED = "{} cannot be asked for this; it can only try again."


def card_of(composer: str) -> ComposerCard | None:
    """None for one that is no longer here, whose tunes are."""
    return next((card for card in composer_cards() if card.name == composer), None)


def follows_rules(composer: str) -> bool:
    """Whether it writes a melody under the rules of bars and form, and takes whatever was understood of a prompt."""
    card = card_of(composer)
    return card is None or card.kind == "tune"


def hears(composer: str) -> bool:
    card = card_of(composer)
    return card is None or card.hears


def asked_of(conditions: Conditions, composer: str) -> Conditions:
    """Without those conditions that the composer cannot be asked for."""
    card = card_of(composer)
    if card is None:
        return conditions
    return Conditions(**{name: getattr(conditions, name) for name in card.takes})


def tweaks_of(tune: Tune) -> tuple[str, ...] | None:
    """The taps that reach its composer; None where all do."""
    if follows_rules(tune.composer):
        return None
    takes = card_of(tune.composer).takes
    paced = ("faster", "slower") if "tempo_qpm" in takes and tune.conditions.get("tempo_qpm") else ()
    return (*paced, *(("other_key",) if "key" in takes else ()), "again")


def work_fault(tune: Tune) -> str:
    """Why nothing can be made of its notes; empty where something can."""
    if tune.is_midi_born:
        return ONE_MELODY
    if follows_rules(tune.composer) or tune.given:
        return ""
    try:
        melody_steps(tune.abc)
    except BriefError:
        return UNREADABLE
    return ""


def worker_on(tune: Tune) -> str:
    """The composer that goes on with its notes: its own, unless that one starts from nothing."""
    return tune.composer if follows_rules(tune.composer) else DEFAULT_COMPOSER
