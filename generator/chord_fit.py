"""How well a melody sits on its chords: strong-beat notes that are chord tones. Pure; knows no models."""

from __future__ import annotations

import re
from fractions import Fraction

from generator.engraving import beam_group
from generator.harmony import chord_tones
from generator.notation import Score, parse
from generator.structure import bar_spans


def share_on_chord(abc: str) -> float:
    """Of a whole tune's text, as `fit_of` of its score."""
    head, key, body = re.split(r"^K:\s*(\S+).*\n", abc, maxsplit=1, flags=re.MULTILINE)
    fields = dict(line.split(":", 1) for line in head.splitlines() if line[1:2] == ":")
    return fit_of(parse(body, meter=fields["M"], key=key, unit=fields.get("L")))


def fit_of(score: Score) -> float:
    """Share, 0 to 1, of the notes that begin on a strong beat and belong to the chord there."""
    hits = total = 0
    for _, pitch, chord in strong_notes(score):
        total += 1
        hits += pitch % 12 in chord_tones(chord)
    return hits / total if total else 0.0


def strong_notes(score: Score) -> list[tuple[Fraction, int, str]]:
    """(onset in the bar, MIDI pitch, chord symbol) of the notes that begin on a strong beat under a chord."""
    strong = max(Fraction(2), beam_group(score.meter))
    out: list[tuple[Fraction, int, str]] = []
    held: str | None = None
    for span in bar_spans(score):
        chords = list(span.chords)
        for onset, _, pitch in span.events:
            while chords and chords[0][0] <= onset:
                held = chords.pop(0)[1]
            if pitch is not None and held and onset % strong == 0 and span.number is not None:
                out.append((onset, pitch, held))
        held = chords[-1][1] if chords else held
    return out
