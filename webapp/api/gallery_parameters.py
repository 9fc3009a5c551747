"""What may be asked of the gallery, as the schema tells it; webapp/gallery/query.py reads it."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter

from generator import METERS, MODES, RHYTHMS, TONICS, composer_cards, style_names
from webapp.gallery.query import MOST_BARS, SORTS


def _text(name: str, told: str, among: tuple[str, ...] = ()) -> OpenApiParameter:
    return OpenApiParameter(name, str, description=told, enum=among or None)


def _ends(name: str, told: str, kind: dict) -> list[OpenApiParameter]:
    return [OpenApiParameter(f"{name}_{end}", kind, description=f"{told}: the {end}est.") for end in ("low", "high")]


AXIS = {"type": "number", "minimum": -1, "maximum": 1}
BARS = {"type": "integer", "minimum": 1, "maximum": MOST_BARS}
GALLERY = [
    _text("words", "Words in titles, prompts, tags, makers' names and comments; typing errors are forgiven."),
    _text("notes", "A few notes, as in D F A d: tunes that contain them, in any key and any rhythm."),
    *_ends("valence", "Sad (-1) to glad (1)", AXIS),
    *_ends("arousal", "Calm (-1) to lively (1)", AXIS),
    _text("style", "A chord style.", tuple(style_names())),
    _text("key", "The tonic.", tuple(TONICS)),
    _text("mode", "The mode.", tuple(MODES)),
    _text("meter", "The meter.", tuple(METERS)),
    _text("rhythm", "The dance.", tuple(RHYTHMS)),
    _text("composer", "Who composed it.", tuple(card.name for card in composer_cards())),
    _text("maker", "The slug of a maker."),
    _text("tag", "A tag."),
    *_ends("bars", "Number of bars", BARS),
    _text("chords", "With chords, or without.", ("yes", "no")),
    _text("sort", f"In which order; {SORTS[0]} when absent.", SORTS),
]
