"""Ranks the chord styles for a reading; knows vectors and distances, no words."""

from __future__ import annotations

import numpy as np

from generator.brief import Conditions
from generator.prompts.regression import feeling_model
from generator.prompts.styles import Style, styles

_DISTANCE_WEIGHT = 0.25
_RHYTHM_BONUS, _MODE_BONUS = 0.15, 0.2


def rank_styles(
    vector: np.ndarray | None, valence: float, arousal: float, given: Conditions
) -> list[tuple[Style, float]]:
    """Every style with its score, best first: cosine(prompt, descriptor) − .25·‖feeling − style‖².

    A style that already has the rhythm or mode that was asked for is nearer to what is wanted.
    """
    rows = feeling_model().styles
    cosines = rows @ vector if vector is not None else np.zeros(len(rows))
    scored = [
        (style, _score(style, float(cosine), valence, arousal, given))
        for style, cosine in zip(styles().values(), cosines, strict=True)
    ]
    return sorted(scored, key=lambda pair: -pair[1])


def _score(style: Style, cosine: float, valence: float, arousal: float, given: Conditions) -> float:
    distance = (valence - style.valence) ** 2 + (arousal - style.arousal) ** 2
    bonus = _RHYTHM_BONUS * (given.rhythm in {rhythm for rhythm, _ in style.rhythms})
    bonus += _MODE_BONUS * (given.mode in style.modes)
    return cosine - _DISTANCE_WEIGHT * distance + bonus
