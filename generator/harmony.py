"""Lays chords over the written bars of a form; knows keys, modes and roman numerals, no notes and no models."""

from __future__ import annotations

_WRITTEN = {
    "AABB": (("A", True), ("B", True)),
    "AABA": (("A", True), ("B", False), ("A", False)),
    "ABAC": (("A", False), ("B", False), ("A", False), ("C", False)),
    "AABBCC": (("A", True), ("B", True), ("C", True)),
    "AB": (("A", False), ("B", False)),
    "A": (("A", False),),
    "AA": (("A", True),),
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
