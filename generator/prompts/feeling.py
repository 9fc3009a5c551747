"""Mixes what the lexicon and the fitted model say of a prompt into one valence and one arousal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from generator.prompts.keywords import Hit, find_hits
from generator.prompts.language import detect
from generator.prompts.minilm import encoder
from generator.prompts.regression import feeling_model

# How much each voice counts against a plain feeling word of full strength, which counts 1.
# A prompt that names no feeling is a picture, and a picture is more than its things.
WHOLE_PROMPT, WHOLE_PICTURE, UNKNOWN_WORD = 0.5, 1.0, 0.25
_UNKNOWN_WORDS_AT_MOST = 4
# A negated feeling swings to the other side, but not as far: "not sad" is less than glad, and hardly lively.
_TURNED_VALENCE, _TURNED_AROUSAL = -0.75, -0.4
_SOFTENED_AROUSAL = -0.6
_FAINT = 0.15  # what a word without any valence (slow) still weighs for it


@dataclass(frozen=True)
class Reading:
    """A prompt understood. `vector` is the whole prompt in MiniLM's space; None when nothing could be read."""

    valence: float
    arousal: float
    language: str
    hits: tuple[Hit, ...]
    vector: np.ndarray | None


@dataclass(frozen=True)
class Voice:
    """One opinion: valence and arousal with the weight of each."""

    valence: float
    arousal: float
    valence_weight: float
    arousal_weight: float


@lru_cache(maxsize=256)
def read_feeling(prompt: str) -> Reading:
    """The feeling of a prompt in [-1, 1]²; (0, 0) when it has no word. Kept, since each keystroke asks again."""
    language = _language(prompt)
    hits = find_hits(prompt, language)
    if not hits:
        return Reading(0.0, 0.0, language, (), None)
    unknown = [hit for hit in hits if hit.term is None][:_UNKNOWN_WORDS_AT_MOST]
    if language not in ("en", "und"):
        unknown = []  # the encoder reads English only
    whole = _readable(prompt, language, hits)
    vectors = encoder().encode([whole, *(hit.text for hit in unknown)])
    guesses = feeling_model().read(vectors)
    voices = [_spoken(hit) for hit in _softened(hits) if hit.term is not None]
    voices += [_guessed(guess, hit) for guess, hit in zip(guesses[1:], unknown, strict=True)]
    voices.append(_plain_voice(guesses[0], _trust_in_whole(hits)))
    valence, arousal = blend(voices)
    return Reading(valence, arousal, language, hits, vectors[0])


def _language(prompt: str) -> str:
    """English when nothing tells, yet most words are whole words to the English tokenizer."""
    language = detect(prompt)
    if language != "und" or not prompt.isascii():
        return language
    words = [word for word in prompt.lower().split() if word.isalpha()]
    whole = sum(encoder().tokenizer.token_to_id(word) is not None for word in words)
    return "en" if whole and whole * 2 >= len(words) else "und"


def _readable(prompt: str, language: str, hits: Sequence[Hit]) -> str:
    """The prompt in English words. Negated ones stay out: MiniLM reads "not sad" as sad."""
    if language == "en" and not any(hit.negated for hit in hits):
        return prompt
    said = [hit for hit in hits if not hit.negated] or hits
    return " ".join(hit.term.gloss if hit.term and language != "en" else hit.text for hit in said)


def _trust_in_whole(hits: Sequence[Hit]) -> float:
    """Nothing is left to read where every word is negated; where no word is known, it is all there is."""
    if all(hit.negated for hit in hits):
        return 0.0
    weight = WHOLE_PROMPT if any(hit.term and hit.term.subject == "feelings" for hit in hits) else WHOLE_PICTURE
    return weight * 0.4 if any(hit.negated for hit in hits) else weight


def _softened(hits: Sequence[Hit]) -> list[Hit]:
    """ "Joyful without being wild" takes the pace away and leaves the joy: both point the same way."""
    said = sum(hit.term.valence for hit in hits if hit.term and not hit.negated)
    return [
        replace(hit, softened=True) if hit.negated and hit.term and hit.term.valence * said > 0 else hit for hit in hits
    ]


def _spoken(hit: Hit) -> Voice:
    term = hit.term
    assert term is not None
    valence, arousal = term.valence, term.arousal
    weight = term.trust * hit.emphasis * min(hit.intensity, 1.5)
    if hit.softened:
        return Voice(0.0, _SOFTENED_AROUSAL * arousal, 0.0, 1.6 * weight)
    if hit.negated:
        valence, arousal = valence * _TURNED_VALENCE, arousal * _TURNED_AROUSAL
    valence, arousal = _clipped(valence * hit.intensity), _clipped(arousal * hit.intensity)
    return Voice(valence, arousal, weight * (abs(valence) + _FAINT), weight * (abs(arousal) + _FAINT))


def _guessed(guess: np.ndarray, hit: Hit) -> Voice:
    valence, arousal = (float(number) for number in guess)
    if hit.negated:
        valence, arousal = valence * _TURNED_VALENCE, arousal * _TURNED_AROUSAL
    return _plain_voice(np.array([valence, arousal]), UNKNOWN_WORD * hit.emphasis)


def _plain_voice(guess: np.ndarray, weight: float) -> Voice:
    return Voice(_clipped(float(guess[0])), _clipped(float(guess[1])), weight, weight)


def _clipped(number: float) -> float:
    return max(-1.0, min(1.0, number))


def blend(voices: Sequence[Voice]) -> tuple[float, float]:
    """Weighted means, valence and arousal apart: a word may be sure of one and say little of the other."""
    valence_weight = sum(voice.valence_weight for voice in voices)
    arousal_weight = sum(voice.arousal_weight for voice in voices)
    valence = sum(voice.valence * voice.valence_weight for voice in voices) / valence_weight if valence_weight else 0.0
    arousal = sum(voice.arousal * voice.arousal_weight for voice in voices) / arousal_weight if arousal_weight else 0.0
    return round(_clipped(valence), 3), round(_clipped(arousal), 3)
