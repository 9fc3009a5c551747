"""Lays chords over the written bars of a form; knows keys, modes and roman numerals, no notes and no models."""

from __future__ import annotations

import re
from collections.abc import Sequence

LETTERS = "CDEFGAB"
LETTER_PITCHES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
MODE_STEPS = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
}
MINOR_MODES = frozenset({"minor", "dorian", "phrygian"})
# The qualities that abc2midi and abcjs both play, as semitones above the root.
QUALITIES = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "7": (0, 4, 7, 10),
    "m7": (0, 3, 7, 10),
    "maj7": (0, 4, 7, 11),
    "sus4": (0, 5, 7),
    "dim": (0, 3, 6),
}
_SYMBOL = re.compile(r"([A-G][b#]?)(maj7|m7|m|7|sus4|dim)?(?:/([A-G][b#]?))?")
_NUMERAL = re.compile(r"([b#]?)([iv]+|[IV]+)(.*)")
_DEGREES = {"I": 0, "II": 1, "III": 2, "IV": 3, "V": 4, "VI": 5, "VII": 6}
# Plain spellings for the four white keys that a player does not expect to read as flats or sharps.
_PLAINER = {"Cb": "B", "Fb": "E", "E#": "F", "B#": "C"}
# Numerals that leave the mode for its nearest neighbour of the same function.
_STAND_INS = {
    "major": {"VII": "V", "bVII": "V", "v": "V", "III": "iii", "VI": "vi", "bII": "ii", "II": "ii"} | {"iv": "IV"},
    "lydian": {"VII": "V", "bVII": "V", "v": "V", "III": "iii", "VI": "vi", "bII": "II", "ii": "II", "IV": "II"}
    | {"iv": "II"},
    "mixolydian": {"VII": "bVII", "III": "bVII", "iii": "v", "VI": "vi", "bII": "bVII", "II": "bVII"} | {"iv": "IV"},
    "minor": {"ii": "iv", "iii": "III", "vi": "VI", "bVII": "VII", "vii": "VII", "II": "bII"} | {"IV": "iv"},
    "dorian": {"II": "ii", "VI": "IV", "iv": "IV", "iii": "III", "vi": "IV", "bVII": "VII", "vii": "VII", "bII": "ii"},
    "phrygian": {"ii": "bII", "II": "bII", "v": "vii", "V": "vii", "VII": "vii", "bVII": "vii", "iii": "III"}
    | {"vi": "VI", "IV": "iv"},
}
_WRITTEN = {
    "AABB": (("A", True), ("B", True)),
    "AABA": (("A", True), ("B", False), ("A", False)),
    "ABAC": (("A", False), ("B", False), ("A", False), ("C", False)),
    "AABBCC": (("A", True), ("B", True), ("C", True)),
    "AB": (("A", False), ("B", False)),
    "A": (("A", False),),
    "AA": (("A", True),),
    "ABCD": (("A", False), ("B", False), ("C", False), ("D", False)),
}


def written_parts(form: str) -> tuple[tuple[str, bool], ...]:
    """The parts as they stand on the page, each a letter and whether it stands between repeat signs."""
    return _WRITTEN[form]


def part_lengths(form: str, bars: int) -> tuple[int, ...]:
    """Bars of each written part, summing to `bars`; parts with one letter get one length.

    Phrases come in fours, then in pairs, so the lengths are the most even ones in the widest grid that fits.
    """
    letters = [letter for letter, _ in written_parts(form)]
    for grid in (4, 2, 1):
        lengths = _even_lengths(letters, bars, grid)
        if lengths is not None:
            return lengths
    raise ValueError(f"{bars} bars cannot be shared among the parts of {form}")


def is_shareable(form: str, bars: int) -> bool:
    """Whether `part_lengths` can share the bars."""
    try:
        part_lengths(form, bars)
    except ValueError:
        return False
    return True


def _even_lengths(letters: list[str], bars: int, grid: int) -> tuple[int, ...] | None:
    """The most even lengths in multiples of `grid`; the later letters carry what is over."""
    if bars % grid or bars < grid * len(letters):
        return None
    a_parts = letters.count("A")
    others = len(letters) - a_parts
    if not others:
        return (bars // a_parts,) * a_parts if bars % (a_parts * grid) == 0 else None
    choices = range(grid, bars // a_parts + 1, grid)
    fitting = [a for a in choices if bars - a * a_parts >= grid * others]
    if not fitting:
        return None
    a_length = min(fitting, key=lambda a: abs(a - bars / len(letters)))
    rest = _spread((bars - a_length * a_parts) // grid, others)
    others_left = iter(length * grid for length in rest)
    return tuple(a_length if letter == "A" else next(others_left) for letter in letters)


def _spread(units: int, parts: int) -> list[int]:
    """`units` shared as evenly as can be, the larger shares last."""
    share, over = divmod(units, parts)
    return [share + (1 if part >= parts - over else 0) for part in range(parts)]


def parse_chord(symbol: str) -> tuple[int, str, int]:
    """Root pitch class, quality (a key of QUALITIES) and bass pitch class; ValueError if it cannot be played."""
    match = _SYMBOL.fullmatch(symbol)
    if match is None:
        raise ValueError(f"{symbol!r} is not a chord of the kinds written here")
    root, quality, bass = match.groups()
    return pitch_class(root), quality or "", pitch_class(bass or root)


def is_playable(symbol: str) -> bool:
    """Whether `parse_chord` reads it."""
    return _SYMBOL.fullmatch(symbol) is not None


# Richer colours, by the chord of the written kinds that stands for them.
_COLOURS = {
    "": "maj M 5 6 69 6/9 2 add9 add2 sus2 + aug aug7 +7 maj6 add11 (add9)",
    "m": "min mi - m6 min6 mi6 -6 madd9 m69 mM7 m(maj7) mmaj7 madd2",
    "7": "9 11 13 dom7 7b9 7#9 7b5 7#5 7+ 7b13 7#11",
    "m7": "min7 mi7 -7 m9 m11 m13 min9",
    "maj7": "M7 maj9 M9 ma7 Maj7 maj13 j7",
    "sus4": "sus 7sus4 7sus 9sus4 9sus 4 sus24 m7sus4",
    "dim": "o o7 ° °7 dim7 m7b5 min7b5 ø ø7 -7b5 m7-5 mb5",
}
_COLOUR_OF = {word: quality for quality, words in _COLOURS.items() for word in words.split()}
_LOOSE_SYMBOL = re.compile(r"([A-G])([#b♯♭]?)(.*?)(?:/([A-G])([#b♯♭]?))?")


def played_as(symbol: str) -> str | None:
    """The chord of the written kinds that a person's chord symbol stands for; None for one unheard of."""
    match = _LOOSE_SYMBOL.fullmatch(symbol.strip())
    if match is None:
        return None
    letter, accidental, colour, bass, bend = match.groups()
    quality = colour if colour in QUALITIES else _COLOUR_OF.get(colour)
    if quality is None:
        return None
    plain = str.maketrans("♯♭", "#b")
    return (letter + accidental + quality + (f"/{bass}{bend}" if bass else "")).translate(plain)


def pitch_class(name: str) -> int:
    """0 to 11 for a letter with its accidental."""
    return (LETTER_PITCHES[name[0]] + name.count("#") - name.count("b")) % 12


def chord_tones(symbol: str) -> frozenset[int]:
    """The pitch classes that sound, the bass among them."""
    root, quality, bass = parse_chord(symbol)
    return frozenset({(root + step) % 12 for step in QUALITIES[quality]} | {bass})


def signature(tonic: str, mode: str) -> int:
    """Sharps of the key signature; flats are negative."""
    fifths = "FCGDAEB".index(tonic[0]) - 1 + 7 * (tonic.count("#") - tonic.count("b"))
    brighter = {"lydian": 1, "major": 0, "mixolydian": -1, "dorian": -2, "minor": -3, "phrygian": -4}
    return fifths + brighter[mode]


def chord_name(numeral: str, tonic: str, mode: str) -> str:
    """The chord symbol of a roman numeral: upper case major, lower minor, degrees as the mode has them.

    An explicit flat lowers the degree of the major scale, so bVII is the same chord in major and mixolydian.
    """
    accidental, roman, colour = _NUMERAL.fullmatch(numeral).groups()
    degree = _DEGREES[roman.upper()]
    scale = MODE_STEPS["major"] if accidental else MODE_STEPS[mode]
    step = scale[degree] + (accidental == "#") - (accidental == "b")
    return _spelled(tonic, degree, step) + _quality(roman, colour)


def chord_symbol(root: int, quality: str, tonic: str) -> str:
    """The chord symbol of a quality on a root so many semitones above the tonic."""
    degree = (0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6)[root % 12]
    return _spelled(tonic, degree, root % 12) + quality


def _spelled(tonic: str, degree: int, step: int) -> str:
    """The root's name: its letter from the degree, its accidental from the semitones above the tonic."""
    letter = LETTERS[(LETTERS.index(tonic[0]) + degree) % 7]
    bend = (pitch_class(tonic) + step - LETTER_PITCHES[letter] + 6) % 12 - 6
    if abs(bend) > 1:  # double accidentals are correct and unreadable
        return _simple_name((pitch_class(tonic) + step) % 12, flats=bend < 0)
    name = letter + ("#" if bend > 0 else "b" if bend < 0 else "")
    return _PLAINER.get(name, name)


def _simple_name(pitch: int, *, flats: bool) -> str:
    names = "C Db D Eb E F Gb G Ab A Bb B" if flats else "C C# D D# E F F# G G# A A# B"
    return names.split()[pitch]


def _quality(roman: str, colour: str) -> str:
    """Add9, sus2 and sharp eleven are reduced to the plain chord; nothing here plays them."""
    minor = roman.islower()
    colour = colour.strip("()")
    if colour in ("dim", "°"):
        return "dim"
    if colour == "sus4":
        return "sus4"
    if colour == "7":
        return "m7" if minor else "7"
    if colour == "maj7":
        return "m7" if minor else "maj7"
    return "m" if minor else ""


def fit_to_mode(progression: Sequence[str], mode: str) -> tuple[str, ...]:
    """The progression with every chord at home in the mode; one written for that mode passes nearly untouched."""
    minor = mode in MINOR_MODES
    bare = [re.sub(r"[^b#IViv].*", "", numeral) for numeral in progression]
    if minor and "i" not in bare and bare[0] == "vi":  # a loop on the relative minor: turn it to its own tonic
        relative = {"vi": "i", "I": "III", "ii": "iv", "iii": "v", "IV": "VI", "V": "VII"}
        return fit_to_mode([relative.get(numeral, "i") for numeral in bare], mode)
    return tuple(_fit_one(numeral, root, mode) for numeral, root in zip(progression, bare, strict=True))


def _fit_one(numeral: str, bare: str, mode: str) -> str:
    tonic = "i" if mode in MINOR_MODES else "I"
    if bare.upper() == "I":
        return tonic + (numeral[1:] if bare == tonic else "")
    stand_in = _STAND_INS[mode].get(bare)
    return numeral if stand_in is None else stand_in


def lay_chords(
    progression: Sequence[str],
    *,
    tonic: str,
    mode: str,
    parts: Sequence[int],
    style: str | None = None,
    second: Sequence[str] | None = None,
    form: str | None = None,
) -> tuple[str, ...]:
    """A chord name for each written bar. Parts end on the tonic chord, with V or the flat seventh before it.

    `second` is the progression of the B part, when the form is told; C and D begin in the middle of B's and A's.
    """
    letters = [letter for letter, _ in written_parts(form)] if form else ["A"] * len(parts)
    answer = second if second is not None else progression
    loops = {"A": progression, "B": answer, "C": _turned(answer), "D": _turned(progression)}
    numerals: list[str] = []
    for letter, bars in zip(letters, parts, strict=True):
        numerals += _part_numerals(fit_to_mode(loops[letter], mode), bars, mode, style)
    return tuple(chord_name(numeral, tonic, mode) for numeral in numerals)


def _turned(loop: Sequence[str]) -> list[str]:
    middle = len(loop) // 2
    return [*loop[middle:], *loop[:middle]]


def _part_numerals(loop: Sequence[str], bars: int, mode: str, style: str | None) -> list[str]:
    laid = [loop[bar % len(loop)] for bar in range(bars)]
    laid[-1] = "i" if mode in MINOR_MODES else "I"
    if bars > 1:
        laid[-2] = _approach(loop, mode, style)
    return laid


# Styles of sacred or old colour, whose endings sound wrong with a leading note.
_FLAT_SEVENTH_STYLES = frozenset(
    {"longing", "weary", "mysterious", "solemn", "bittersweet", "epic", "bold", "wild revel"}
)


def _approach(loop: Sequence[str], mode: str, style: str | None) -> str:
    """The chord before the last: V, or the flat seventh where mode and style want it."""
    if mode == "phrygian":
        return "vii"
    if mode in ("major", "lydian"):
        return "V"
    seventh = "bVII" if mode == "mixolydian" else "VII"
    has_dominant = any(numeral.startswith("V") and not numeral.startswith("VI") for numeral in loop)
    return seventh if style in _FLAT_SEVENTH_STYLES or (seventh in loop and not has_dominant) else "V"
