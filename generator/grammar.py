"""Which ids may come next, so that bars, repeats and endings come out right by construction. Knows no models."""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from generator import vocabulary as V
from generator.chord_ids import chord_id
from generator.copying import PICKUP, Copyist
from generator.engraving import beam_group
from generator.notation import is_compound, signature, tonic_step
from generator.pitches import SHIFTS, may_sound, midi_of_pitch_ids
from generator.place import Place
from generator.plan import Plan

# Lengths that one note head with at most one dot can show; the rest would need a tie.
_PLAIN = tuple(Fraction(n, 4) for n in (1, 2, 3, 4, 6, 8, 12, 16, 24, 32))
_IN_TUPLETS = (Fraction(1, 2), Fraction(1), Fraction(2))
_DOMINANTS = (chord_id(7, ""), chord_id(7, "7"))


class Menu(NamedTuple):
    """What may come at one place in a bar, whatever the pitches are."""

    mask: np.ndarray  # (vocab,) lengths, tuplets, a rest
    tied: np.ndarray  # the same and a tie
    pitches: bool
    last: bool  # a note would be the bar's last


_menus: dict[tuple, Menu] = {}  # found once for all tunes: sums of fractions are slow


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
        self.reference = tonic_step(plan.key)
        self.scale = midi_of_pitch_ids(self.reference)
        self._elapsed, self._spot = None, ()

    # --- where we are -------------------------------------------------------------------------------------------

    @property
    def target(self) -> Fraction:
        """What the bar being written shall hold. A part's last bar leaves room for the pickup that follows it."""
        if self.in_pickup:
            return self.plan.pickup
        return self.place.measure - self.plan.pickup if self._last_of_part else self.place.measure

    @property
    def _last_of_part(self) -> bool:
        return self.bar == self.plan.parts[self.part].bars - 1

    @property
    def _last_of_tune(self) -> bool:
        return self._last_of_part and self.part == len(self.plan.parts) - 1 and self.place.ending != 1

    @property
    def room(self) -> Fraction:
        return self._at_this_spot()[0]

    def chords(self) -> tuple[int, int]:
        return self._at_this_spot()[1]

    def _at_this_spot(self) -> tuple[Fraction, tuple[int, int]]:
        """Room and chords, worked out once for each spot: several ask for them before the next id."""
        place = self.place
        spot = (place.meter, place.number, place.ending, self.in_pickup, self.part, self.bar)
        if self._elapsed is not place.elapsed or self._spot != spot:
            number = place.number - (place.ending == 2 and not self.in_pickup)
            chords = self.plan.chord_ids(number, second_half=place.second_half, in_pickup=self.in_pickup)
            self._elapsed, self._spot = place.elapsed, spot
            self._found = self.target - place.elapsed, chords
        return self._found

    # --- what may come ------------------------------------------------------------------------------------------

    def allowed(self) -> np.ndarray:
        """True where an id may come next; not to be written into.  # (vocab,)"""
        if not self.opened:
            return _only(V.BAR_IDS["|:"])
        if self.finished:
            return _only(V.END)
        if (token := self._dictated()) is not None:
            return _only(token)
        room = self.room
        if room:
            return self._unlike_the_first(self._notes(room)) if self.place.ending == 2 else self._notes(room)
        bars = (V.BAR_IDS[sign] for sign in self._signs())
        return _only(*bars, V.TIE) if not self._copying and self._may_tie(room) else _only(*bars)

    def _unlike_the_first(self, mask: np.ndarray) -> np.ndarray:
        """A second ending that says what the first one said is none."""
        token = self.copyist.the_same_again(self.part, self.bar)
        if token is None or not mask[token] or sum(V.kind(other) == "pitch" for other in mask.nonzero()[0]) < 2:
            return mask
        other = mask.copy()
        other[token] = False
        return other

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

    def _signs(self) -> tuple[str, ...]:
        part = self.plan.parts[self.part]
        if self.in_pickup:
            return ("|",)
        if not self._last_of_part:
            may_end = part.repeated and self.bar == part.bars - 2 and part.bars >= 4 and self.tied is None
            if not may_end or part.endings is False:
                return ("|",)
            return ("|1",) if part.endings else ("|", "|1")
        if part.repeated and self.place.ending == 1:
            return (":|2",)
        follower = self.plan.parts[self.part + 1] if self.part + 1 < len(self.plan.parts) else None
        if part.repeated and self.place.ending == 0:
            return (":||:",) if follower and follower.repeated else (":|",)
        return ("|]",) if follower is None else ("|:",) if follower.repeated else ("||",)

    def _may_tie(self, room: Fraction) -> bool:
        """After a plain note, unless a part or an ending begins next."""
        if V.kind(self.place.previous) != "pitch" or self.place.tuplet_left or self.tuplet_length:
            return False
        part = self.plan.parts[self.part]
        at_seam = not room and (self._last_of_part or self.bar == part.bars - 2)
        return not at_seam and not self._last_of_tune  # the last bar's end must be free to be the tonic

    def _notes(self, room: Fraction) -> np.ndarray:
        menu = self._menu(room)
        mask = menu.tied if self._may_tie(room) else menu.mask
        return mask | self._pitches(last=menu.last) if menu.pitches else mask

    def _menu(self, room: Fraction) -> Menu:
        place, pickup = self.place, self.plan.pickup
        inside = (place.tuplet_left, place.ratio.as_integer_ratio(), _ratio(self.tuplet_length))
        bar = (place.meter, pickup.as_integer_ratio(), self.in_pickup, self._last_of_part, self._last_of_tune)
        here = (room.as_integer_ratio(), _ratio(place.length), place.marked, self.tied is None, self.sounded is None)
        key = (*here, *inside, *bar)
        if key not in _menus:
            if len(_menus) >= 10_000:  # more than all usual meters and pickups have
                _menus.clear()
            _menus[key] = self._new_menu(room)
        return _menus[key]

    def _new_menu(self, room: Fraction) -> Menu:
        lengths, ids = self._lengths(), []
        if self.place.length is None and not self.place.marked:
            ids = [V.LENGTH_IDS[length] for length in lengths if length != 1] + self._tuplets()
        length = self.place.length or (self.tuplet_length or Fraction(1))
        # Inside a tuplet of other lengths each note tells its own.
        untold = self.place.length is None and self.tuplet_length not in (None, Fraction(1))
        pitches, last = not untold and length in lengths, self._fills(length)
        rests = self.sounded is not None and not self.place.tuplet_left  # no tune begins with silence
        free = self.tied is None and not self.place.marked and not (last and self._last_of_tune)
        if pitches and rests and free:
            ids.append(V.REST)
        return Menu(_only(*ids), _only(*ids, V.TIE), pitches, last)

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
        least = max(length for length in _PLAIN if length <= min(self._least_last_note, self.target))
        return left >= least or (left == 0 and taken >= least and not tuplet)

    @property
    def _least_last_note(self) -> Fraction:
        """At least a beat; where a pickup cuts the bar short, what is left of its beat, or a dotted beat."""
        beat = min(Fraction(3) if is_compound(self.place.meter) else Fraction(2), beam_group(self.place.meter))
        over = self.plan.pickup % beat
        if not over:
            return beat
        return beat - over if beat == 3 else beat + 1

    def _tuplets(self) -> list[int]:
        if self.place.tuplet_left or self.tied is not None:
            return []
        # Three in the time of two; in compound time also two in the time of three.
        kinds = [(3, Fraction(1)), (2, Fraction(3, 2))][: 1 + is_compound(self.place.meter)]
        return [V.IDS[f"tuplet {p}"] for p, takes in kinds if self._leaves_an_ending(takes, tuplet=True)]

    def _fills(self, length: Fraction) -> bool:
        """Whether a note of this written length is the bar's last."""
        if self.place.tuplet_left:
            return self.place.tuplet_left == 1 and length * self.place.ratio == self.room
        return length == self.room

    def _pitches(self, *, last: bool) -> np.ndarray:
        if self.tied is not None:
            return _only(self.tied)
        # A natural seventh rubs against the major third of V; shorter than an eighth it passes unheard.
        under_dominant = self.chords()[0] in _DOMINANTS and (self.place.length or 1) >= 1
        return may_sound(
            self.plan.key, tuple(self.in_bar.items()), self.sounded, self.mark, offers=not self.place.marked,
            under_dominant=under_dominant, last_bar=self._last_of_tune, final=last and self._last_of_tune,
        )  # fmt: skip

    # --- moving on ----------------------------------------------------------------------------------------------

    def feed(self, token: int) -> None:
        """Moves on by one id that `allowed` allowed."""
        what = V.kind(token)
        if what != "bar":
            self.opened = True  # raw samples may leave the first |: out, as most of the corpus does
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
            self.in_bar[token] = SHIFTS[self.mark]
        if self.tied is None:
            letter = (token - V.PITCH_ZERO + self.reference) % 7
            self.sounded = self.scale[token] + self.in_bar.get(token, self.altered.get(letter, 0))
        if self.place.tuplet_left:
            self.tuplet_length = self.place.length or Fraction(1)
        self.tied, self.mark = None, ""

    def _turn(self, sign: str) -> None:
        self.in_bar = {}
        if not self.place.elapsed:  # the first |:, or a sign beside a sign: no bar ends here
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


def _ratio(length: Fraction | None) -> tuple[int, int] | None:
    return None if length is None else length.as_integer_ratio()


@lru_cache(4096)
def _only(*ids: int) -> np.ndarray:
    mask = np.zeros(V.SIZE, bool)
    mask[list(ids)] = True
    mask.flags.writeable = False
    return mask
