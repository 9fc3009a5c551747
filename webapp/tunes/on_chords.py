"""A tune on chords that a composer of chords wrote: the default composer is given them, and makes a child of theirs."""

from __future__ import annotations

from generator import DEFAULT_COMPOSER, Brief, Conditions, check_brief, composer_cards, conditions_from_dict
from webapp.tunes.briefs import understood
from webapp.tunes.listeners import Listener
from webapp.tunes.models import Tune
from webapp.tunes.reworking import ON_CHORDS
from webapp.tunes.services import new_seed, tune_request
from webapp.tunes.tweaks import WORDLESS

GIVEN = ("key", "mode", "meter", "bars", "chords")


def has_bare_chords(tune: Tune) -> bool:
    """Whether it is chords alone, which wait for a melody."""
    kinds = {card.name: card.kind for card in composer_cards()}
    return tune.is_ready and kinds.get(tune.composer) == "chords" and bool(tune.conditions.get("chords"))


def tune_on_chords(*, tune: Tune, listener: Listener, once: str = "") -> Tune:
    """Raises BriefError where the chords cannot be composed on."""
    found = conditions_from_dict(tune.conditions)
    asked = Conditions(**{name: getattr(found, name) for name in GIVEN})
    brief = Brief(tune.prompt or WORDLESS, asked, new_seed(), DEFAULT_COMPOSER)
    check_brief(brief)
    was = understood(brief, (tune.valence, tune.arousal))
    return tune_request(brief=brief, interpretation=was, listener=listener, once=once, parent=tune, tweak=ON_CHORDS)
