"""From a feeling and a style to a tune's attributes: mode, rhythm, meter, tempo, key, form. Knows no words."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

from generator.brief import MAX_BARS, MIN_BARS, Conditions
from generator.harmony import lay_chords, part_lengths
from generator.prompts.priors import METERS_OF_RHYTHM, place_of, priors
from generator.prompts.styles import COMPOUND, EVEN, Style
from generator.validation import respelled

# Happiness of the modes, from Temperley & Tan (2013), "Emotional connotations of diatonic modes".
HAPPINESS = {
    "major": 0.83, "mixolydian": 0.64, "lydian": 0.58, "dorian": 0.40, "minor": 0.34, "phrygian": 0.21,
}  # fmt: skip
# By custom: notes a second of each rhythm, and the tempo (quarter notes a minute) at which it has them.
_CUSTOM = {
    "reel": (6.7, 200), "jig": (5.75, 172), "slip jig": (5.2, 160), "hornpipe": (5.0, 150), "polka": (4.5, 132),
    "march": (3.3, 104), "waltz": (2.75, 120), "air": (1.75, 72), "slide": (5.2, 190), "strathspey": (4.2, 128),
    "schottische": (4.0, 128), "mazurka": (3.2, 126), "polska": (3.6, 108), "song": (2.2, 92), "hymn": (1.6, 80),
    "minuet": (2.6, 116),
}  # fmt: skip
# Without a style these stand for election; the rest are danced in one country and wait to be named.
_COMMON = ("reel", "jig", "hornpipe", "polka", "march", "waltz", "air")
_DEFAULT_FORM, _DEFAULT_BARS = "AABB", 16
# What is sung is mostly written once through (21 of 38 songs and hymns of tunes-valid), dances are not.
_FORM_OF_RHYTHM = {"song": "A", "hymn": "A", "air": "AB"}
_BARS_OF_FORM = {"AABA": 24, "AABBCC": 24, "ABAC": 32, "ABCD": 32}
_SLOWEST, _FASTEST = 40, 240


def fill(
    given: Conditions, *, valence: float, arousal: float, style: Style, pace: float, chance: random.Random
) -> Conditions:
    """Every condition: what was given stays, the rest is chosen to fit it, the style and the feeling."""
    rhythm = given.rhythm or _rhythm(given, arousal, style, chance)
    meter = given.meter or _meter(rhythm, style, chance)
    mode = given.mode or _mode(given, valence, style, chance)
    # Asked for D flat and minor for its mood: C sharp minor can be written, D flat minor cannot.
    given = respelled(replace(given, mode=mode))
    key = given.key or _draw(_tonics(mode), chance)
    form, bars = _form_and_bars(given, rhythm)
    tempo = given.tempo_qpm or _tempo(rhythm, meter, arousal, style, pace)
    filled = Conditions(
        key=key,
        mode=mode,
        meter=meter,
        rhythm=rhythm,
        bars=bars,
        form=form,
        tempo_qpm=tempo,
        density=_density(rhythm, tempo, arousal) if given.density is None else given.density,
        register=_register(valence, arousal, chance) if given.register is None else given.register,
        tradition=given.tradition or _tradition(rhythm, chance),
        style=style.name,
        chords=given.chords,
    )
    return filled if filled.chords else filled.merged(Conditions(chords=_chords(filled, style, chance)))


def notes_per_second(arousal: float) -> float:
    """How busy a feeling is; music.md's formula."""
    return 2 ** (1.56 + 1.18 * arousal)


def usual_tempo(rhythm: str) -> int:
    """Quarter notes a minute at which a rhythm has its notes a second, by custom."""
    return _CUSTOM[rhythm][1]


def _draw(weights: Mapping[str, float], chance: random.Random) -> str:
    return chance.choices(list(weights), weights=list(weights.values()))[0]


def mode_weights(valence: float, candidates: Sequence[str]) -> dict[str, float]:
    """P ∝ corpus prior × exp(−(.52 + .31·v − h)² / .0288)."""
    counts = priors()["modes"]
    aim = 0.52 + 0.31 * valence
    return {mode: counts[mode] * math.exp(-((aim - HAPPINESS[mode]) ** 2) / 0.0288) for mode in candidates}


def _mode(given: Conditions, valence: float, style: Style, chance: random.Random) -> str:
    candidates = style.modes
    if given.key is not None:  # a tonic that was asked for should have a readable signature
        candidates = [mode for mode in style.modes if given.key in _tonics(mode)] or style.modes
    return _draw(mode_weights(valence, candidates), chance)


def _tonics(mode: str) -> dict[str, int]:
    return priors()["tonics"][mode]


def _rhythm(given: Conditions, arousal: float, style: Style, chance: random.Random) -> str:
    """The style's candidates ranked by their notes a second, and among near equals by chance."""
    candidates = [(rhythm, meter) for rhythm, meter in style.rhythms if _fits(rhythm, given, meter)]
    names = [rhythm for rhythm, _ in candidates] or [rhythm for rhythm in _COMMON if _fits(rhythm, given, None)]
    names = names or [rhythm for rhythm in _CUSTOM if _fits(rhythm, given, None)] or ["air"]
    aim = math.log2(notes_per_second(arousal))
    weights = {name: math.exp(-(((aim - math.log2(_CUSTOM[name][0])) / 0.7) ** 2)) + 1e-6 for name in names}
    return _draw(weights, chance)


def _fits(rhythm: str, given: Conditions, insisted: str | None) -> bool:
    if insisted is not None and given.meter not in (None, insisted):
        return False
    if given.meter is not None and given.meter not in METERS_OF_RHYTHM[rhythm]:
        return False
    return given.tradition is None or given.tradition in priors()["traditions"][rhythm]


def _meter(rhythm: str, style: Style, chance: random.Random) -> str:
    insisted = [meter for name, meter in style.rhythms if name == rhythm and meter]
    plain = [name for name, meter in style.rhythms if name == rhythm and not meter]
    if insisted and (not plain or chance.random() < 0.5):
        return insisted[0]
    counts = priors()["meters"][rhythm]
    return _draw({meter: counts[meter] for meter in METERS_OF_RHYTHM[rhythm] if meter in counts}, chance)


def _tempo(rhythm: str, meter: str, arousal: float, style: Style, pace: float) -> int:
    """Inside the style's own tempi where it names some for the rhythm, else by the notes a second that are wanted."""
    beat = COMPOUND if meter in ("6/8", "9/8", "12/8") else EVEN
    own = style.tempi.get(beat) if rhythm in {name for name, _ in style.rhythms} else None
    low, high = style.tempi.get(rhythm) or own or _by_custom(rhythm, arousal)
    place = min(1.0, max(0.0, 0.5 + arousal - style.arousal))
    tempo = (low + place * (high - low)) * pace
    return round(min(_FASTEST, max(_SLOWEST, tempo)))


def _by_custom(rhythm: str, arousal: float) -> tuple[float, float]:
    notes, tempo = _CUSTOM[rhythm]
    stretch = min(1.1, max(0.6, (notes_per_second(arousal) / notes) ** 0.5))
    return tempo * stretch * 0.95, tempo * stretch * 1.05


def _density(rhythm: str, tempo: int, arousal: float) -> float:
    """Where the wanted notes a quarter stand in the corpus, kept from the ends: the tempo bears its part."""
    wanted = notes_per_second(arousal) * 60 / tempo
    return round(min(0.9, max(0.1, 0.5 * place_of(wanted, rhythm, "density") + 0.25 + 0.15 * arousal)), 2)


def _register(valence: float, arousal: float, chance: random.Random) -> float:
    return round(min(0.95, max(0.05, 0.5 + 0.3 * valence + 0.08 * arousal + chance.uniform(-0.05, 0.05))), 2)


def _tradition(rhythm: str, chance: random.Random) -> str | None:
    counts = priors()["traditions"][rhythm]
    return _draw(counts, chance) if counts else None


def _form_and_bars(given: Conditions, rhythm: str) -> tuple[str, int]:
    form = given.form or _FORM_OF_RHYTHM.get(rhythm, _DEFAULT_FORM)
    if given.bars is not None:
        if given.form is None and given.bars < 8:
            return "A", given.bars
        return form, given.bars
    return form, min(MAX_BARS, max(MIN_BARS, _BARS_OF_FORM.get(form, _DEFAULT_BARS)))


def _chords(given: Conditions, style: Style, chance: random.Random) -> tuple[str, ...]:
    """The style's first progression for the first part and another for those that answer it."""
    assert given.form is not None
    assert given.bars is not None
    assert given.key is not None
    assert given.mode is not None
    first, *others = style.progressions
    second = chance.choice(others) if others else first
    # A song in one part turns somewhere in its middle too: its second half goes another way home.
    form = "AB" if given.form == "A" and given.bars >= 16 else given.form
    parts = part_lengths(form, given.bars)
    return lay_chords(first, tonic=given.key, mode=given.mode, parts=parts, style=style.name, second=second, form=form)
