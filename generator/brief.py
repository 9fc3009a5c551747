"""The dataclasses that cross the border between music and pages; knows no models and no web."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import asdict, dataclass, field, fields, replace

MODES = ("major", "minor", "dorian", "mixolydian", "lydian", "phrygian")
METERS = ("2/4", "3/4", "4/4", "2/2", "6/8", "9/8", "12/8", "3/2", "6/4", "3/8")
RHYTHMS = (
    "reel", "jig", "slip jig", "hornpipe", "polka", "march", "waltz", "air",
    "slide", "strathspey", "schottische", "mazurka", "polska", "song", "hymn", "minuet",
)  # fmt: skip
TRADITIONS = ("irish", "scottish", "english", "swedish", "american")
FORMS = ("AABB", "AABA", "ABAC", "AABBCC", "AB", "A", "AA", "ABCD")  # ABCD is through-composed
TONICS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
MIN_BARS, MAX_BARS = 4, 64
MAX_SEED = 2**53 - 1
MAX_PROMPT_CHARACTERS = 500
DEFAULT_COMPOSER = "transformer"


class BriefError(ValueError):
    """Bad input. `fields` maps a field's name to one sentence a person can act on."""

    def __init__(self, fields: dict[str, str]) -> None:
        self.fields = dict(fields)
        super().__init__(" ".join(self.fields.values()))


class ComposeFailed(RuntimeError):
    """No attempt came out well enough to keep; the message is a sentence."""


@dataclass(frozen=True)
class Conditions:
    """What a tune is asked to be; None means free. Shapes follow the contract."""

    key: str | None = None  # the tonic alone, as in TONICS
    mode: str | None = None
    meter: str | None = None
    rhythm: str | None = None
    bars: int | None = None  # full measures as written, repeats not unfolded
    form: str | None = None
    tempo_qpm: int | None = None  # quarter notes a minute
    density: float | None = None  # 0 to 1, the place among corpus tunes of that rhythm
    register: float | None = None  # 0 to 1, likewise
    tradition: str | None = None
    style: str | None = None
    chords: tuple[str, ...] | None = None  # one per written bar; two in a bar joined by a comma

    def as_dict(self) -> dict:
        """A JSON-ready dict with every name of the contract; free conditions are None."""
        out = asdict(self)
        out["chords"] = list(self.chords) if self.chords is not None else None
        return out

    def merged(self, other: Conditions) -> Conditions:
        """These conditions, with what is free filled in from `other`."""
        gaps = {f.name: getattr(other, f.name) for f in fields(self) if getattr(self, f.name) is None}
        return replace(self, **gaps)


GIVEN_TASKS = ("continue", "vary", "fill")


@dataclass(frozen=True)
class Given:
    """Music of one's own that a brief starts from."""

    abc: str  # a whole tune, or M:, K: and bars
    task: str  # one of GIVEN_TASKS
    bars: tuple[int, ...] = ()  # fill: the bars to write again, from 1
    strength: float = 0.5  # vary: the share of bars written anew


@dataclass(frozen=True)
class Brief:
    """One request for one tune."""

    prompt: str
    conditions: Conditions = field(default_factory=Conditions)
    seed: int = 0
    composer: str = DEFAULT_COMPOSER
    temperature: float = 1.0
    masked: bool = True  # False: the model's raw samples, for measuring
    given: Given | None = None


@dataclass(frozen=True)
class Keyword:
    text: str
    negated: bool
    intensity: float  # 1 plain, above for "very", below for "slightly"


@dataclass(frozen=True)
class StyleMatch:
    name: str
    progression: tuple[str, ...]  # roman numerals
    score: float


@dataclass(frozen=True)
class Interpretation:
    """What was understood of a prompt: words, feeling, three styles (best first), conditions."""

    keywords: tuple[Keyword, ...]
    valence: float  # -1 sad to 1 glad
    arousal: float  # -1 calm to 1 lively
    language: str  # en, zh, de, es, fr or und
    styles: tuple[StyleMatch, ...]
    conditions: Conditions

    def as_dict(self) -> dict:
        out = asdict(self)
        out["conditions"] = self.conditions.as_dict()
        return out


@dataclass(frozen=True)
class Check:
    ok: bool
    value: object


@dataclass(frozen=True)
class Piece:
    """A finished tune with what it takes to compose it again."""

    abc: str  # X: to last bar, set for people
    title: str
    prompt: str
    conditions: Conditions
    composer: str
    checkpoint: str
    seed: int
    checks: dict[str, Check]
    midi: bytes | None = None  # what the ABC was drawn from, where a composer writes MIDI

    def as_dict(self) -> dict:
        """JSON-ready; MIDI as base64, and only where there is any."""
        out = asdict(self)
        out["conditions"] = self.conditions.as_dict()
        midi = out.pop("midi")
        return out | ({"midi": b64encode(midi).decode()} if midi else {})


@dataclass(frozen=True)
class NotesAdded:
    """A stretch of ABC written by the composer. Texts of one attempt, joined, are the whole tune."""

    attempt: int  # from 1
    offset: int  # characters of this attempt written before this text
    text: str


@dataclass(frozen=True)
class AttemptRejected:
    attempt: int
    reason: str  # the name of the check that failed


TUNE, TEXT, PIECE, CHORDS, SOUND = "tune", "text", "piece", "chords", "sound"  # kinds of composer


@dataclass(frozen=True)
class ComposerCard:
    """What a composer is and what can be asked of it.

    A `tune` composer writes one melody, note by note, under the rules of bars and form. A `text` composer writes
    letters of ABC by itself, a `piece` composer several voices that were MIDI first, a `chords` composer chords alone.
    One of kind `sound` writes nothing: it plays a tune.
    """

    name: str
    title: str
    summary: str  # one honest sentence or two
    parameters: int
    trained_on: str
    bits_per_character: float | None
    checkpoint: str
    kind: str = TUNE
    takes: tuple[str, ...] = tuple(f.name for f in fields(Conditions))  # the conditions that it can be asked for
    mends: str = ""  # the name of the faithful composer whose fault this one mends
    hears: bool = True  # whether the feeling of a prompt reaches it
    menu: str = ""  # one sentence of few words, for a list to choose from

    @property
    def version(self) -> str:
        """What it is among the forms of one idea."""
        if not self.mends:
            return "Faithful"
        return "Mended" if self.name.endswith("-mended") else "Proposed"

    @property
    def in_short(self) -> str:
        return self.menu or self.summary.split(". ")[0].rstrip(".") + "."

    def as_dict(self) -> dict:
        return asdict(self) | {"takes": list(self.takes), "menu": self.in_short}
