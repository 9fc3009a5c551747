"""The road on one screen: prompt → language → keywords → feeling → style → conditions."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace

from generator.brief import BriefError, Conditions, Interpretation, Keyword, StyleMatch
from generator.prompts.attributes import fill
from generator.prompts.feeling import Reading, read_feeling
from generator.prompts.keywords import Hit
from generator.prompts.musicwords import MusicWords, find_music_words
from generator.prompts.ranking import rank_styles
from generator.prompts.styles import Style, style_names, styles

OFFERED = 3
_KEYWORDS_AT_MOST = 12
_READ_CHARACTERS = 1000  # of a prompt far beyond the limit; check_brief refuses it, a preview still answers


def interpret(
    prompt: str,
    *,
    asked: Conditions | None = None,
    feeling: tuple[float, float] | None = None,
    style: str | None = None,
    seed: int = 0,
) -> Interpretation:
    """What is understood of a prompt, with every condition filled in. The same input gives the same answer.

    `asked` wins over music words in the prompt, those over feeling and style. Raises BriefError on an unknown style.
    """
    asked = asked or Conditions()
    text = prompt[:_READ_CHARACTERS]
    reading = read_feeling(text)
    words = find_music_words(text)
    valence, arousal = _within(feeling) if feeling is not None else (reading.valence, reading.arousal)
    given = _reconciled(asked, words)
    ranked = rank_styles(reading.vector, valence, arousal, given)
    chance = random.Random(_mixed(prompt, seed))
    chosen = _led_by_chance(_chosen(style or asked.style, ranked), chance)
    matches = _offered(chosen, ranked)
    conditions = fill(given, valence=valence, arousal=arousal, style=chosen, pace=words.pace, chance=chance)
    return Interpretation(_keywords(reading), valence, arousal, reading.language, matches, conditions)


def _within(feeling: tuple[float, float]) -> tuple[float, float]:
    valence, arousal = (min(1.0, max(-1.0, float(number))) for number in feeling)
    return valence, arousal


def _reconciled(asked: Conditions, words: MusicWords) -> Conditions:
    """What was asked, then what the prompt says unless it would contradict: a locked jig is not put in 3/4."""
    said = words.conditions
    if asked.rhythm is not None or asked.chords is not None:
        said = replace(said, meter=None)
    if asked.meter is not None:
        said = replace(said, rhythm=None)
    if asked.chords is not None:
        said = replace(said, bars=None, form=None, key=None, mode=None)
        asked = asked.merged(Conditions(bars=len(asked.chords)))
    return asked.merged(said)


def _chosen(name: str | None, ranked: list[tuple[Style, float]]) -> Style:
    if name is None:
        return ranked[0][0]
    if name not in styles():
        raise BriefError({"style": f"There is no style called {name!r}; choose one of: {', '.join(style_names())}."})
    return styles()[name]


def _led_by_chance(style: Style, chance: random.Random) -> Style:
    """One of the style's progressions comes first: the one that is told, and that the first part is laid on."""
    first = chance.randrange(len(style.progressions))
    return replace(style, progressions=style.progressions[first:] + style.progressions[:first])


def _offered(chosen: Style, ranked: list[tuple[Style, float]]) -> tuple[StyleMatch, ...]:
    """The chosen style first, then the best of the others."""
    ordered = sorted(ranked, key=lambda pair: pair[0].name != chosen.name)[:OFFERED]
    shown = [(chosen if style.name == chosen.name else style, score) for style, score in ordered]
    return tuple(StyleMatch(style.name, style.progressions[0], round(score, 3)) for style, score in shown)


def _mixed(prompt: str, seed: int) -> int:
    """One number for prompt and seed: Python's own hash changes from process to process."""
    text = f"{seed}\n{prompt}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest())


def _keywords(reading: Reading) -> tuple[Keyword, ...]:
    return tuple(_keyword(hit) for hit in reading.hits)[:_KEYWORDS_AT_MOST]


def _keyword(hit: Hit) -> Keyword:
    return Keyword(hit.text, hit.negated, hit.intensity)
