"""Many different tunes out of a few hundred composed ones: bars change places with those of tunes of the same kind."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from generator import Brief, Conditions, Piece, compose, interpret, melody_steps
from webapp.gallery.melodies import letters_of
from webapp.gallery.seeding.texts import a_prompt

# How often each dance is asked for, its meter, and the keys it likes; the first key of all is the most liked.
DANCES = (
    ("reel", "4/4", 22), ("jig", "6/8", 20), ("waltz", "3/4", 10), ("hornpipe", "4/4", 7), ("polka", "2/4", 7),
    ("air", "4/4", 6), ("slip jig", "9/8", 5), ("march", "4/4", 5), ("polska", "3/4", 4), ("song", "4/4", 4),
    ("strathspey", "4/4", 3), ("slide", "12/8", 2), ("mazurka", "3/4", 2), ("minuet", "3/4", 1),
    ("schottische", "2/4", 1), ("hymn", "3/2", 1),
)  # fmt: skip
KEYS = (
    ("D", "major", 20), ("G", "major", 20), ("A", "minor", 10), ("E", "dorian", 9), ("A", "major", 8),
    ("E", "minor", 8), ("C", "major", 6), ("A", "dorian", 5), ("D", "mixolydian", 5), ("F", "major", 3),
    ("D", "minor", 3), ("A", "mixolydian", 2), ("Bb", "major", 2), ("B", "minor", 2), ("G", "dorian", 2),
    ("F", "lydian", 1), ("E", "phrygian", 1), ("Eb", "major", 1), ("F#", "minor", 1), ("Ab", "major", 1),
)  # fmt: skip
LENGTHS = (16, 16, 16, 16, 8, 24, 32)
OF_A_KIND = 6  # composed for each dance in each key
MOST_KINDS = 48
SWAPPED, VARIED = 0.6, 0.5  # how many of the bars that may change do, and how many of those by a note of their own
_BAR_LINE = re.compile(r"(:\|\|:|\|\]|\|\||:\|\d?|\|:|\[\d|\|\d?)")
_NOTE = re.compile(r"\"[^\"]*\"|(?P<note>(?<![_^=])[A-Ga-g](?![,']))")
_CHORD = re.compile(r'"[^"]*"')
_LETTERS = "CDEFGABcdefgab"


@dataclass(frozen=True)
class Stretch:
    """The text up to a bar line, and the diatonic places of its notes above the first C."""

    text: str
    places: tuple[int, ...]
    free: bool = False  # a whole bar between plain bar lines, without a tie: another may stand here


@dataclass(frozen=True)
class Sown:
    abc: str  # with {title} where the name goes
    melody: str  # in the gallery's letters
    piece: Piece  # whose frame it is


@dataclass(frozen=True)
class Kind:
    """A dance in a key: tunes cut at their bar lines, and all bars that may change places."""

    pieces: list[tuple[Piece, str, list[Stretch]]]
    bars: list[Stretch]


def kinds(count: int, chance: random.Random) -> list[Kind]:
    """So many dances in so many keys, composed for the purpose; those asked for often come first."""
    wanted = sorted(
        ((often * liked, dance, meter, key, mode) for dance, meter, often in DANCES for key, mode, liked in KEYS),
        reverse=True,
    )
    # The most common ones, and some of the rarest, so that every key and every dance is there.
    chosen = wanted[: count // 2] + wanted[count // 2 :: max(1, len(wanted) // max(1, count - count // 2))]
    return [_kind(chance, dance, meter, key, mode) for _, dance, meter, key, mode in chosen[:count]]


def _kind(chance: random.Random, dance: str, meter: str, key: str, mode: str) -> Kind:
    pieces = []
    for _ in range(OF_A_KIND):
        asked = Conditions(rhythm=dance, meter=meter, key=key, mode=mode, bars=chance.choice(LENGTHS))
        pieces += [cut for piece in _composed(asked, chance) if _is_whole(cut := (piece, *_cut(piece.abc)))]
    return Kind(pieces, [stretch for _, _, stretches in pieces for stretch in stretches if stretch.free])


def _is_whole(cut: tuple[Piece, str, list[Stretch]]) -> bool:
    """Cut and joined it is the melody it was: a tie over a bar line, for one, is lost."""
    piece, _, stretches = cut
    return list(_steps(stretches)) == melody_steps(piece.abc)


def _steps(stretches: list[Stretch]) -> Iterator[int]:
    return (b - a for a, b in pairwise(place for stretch in stretches for place in stretch.places))


def _composed(asked: Conditions, chance: random.Random) -> Iterator[Piece]:
    brief = Brief(prompt=a_prompt(chance), conditions=asked, seed=chance.randrange(10**6))
    heard = interpret(brief.prompt, asked=asked, seed=brief.seed)
    yield from (event for event in compose(brief, interpretation=heard) if isinstance(event, Piece))


def _cut(abc: str) -> tuple[str, list[Stretch]]:
    """The header, and the notes cut after each bar line."""
    lines = abc.split("\n")
    top = next(number for number, line in enumerate(lines) if line.startswith("K:")) + 1
    head = re.sub(r"^T:.*$", "T:{title}", "\n".join(lines[:top]), flags=re.MULTILINE)
    parts = _BAR_LINE.split("\n".join(lines[top:]))
    stretches, before = [], ""
    for text, line in zip(parts[::2], [*parts[1::2], ""], strict=True):
        free = before == line == "|" and "-" not in text and bool(text.strip())
        stretches.append(Stretch(text + line, _places(text), free))
        before = line
    return head, stretches


def _places(text: str) -> tuple[int, ...]:
    """Read by the generator itself, as steps from a C put in front."""
    if not re.search("[A-Ga-g]", _CHORD.sub("", text)):
        return ()
    steps = melody_steps(f"X:1\nM:4/4\nL:1/8\nK:C\nC {_CHORD.sub('', text)} |\n")
    return tuple(accumulate(steps))


def sown(kind: Kind, chance: random.Random) -> Sown:
    """One more tune of this kind."""
    piece, head, frame = chance.choice(kind.pieces)
    stretches = [
        _other(chance.choice(kind.bars), chance) if stretch.free and chance.random() < SWAPPED else stretch
        for stretch in frame
    ]
    body = "".join(_with_end(new.text, old.text) for new, old in zip(stretches, frame, strict=True))
    return Sown(f"{head}\n{body}", letters_of(_steps(stretches)), piece)


def without_chords(abc: str) -> str:
    head, key, body = abc.partition("\nK:")
    return head + key + _CHORD.sub("", body)


def _with_end(new: str, old: str) -> str:
    """Lines are broken where the frame breaks them."""
    if new is old:
        return new
    before = "\n" if old.startswith("\n") else " "
    return f"{before}{new.strip()[:-1].rstrip()} |"


def _other(bar: Stretch, chance: random.Random) -> Stretch:
    """The bar itself, or with one of its notes a step up or down."""
    if chance.random() > VARIED or not bar.places:
        return bar
    notes = [match for match in _NOTE.finditer(bar.text) if match["note"]]
    if len(notes) != len(bar.places):
        return bar
    number = chance.randrange(len(notes))
    at, step = notes[number].start(), chance.choice((-1, 1))
    place = _LETTERS.index(bar.text[at]) + step
    if not 0 <= place < len(_LETTERS):
        return bar
    places = (*bar.places[:number], bar.places[number] + step, *bar.places[number + 1 :])
    return replace(bar, text=bar.text[:at] + _LETTERS[place] + bar.text[at + 1 :], places=places)
