"""The keys of the melody keyboard, from low to high, in rows of one octave."""

from __future__ import annotations

# Name on the key, how it is said, ABC in the lower octave, and the name of its sample.
_TWELVE = (
    ("C", "C", "C", "C"),
    ("C♯", "C sharp", "^C", "Db"),
    ("D", "D", "D", "D"),
    ("D♯", "D sharp", "^D", "Eb"),
    ("E", "E", "E", "E"),
    ("F", "F", "F", "F"),
    ("F♯", "F sharp", "^F", "Gb"),
    ("G", "G", "G", "G"),
    ("G♯", "G sharp", "^G", "Ab"),
    ("A", "A", "A", "A"),
    ("A♯", "A sharp", "^A", "Bb"),
    ("B", "B", "B", "B"),
)


def _octave(number: int, *, small: bool) -> list[dict[str, str]]:
    return [
        {
            "name": name,
            "said": said,
            "abc": abc.lower() if small else abc,
            "sample": f"{sample}{number}",
            "place": name.replace("♯", "-sharp").lower(),  # which column of the octave, for the stylesheet
        }
        for name, said, abc, sample in _TWELVE
    ]


OCTAVES = (("Lower octave", _octave(4, small=False)), ("Upper octave", _octave(5, small=True)))
