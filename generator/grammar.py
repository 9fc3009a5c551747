"""Which ids may come next, so that bars, repeats and endings come out right by construction. Knows no models."""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction

import numpy as np

from generator import vocabulary as V
from generator.copying import PICKUP, Copyist
from generator.engraving import beam_group
from generator.harmoniser import chord_id
from generator.notation import SEMITONES, is_compound, signature, tonic_pitch_class, tonic_step
from generator.place import Place
from generator.plan import Plan

LOWEST_MIDI, HIGHEST_MIDI = 55, 83  # G3 to B5
# Lengths that one note head with at most one dot can show; the rest would need a tie.
_PLAIN = tuple(Fraction(n, 4) for n in (1, 2, 3, 4, 6, 8, 12, 16, 24, 32))
_IN_TUPLETS = (Fraction(1, 2), Fraction(1), Fraction(2))
_LONGEST_REST = Fraction(3)
_MARKS = {"^": 1, "_": -1, "=": 0}
_SHIFTS = {**_MARKS, "^^": 2, "__": -2}  # never chosen here, but given music and raw samples hold them
_WIDEST_LEAP = 16  # a tenth, in semitones
_DOMINANTS = (chord_id(7, ""), chord_id(7, "7"))
_FLAT_SEVENTH = 10  # semitones above the tonic
_WHITE_KEYS = {(2, "^"), (6, "^"), (0, "_"), (3, "_")}  # E#, B#, Cb and Fb: players read F, C, B and E


class Grammar:
    """Follows one tune against its plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.place = Place(plan.meter)
        self.copyist = Copyist(plan)
        self.part, self.bar = 0, 0  # which part, which of its bars
        self.in_pickup = plan.pickup > 0
        self.opened = not plan.parts[0].repeated  # a repeated first part begins with |:
        self.finished = False
        self.tied: int | None = None
        self.sounded: int | None = None  # MIDI pitch of the note before
        self.tuplet_length: Fraction | None = None
        self.mark = ""
        self.altered = signature(plan.key)
        self.in_bar: dict[int, int] = {}
        self.under_dominant = False
        self.reference, self.tonic = tonic_step(plan.key), tonic_pitch_class(plan.key)
        self.scale = _midi_of_pitch_ids(self.reference)

    # --- where we are -------------------------------------------------------------------------------------------

    @property
    def target(self) -> Fraction:
        """What the bar being written shall hold. A part's last bar leaves room for the pickup that follows it."""
        if self.in_pickup:
            return self.plan.pickup
        return self.place.measure - (self.plan.pickup if self._last_of_part else 0)

    @property
    def _last_of_part(self) -> bool:
        return self.bar == self.plan.parts[self.part].bars - 1

    @property
    def _last_of_tune(self) -> bool:
        return self._last_of_part and self.part == len(self.plan.parts) - 1 and self.place.ending != 1

    @property
    def room(self) -> Fraction:
        return self.target - self.place.elapsed

    def chords(self) -> tuple[int, int]:
        number = self.place.number - (self.place.ending == 2 and not self.in_pickup)
        return self.plan.chord_ids(number, second_half=self.place.second_half, in_pickup=self.in_pickup)

    # --- what may come ------------------------------------------------------------------------------------------

    def allowed(self) -> np.ndarray:
        """True where an id may come next.  # (vocab,)"""
        mask = np.zeros(V.SIZE, bool)
        if not self.opened:
            mask[V.BAR_IDS["|:"]] = True
        elif self.finished:
            mask[V.END] = True
        elif (token := self._dictated()) is not None:
            mask[token] = True
        elif self.room == 0:
            self._allow_bars(mask)
            if not self._copying:
                self._allow_tie(mask)
        else:
            self._allow_notes(mask)
            self._allow_tie(mask)
        return mask

    @property
    def _bar_in_part(self) -> int:
        return PICKUP if self.in_pickup else self.bar

    def _dictated(self) -> int | None:
        """What a returning part had here. The tune's last bar is free, so that it can come to rest."""
        return self.copyist.dictated(self.part, self._bar_in_part) if self._copying else None

    @property
    def _copying(self) -> bool:
        returns = self.plan.parts[self.part].copies is not None
        return returns and (self.in_pickup or not self._last_of_tune)

    def _allow_bars(self, mask: np.ndarray) -> None:
        for sign in self._signs():
            mask[V.BAR_IDS[sign]] = True

    def _signs(self) -> tuple[str, ...]:
        part = self.plan.parts[self.part]
        if self.in_pickup:
            return ("|",)
        if not self._last_of_part:
            may_end = part.repeated and self.bar == part.bars - 2 and part.bars >= 4 and self.tied is None
            return ("|", "|1") if may_end else ("|",)
        if part.repeated and self.place.ending == 1:
            return (":|2",)
        follower = self.plan.parts[self.part + 1] if self.part + 1 < len(self.plan.parts) else None
        if part.repeated and self.place.ending == 0:
            return (":||:",) if follower and follower.repeated else (":|",)
        return ("|]",) if follower is None else ("|:",) if follower.repeated else ("||",)

    def _allow_tie(self, mask: np.ndarray) -> None:
        """After a plain note, unless a part or an ending begins next."""
        if V.kind(self.place.previous) != "pitch" or self.place.tuplet_left or self.tuplet_length:
            return
        part = self.plan.parts[self.part]
        at_seam = self.room == 0 and (self._last_of_part or self.bar == part.bars - 2)
        mask[V.TIE] = not at_seam and not self._last_of_tune  # the last bar's end must be free to be the tonic

    def _allow_notes(self, mask: np.ndarray) -> None:
        lengths = self._lengths()
        if self.place.length is None and not self.place.marked:
            for length in lengths:
                if length != 1:
                    mask[V.LENGTH_IDS[length]] = True
            self._allow_tuplets(mask)
        length = self.place.length or (self.tuplet_length or Fraction(1))
        if self.place.length is None and self.tuplet_length not in (None, Fraction(1)):
            return  # inside a tuplet of other lengths each note tells its own
        if length in lengths:
            self._allow_pitches(mask, last=self._fills(length))

    def _lengths(self) -> tuple[Fraction, ...]:
        if not self.place.tuplet_left and not self._last_of_tune:
            return _PLAIN[: bisect_right(_PLAIN, self.room)]
        if not self.place.tuplet_left:
            return tuple(length for length in _PLAIN if self._leaves_an_ending(length))
        if self.tuplet_length:
            return (self.tuplet_length,)
        whole = self.place.tuplet_left * self.place.ratio
        return tuple(length for length in _IN_TUPLETS if self._leaves_an_ending(length * whole, tuplet=True))

    def _leaves_an_ending(self, taken: Fraction, *, tuplet: bool = False) -> bool:
        """Whether it fits, and the tune's last note can still be long enough to sound like an end."""
        left = self.room - taken
        if left < 0 or not self._last_of_tune or self.in_pickup:
            return left >= 0
        least = min(self._least_last_note, max(length for length in _PLAIN if length <= self.target))
        return left >= least or (left == 0 and taken >= least and not tuplet)

    @property
    def _least_last_note(self) -> Fraction:
        """At least a beat; where a pickup cuts the bar short, what is left of its beat, or a dotted beat."""
        beat = min(Fraction(3) if is_compound(self.place.meter) else Fraction(2), beam_group(self.place.meter))
        over = self.plan.pickup % beat
        if not over:
            return beat
        return beat - over if beat == 3 else beat + 1

    def _allow_tuplets(self, mask: np.ndarray) -> None:
        if self.place.tuplet_left or self.tied is not None:
            return
        # Three in the time of two; in compound time also two in the time of three.
        for p, takes in ((3, Fraction(1)), (2, Fraction(3, 2))):
            if self._leaves_an_ending(takes, tuplet=True) and (p == 3 or is_compound(self.place.meter)):
                mask[V.IDS[f"tuplet {p}"]] = True

    def _fills(self, length: Fraction) -> bool:
        """Whether a note of this written length is the bar's last."""
        if self.place.tuplet_left:
            return self.place.tuplet_left == 1 and length * self.place.ratio == self.room
        return length == self.room

    def _allow_pitches(self, mask: np.ndarray, *, last: bool) -> None:
        # A natural seventh rubs against the major third of V; shorter than an eighth it passes unheard.
        self.under_dominant = self.chords()[0] in _DOMINANTS and (self.place.length or 1) >= 1
        if self.tied is not None:
            mask[self.tied] = True
            return
        final = last and self._last_of_tune
        for token, midi in self.scale.items():
            if self._can_sound(token, midi, self.mark) and (not final or self._is_plain_tonic(token)):
                mask[token] = True
        if not self.place.marked and not final:
            for mark in _MARKS:
                fits = any(self._can_sound(token, midi, mark) for token, midi in self.scale.items())
                mask[V.IDS[f"accidental {mark}"]] = fits
            if not self.place.tuplet_left and (self.place.length or 1) <= _LONGEST_REST:
                mask[V.REST] = self.place.elapsed > 0

    def _can_sound(self, token: int, midi: int, mark: str) -> bool:
        """Inside the range, within a leap's reach, and a written accidental changes something and reads well."""
        letter = (token - V.PITCH_ZERO + self.reference) % 7
        now = self.in_bar.get(token, self.altered.get(letter, 0))
        if mark and (_MARKS[mark] == now or not self._reads_well(letter, mark)):
            return False
        sounds = midi + (_MARKS[mark] if mark else now)
        reached = self.sounded is None or abs(sounds - self.sounded) <= _WIDEST_LEAP
        if self.under_dominant and (sounds - self.tonic) % 12 == _FLAT_SEVENTH:
            return False
        return reached and LOWEST_MIDI <= sounds <= HIGHEST_MIDI

    def _reads_well(self, letter: int, mark: str) -> bool:
        """The last bar leaves its tonic alone. E# and its like are for raised sevenths and the key's own notes."""
        if self._last_of_tune and letter == self.reference:
            return False
        own = self.altered.get(letter, 0) == _MARKS[mark] or (mark == "^" and (letter - self.reference) % 7 == 6)
        return own or (letter, mark) not in _WHITE_KEYS

    def _is_plain_tonic(self, token: int) -> bool:
        return (token - V.PITCH_ZERO) % 7 == 0 and not self.mark

    # --- moving on ----------------------------------------------------------------------------------------------

    def feed(self, token: int) -> None:
        """Moves on by one id that `allowed` allowed."""
        what = V.kind(token)
        if what != "bar":
            self.copyist.heard(self.part, self._bar_in_part, token)
        if what == "pitch":
            self._take_note(token)
        elif what == "tie":
            self.tied = self.place.previous
        elif what == "accidental":
            self.mark = V.value(token)
        elif what == "bar":
            self._turn(V.value(token))
        self.place.feed(token)
        if not self.place.tuplet_left and what in ("pitch", "rest"):
            self.tuplet_length = None

    def _take_note(self, token: int) -> None:
        if self.mark:
            self.in_bar[token] = _SHIFTS[self.mark]
        if self.tied is None:
            letter = (token - V.PITCH_ZERO + self.reference) % 7
            self.sounded = self.scale[token] + self.in_bar.get(token, self.altered.get(letter, 0))
        if self.place.tuplet_left:
            self.tuplet_length = self.place.length or Fraction(1)
        self.tied, self.mark = None, ""

    def _turn(self, sign: str) -> None:
        self.in_bar = {}
        if not self.opened:
            self.opened = True
            return
        if self.in_pickup:
            self.in_pickup = False
        elif not self._last_of_part:
            self.bar += 1
        elif sign == ":|2":
            self.copyist.forget(self.part, self.bar)
        else:
            self._next_part()

    def _next_part(self) -> None:
        self.part, self.bar = self.part + 1, 0
        self.in_pickup = self.plan.pickup > 0
        if self.part == len(self.plan.parts):
            self.part, self.finished = self.part - 1, True


def _midi_of_pitch_ids(reference: int) -> dict[int, int]:
    """MIDI pitch, without accidentals, of every pitch id under a tonic letter."""
    out = {}
    for step in range(V.LOWEST, V.HIGHEST + 1):
        octave, letter = divmod(step + reference, 7)
        out[V.PITCH_ZERO + step] = 60 + 12 * octave + SEMITONES[letter]
    return out
