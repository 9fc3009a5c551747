"""Which pitches may sound next, and under which accidentals. Knows no meters and no models."""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np

from generator import vocabulary as V
from generator.notation import SEMITONES, signature, tonic_pitch_class, tonic_step

LOWEST_MIDI, HIGHEST_MIDI = 55, 83  # G3 to B5
MARKS = {"^": 1, "_": -1, "=": 0}
SHIFTS = {**MARKS, "^^": 2, "__": -2}  # never chosen here, but given music and raw samples hold them
_WIDEST_LEAP = 24  # two octaves, in semitones: people write more than a tenth where a phrase begins anew
_FLAT_SEVENTH = 10  # semitones above the tonic
_WHITE_KEYS = {(2, "^"), (6, "^"), (0, "_"), (3, "_")}  # E#, B#, Cb and Fb: players read F, C, B and E


@cache
def midi_of_pitch_ids(reference: int) -> dict[int, int]:
    """MIDI pitch, without accidentals, of every pitch id under a tonic letter."""
    out = {}
    for step in range(V.LOWEST, V.HIGHEST + 1):
        octave, letter = divmod(step + reference, 7)
        out[V.PITCH_ZERO + step] = 60 + 12 * octave + SEMITONES[letter]
    return out


@lru_cache(1 << 14)
def may_sound(
    key: str, in_bar: tuple[tuple[int, int], ...], sounded: int | None, mark: str, *,
    offers: bool, under_dominant: bool, last_bar: bool, final: bool,
) -> np.ndarray:  # fmt: skip
    """True for pitches under `mark`, and for accidentals where the composer `offers` any; not to be written into.

    `in_bar` holds the accidentals of the bar so far, `sounded` is the MIDI pitch before, `final` the tune's last note.
    Found once for all tunes: where a melody stands is mostly where another one stood.  # (vocab,)
    """
    ear = _Ear(key, dict(in_bar), sounded, under_dominant=under_dominant, last_bar=last_bar)
    mask = np.zeros(V.SIZE, bool)
    for token in ear.scale:
        mask[token] = ear.can_sound(token, mark) and (not final or ((token - V.PITCH_ZERO) % 7 == 0 and not mark))
    if offers and not final:
        for sign in MARKS:
            mask[V.IDS[f"accidental {sign}"]] = any(ear.can_sound(token, sign) for token in ear.scale)
    mask.flags.writeable = False
    return mask


class _Ear:
    """One place in a melody."""

    def __init__(
        self, key: str, in_bar: dict[int, int], sounded: int | None, *, under_dominant: bool, last_bar: bool
    ) -> None:  # fmt: skip
        self.reference, self.tonic, self.altered = tonic_step(key), tonic_pitch_class(key), signature(key)
        self.scale = midi_of_pitch_ids(self.reference)
        self.in_bar, self.sounded = in_bar, sounded
        self.under_dominant, self.last_bar = under_dominant, last_bar

    def can_sound(self, token: int, mark: str) -> bool:
        """Inside the range, within a leap's reach, and a written accidental changes something and reads well."""
        letter = (token - V.PITCH_ZERO + self.reference) % 7
        now = self.in_bar.get(token, self.altered.get(letter, 0))
        if mark and (MARKS[mark] == now or not self._reads_well(letter, mark)):
            return False
        sounds = self.scale[token] + (MARKS[mark] if mark else now)
        if self.under_dominant and (sounds - self.tonic) % 12 == _FLAT_SEVENTH:
            return False
        reached = self.sounded is None or abs(sounds - self.sounded) <= _WIDEST_LEAP
        return reached and LOWEST_MIDI <= sounds <= HIGHEST_MIDI

    def _reads_well(self, letter: int, mark: str) -> bool:
        """The last bar leaves its tonic alone. E# and its like are for raised sevenths and the key's own notes."""
        if self.last_bar and letter == self.reference:
            return False
        own = self.altered.get(letter, 0) == MARKS[mark] or (mark == "^" and (letter - self.reference) % 7 == 6)
        return own or (letter, mark) not in _WHITE_KEYS
