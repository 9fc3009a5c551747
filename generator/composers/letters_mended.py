"""The mended composers at work: a header that is asked for, canonical letters to the tune's end, checks. No torch."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice

import numpy as np

from generator.brief import (
    MAX_BARS,
    METERS,
    MIN_BARS,
    AttemptRejected,
    Brief,
    BriefError,
    Check,
    ComposeFailed,
    Conditions,
    NotesAdded,
    Piece,
)
from generator.checks import bars_asked, meter_asked
from generator.composers.letters_voice import LetterNetwork
from generator.composers.letters_writing import checks_of, sounds
from generator.engraving import Engraver
from generator.engraving import header as fields_for_people
from generator.notation import KEY_SUFFIX, Bar, ChordSymbol, NotationError, Score, parse, signature, split_key
from generator.titles import named
from generator.validation import respelled

ATTEMPTS = 12
LEAST = 0.02  # of the likeliest letter's share: what has less is a slip of the pen more often than an idea
LONGEST = 2000  # letters; the longest tune people wrote has about as many
NO_TUNE = "No attempt came out well enough to keep. Please try another seed, or leave key and meter free."
_A_BAR_IS_WHOLE = re.compile(r"[A-Ga-g].*[|\]:][12]?[^|:\[\]12]$")
_HOLDS = 100  # how much more often a header is drawn for each thing in it that was asked for


def compose(
    brief: Brief, network: LetterNetwork, checkpoint: str
) -> Iterator[NotesAdded | AttemptRejected | Piece]:  # fmt: skip
    """Raises BriefError at once for what no tune it learnt from has, ComposeFailed after the last attempt."""
    refuse_unknown(brief.conditions, network.told["known"])
    return _attempts(brief, settled(brief, network.told["headers"]), network, checkpoint)


def _attempts(
    brief: Brief, conditions: Conditions, network: LetterNetwork, checkpoint: str
) -> Iterator[NotesAdded | AttemptRejected | Piece]:
    for attempt in range(1, ATTEMPTS + 1):
        writing = Writing(brief, conditions, network, attempt)
        try:
            yield from writing.notes()
            piece, failed = writing.judged(checkpoint)
        except NotationError:
            failed = "notation"
        if failed is None or (failed != "notation" and not brief.masked):
            yield piece
            return
        yield AttemptRejected(attempt, failed)
    raise ComposeFailed(NO_TUNE)


def refuse_unknown(asked: Conditions, known: Mapping[str, int]) -> None:
    """Raises BriefError: a meter or a mode that the network has never met would come out as noise under its name."""
    has = {"meter": {header.split()[0] for header in known}, "mode": {_mode(header) for header in known}}
    wrong = {
        name: f"This composer has learnt no tune in {getattr(asked, name)}; choose one of: {', '.join(sorted(some))}."
        for name, some in has.items()
        if getattr(asked, name) not in (None, *some)
    }
    if wrong:
        raise BriefError(wrong)


def _mode(header: str) -> str:
    return split_key(header.split()[1])[1]


def settled(brief: Brief, headers: Mapping[str, int]) -> Conditions:
    """What was asked for; the rest as a tune of the collection has it that agrees with most of that."""
    rng, names = np.random.default_rng([brief.seed, 0]), [name for name in headers if name.split()[0] in METERS]
    asked = respelled(brief.conditions)
    weights = np.array([_weight(name, headers[name], asked) for name in names], np.float64)
    meter, key = names[int(rng.choice(len(names), p=weights / weights.sum()))].split()
    tonic, mode = split_key(key)
    return respelled(asked.merged(Conditions(key=tonic, mode=mode, meter=meter)))


def _weight(name: str, count: int, asked: Conditions) -> float:
    meter, key = name.split()
    tonic, mode = split_key(key)
    weight = float(count)
    for wish, has in ((asked.meter, meter), (asked.mode, mode), (asked.key, tonic)):
        weight *= _HOLDS if wish == has else 1
    return weight if _writable((asked.key or tonic), (asked.mode or mode)) else 0.0


def _writable(tonic: str, mode: str) -> bool:
    wanted = respelled(Conditions(key=tonic, mode=mode))
    try:
        signature(f"{wanted.key}{KEY_SUFFIX[mode]}")
    except NotationError:
        return False
    return True


class Writing:
    """One attempt: its own random stream, its letters so far, its text for people so far."""

    def __init__(self, brief: Brief, conditions: Conditions, network: LetterNetwork, attempt: int) -> None:
        self.brief, self.conditions, self.network, self.attempt = brief, conditions, network, attempt
        self.meter, self.key = conditions.meter, f"{conditions.key}{KEY_SUFFIX[conditions.mode]}"
        self.title = named(brief.prompt, conditions, brief.seed)
        self.body, self.text, self.set = "", "", 0
        self.engraver = Engraver(self.meter)

    def notes(self) -> Iterator[NotesAdded]:
        """The header, then each bar once it stands. Raises NotationError."""
        yield self._added(fields_for_people(title=self.title, meter=self.meter, key=self.key, tempo_qpm=None))
        for letter in self._letters():
            self.body += letter
            if _A_BAR_IS_WHOLE.search(self.body[-80:]):
                yield from self._engraved(self._read(self.body[:-1]), whole=False)
        yield from self._engraved(self._read(self.body), whole=True)

    def _letters(self) -> Iterator[str]:
        """Up to the line's end that is the tune's. Raises NotationError where none comes."""
        rng = np.random.default_rng([self.brief.seed, self.attempt])
        begun = f"M:{self.meter}\nK:{self.key}\n"
        heard = self.network.letters(begun, rng=rng, temperature=self.brief.temperature, least=LEAST)
        for letter in islice(heard, LONGEST):
            if letter == "\n":
                return
            yield letter
        raise NotationError("too long")

    def _read(self, body: str) -> Score:
        return parse(body, meter=self.meter, key=self.key, unit="1/8")

    def _engraved(self, score: Score, *, whole: bool) -> Iterator[NotesAdded]:
        """What is new of the symbols. The last bar waits for its follower: a tie is told from a slur by that."""
        symbols = score.symbols
        signs = [index for index, symbol in enumerate(symbols) if isinstance(symbol, Bar)]
        end = len(symbols) if whole else signs[-2] if len(signs) > 1 else 0
        text = "".join(self.engraver.feed(s) for s in symbols[self.set : end] if not isinstance(s, ChordSymbol))
        self.set = max(self.set, end)
        if text:
            yield self._added(text)

    def _added(self, text: str) -> NotesAdded:
        event = NotesAdded(self.attempt, len(self.text), text)
        self.text += text
        return event

    def judged(self, checkpoint: str) -> tuple[Piece, str | None]:
        """The piece, and the first check that it does not pass."""
        score = self._read(self.body)
        bars = bars_asked(score, None).value
        checks = {**checks_of(score), "range": sounds(score), "bars": Check(MIN_BARS <= bars <= MAX_BARS, bars),
                  "meter": meter_asked(score, self.meter)}  # fmt: skip
        piece = Piece(
            abc=self.text, title=self.title, prompt=self.brief.prompt,
            conditions=replace(self.conditions, bars=bars if checks["bars"].ok else None),
            composer=self.brief.composer, checkpoint=checkpoint, seed=self.brief.seed,
            checks=checks,
        )  # fmt: skip
        return piece, next((name for name, check in checks.items() if not check.ok), None)
