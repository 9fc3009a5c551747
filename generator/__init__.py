"""Music and tensors. What the web may use is listed in `__all__`; importing this loads no torch."""

from __future__ import annotations

import importlib

from generator.brief import (
    DEFAULT_COMPOSER,
    FORMS,
    GIVEN_TASKS,
    MAX_BARS,
    MAX_PROMPT_CHARACTERS,
    MAX_SEED,
    METERS,
    MIN_BARS,
    MODES,
    RHYTHMS,
    TONICS,
    TRADITIONS,
    AttemptRejected,
    Brief,
    BriefError,
    Check,
    ComposerCard,
    Conditions,
    Given,
    Interpretation,
    Keyword,
    NotesAdded,
    Piece,
    StyleMatch,
)

_LAZY = {
    "check_brief": "generator.validation",  # (Brief) -> None, raises BriefError
    "conditions_from_dict": "generator.validation",  # (Mapping) -> Conditions, raises BriefError
    "interpret": "generator.prompts",
    "style_names": "generator.prompts",
    "compose": "generator.pipeline",
    "compose_together": "generator.together",
    "warm_up": "generator.pipeline",
    "harmonise": "generator.given.chording",  # (abc, style=None) -> ABC text, raises BriefError
    "composer_cards": "generator.composers",  # a name of its own: `composers` is the subpackage
    "player_cards": "generator.composers",  # those that play a tune as sound
    "play": "generator.playing",  # (abc, *, player, seed, tempo_qpm) -> SoundAdded…, Sound; raises BriefError
    "SoundAdded": "generator.playing",
    "Sound": "generator.playing",
    "LONGEST_SECONDS": "generator.playing",
    "ComposerStory": "generator.stories",
    "Picture": "generator.stories",
    "Curve": "generator.stories",
    "composer_story": "generator.stories",  # (name) -> ComposerStory, raises KeyError
    "melody_steps": "generator.melody",  # (abc) -> signed diatonic steps, raises BriefError
    "midi_bytes": "generator.midi",
    "title_of": "generator.titles",
    "unnamed": "generator.plain_setting",  # (abc, tempo_qpm, chords) -> ABC text that tells nothing of its maker
    "has_chords": "generator.plain_setting",  # (abc) -> bool
    "KnownTune": "generator.known_tunes",
    "Heard": "generator.speech",
    "LARGEST_WAV": "generator.speech",
    "SpeechBusy": "generator.speech",
    "SpeechError": "generator.speech",
    "heard": "generator.speech",  # (wav) -> Heard, raises SpeechError, SpeechBusy; takes seconds, in a child process
    "public_domain_tunes": "generator.known_tunes",  # () -> KnownTune, one after the other; for workers: it takes long
}

__all__ = [
    "DEFAULT_COMPOSER",
    "FORMS",
    "GIVEN_TASKS",
    "MAX_BARS",
    "MAX_PROMPT_CHARACTERS",
    "MAX_SEED",
    "METERS",
    "MIN_BARS",
    "MODES",
    "RHYTHMS",
    "TONICS",
    "TRADITIONS",
    "AttemptRejected",
    "Brief",
    "BriefError",
    "Check",
    "ComposerCard",
    "Conditions",
    "Given",
    "Interpretation",
    "Keyword",
    "NotesAdded",
    "Piece",
    "StyleMatch",
    *_LAZY,
]


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module 'generator' has no attribute {name!r}")
    value = getattr(importlib.import_module(_LAZY[name]), name)
    globals()[name] = value
    return value
