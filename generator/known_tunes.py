"""Tunes that people made, from the public-domain collections at hand, set as ours are. Knows no models."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from generator import checks
from generator.abc_files import Row, bundled_rows
from generator.attributes import implied_tempo, measured, pickup_of
from generator.brief import FORMS, METERS, Conditions
from generator.corpora import fingerprint, scored
from generator.encoding import Tune
from generator.harmony import is_shareable
from generator.notation import KeyChange, MeterChange, NotationError, Score, signature, split_key
from generator.plain_setting import in_one_layout, set_plainly
from generator.rhythm_classifier import heard_rhythm
from generator.structure import parts
from generator.validation import RHYTHM_METERS

COLLECTIONS = {
    "oneills": "O’Neill’s Music of Ireland, 1903",
    "ryans": "Ryan’s Mammoth Collection, 1883",
    "airds": "Aird’s Selection of Scotch, English, Irish and Foreign Airs, 1782",
}
FEWEST_BARS, MOST_BARS = 16, 32
MOST_SHARPS, MOST_FLATS = 3, 2
SLOWEST, FASTEST = 60, 176


@dataclass(frozen=True)
class KnownTune:
    """A tune from a book, and what a composer must be told to write one of its kind."""

    title: str
    source: str
    abc: str  # without its name
    conditions: Conditions


def public_domain_tunes() -> Iterator[KnownTune]:
    """Well-formed tunes such as our composers might write, the books shuffled. Reading all of them takes long."""
    seen, rows = set(), list(bundled_rows())
    random.Random(0).shuffle(rows)
    for row in rows:
        tune = _read(row) if row.fields.get("source") in COLLECTIONS else None
        if tune and is_well_formed(tune.score) and fingerprint(tune.score) not in seen:
            seen.add(fingerprint(tune.score))
            yield _known(tune)


def _read(row: Row) -> Tune | None:
    try:
        return scored(row)
    except NotationError:
        return None


def is_well_formed(score: Score) -> bool:
    """What our composers cannot but write: another tune would be known by its faults."""
    if score.meter not in METERS or any(isinstance(symbol, KeyChange | MeterChange) for symbol in score.symbols):
        return False
    facts = measured(score)
    return (
        FEWEST_BARS <= facts.bars <= MOST_BARS
        and facts.form in FORMS
        and is_shareable(facts.form, facts.bars)
        and _in_usual_key(score)
        and _begins_alike(score)
        and all(
            check(score).ok
            for check in (checks.bars_right, checks.repeats_closed, checks.in_range, checks.in_key,
                          checks.ends_on_tonic, checks.varied)
        )
    )  # fmt: skip


def _in_usual_key(score: Score) -> bool:
    signs = list(signature(score.key).values())
    return len(signs) <= (MOST_SHARPS if 1 in signs else MOST_FLATS)


def _begins_alike(score: Score) -> bool:
    """Each part begins as the first does, with the same pickup or none."""
    pickup = pickup_of(score)
    return all(_pickup(spans[0].length, spans[0].measure) == pickup for spans in parts(in_one_layout(score)))


def _pickup(length: Fraction, measure: Fraction) -> Fraction:
    return length if length < measure else Fraction(0)


def _known(tune: Tune) -> KnownTune:
    facts = measured(tune.score)
    rhythm = tune.rhythm or heard_rhythm(tune.score)
    rhythm = rhythm if tune.score.meter in RHYTHM_METERS.get(rhythm, ()) else "air"
    tempo = round(min(FASTEST, max(SLOWEST, implied_tempo(rhythm, facts.notes_per_quarter))))
    tonic, mode = split_key(tune.score.key)
    conditions = Conditions(
        key=tonic, mode=mode, meter=tune.score.meter, rhythm=rhythm, bars=facts.bars, form=facts.form, tempo_qpm=tempo
    )
    return KnownTune(_title(tune.title), COLLECTIONS[tune.source], set_plainly(tune.score, tempo_qpm=tempo), conditions)


def _title(text: str) -> str:
    """Books print their titles in capitals, and some put the article or the dance behind."""
    words = " ".join(text.split(" -- ")[0].split()).rstrip(".")
    if words.isupper():
        words = " ".join(word.capitalize() for word in words.lower().split(" "))
    head, comma, article = words.rpartition(", ")
    return f"{article} {head}" if comma and article in ("The", "A", "An") else words
