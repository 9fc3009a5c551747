"""Collections to tunes for training: read, clean, without duplicates, split by family. Knows no models.

Every tune left out is listed with its reason.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from generator import vocabulary
from generator.abc_files import Row, UnreadableFile, bundled_rows, read_rows
from generator.encoding import Tune, tune_from
from generator.families import Member, family_names
from generator.notation import Bar, NotationError, Score, timed
from generator.structure import bar_spans, wrong_bars

__all__ = ["BUNDLED_NAME", "Corpus", "Excluded", "UnreadableFile", "read_corpus", "scored", "split_of"]

BUNDLED_NAME = "music21"  # stands for a file's name where the bundled collections are wanted
SPLITS = ("train", "valid", "test")
_VALID_OF_100, _TEST_OF_100 = 6, 6
_MOST_WRONG_BARS = 0.34  # above it a transcription is taken to be broken, or in another meter than it says


@dataclass(frozen=True)
class Excluded:
    where: str
    title: str
    reason: str

    def as_dict(self) -> dict[str, str]:
        return {"where": self.where, "title": self.title, "reason": self.reason}


@dataclass
class Corpus:
    """What was kept, with the family and split of each, and what was left out."""

    tunes: list[Tune] = field(default_factory=list)
    families: list[str] = field(default_factory=list)
    excluded: list[Excluded] = field(default_factory=list)

    def split(self, name: str) -> list[Tune]:
        return [tune for tune, family in zip(self.tunes, self.families, strict=True) if split_of(family) == name]

    def summary(self) -> dict:
        return {
            "read": len(self.tunes) + len(self.excluded),
            "kept": len(self.tunes),
            "excluded": len(self.excluded),
            "reasons": dict(Counter(e.reason for e in self.excluded).most_common()),
            "families": len(set(self.families)),
            "splits": {name: len(self.split(name)) for name in SPLITS},
            "sources": dict(Counter(tune.source for tune in self.tunes).most_common()),
            "with_chords": sum(tune.score != tune.score.without_chords() for tune in self.tunes),
        }

    def write(self, folder: Path) -> None:
        """One JSON Lines file a split, in the rows' own shape, canonical."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in SPLITS:
            rows = [_row(t, f) for t, f in zip(self.tunes, self.families, strict=True) if split_of(f) == name]
            lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
            (folder / f"{name}.jsonl").write_text("".join(lines))


def _row(tune: Tune, family: str) -> dict:
    score = tune.score
    return {"source": tune.source, "tradition": tune.tradition or "", "title": tune.title, "M": score.meter, "L": "1/8",
            "K": score.key, "R": tune.rhythm or "", "abc": score.body, "family": family}  # fmt: skip


def read_corpus(files: Iterable[str | Path], *, source: str = "") -> Corpus:
    """Tunes of every file in order, those of one collection where it is named. Raises UnreadableFile.

    The name `music21` stands for its bundled collections.
    """
    corpus, seen = Corpus(), {}
    members: list[Member] = []
    for row in _rows(files):
        if source not in ("", (row.fields or {}).get("source")):
            continue
        tune = _kept(row, corpus, seen)
        if tune:
            corpus.tunes.append(tune)
            members.append(Member(tune.score, _given_family(row), fingerprint(tune.score)))
    corpus.families = family_names(members)
    return corpus


def _rows(files: Iterable[str | Path]) -> Iterable[Row]:
    for name in files:
        yield from bundled_rows() if str(name) == BUNDLED_NAME else read_rows(Path(name))


def _kept(row: Row, corpus: Corpus, seen: dict[str, str]) -> Tune | None:
    title = str((row.fields or {}).get("title", ""))
    try:
        tune = scored(row)
        _clean(tune.score)
        first = seen.setdefault(fingerprint(tune.score), row.where)
        if first != row.where:
            raise NotationError("a duplicate")
    except NotationError as reason:
        corpus.excluded.append(Excluded(row.where, title, str(reason)))
        return None
    return tune


def scored(row: Row) -> Tune:
    """A row's tune in canonical form and inside the vocabulary. Raises NotationError with the reason it is neither."""
    fields = row.fields
    if fields is None:
        raise NotationError("no JSON object")
    for name, meaning in (("abc", "notes"), ("M", "meter"), ("K", "key")):
        if not isinstance(fields.get(name), str) or not fields[name].strip():
            raise NotationError(f"no {meaning}")
    # A collection may give a field as null, or as a number: only texts are taken.
    tune = tune_from({name: text for name, text in fields.items() if isinstance(text, str) and name != "family"})
    vocabulary.encode(tune.score)
    return tune


def _clean(score: Score) -> None:
    spans = bar_spans(score)
    if len(wrong_bars(score)) > _MOST_WRONG_BARS * len(spans):
        raise NotationError("bars of wrong length")


def _given_family(row: Row) -> str | None:
    family = (row.fields or {}).get("family")
    return str(family) if isinstance(family, int | str) else None


def fingerprint(score: Score) -> str:
    """The same for a melody in every key: lengths, bar lines, and pitches counted from the first note."""
    events = timed(score.without_chords())
    first = next(pitch for *_, pitch in events if pitch is not None)
    heard = [(str(length), None if pitch is None else pitch - first) for _, _, length, pitch in events]
    signs = [symbol.sign for symbol in score.symbols if isinstance(symbol, Bar)]
    return hashlib.blake2b(repr((score.meter, heard, signs)).encode(), digest_size=16).hexdigest()


def split_of(family: str) -> str:
    """A family's split hangs on its name alone, so that it never moves when collections are added."""
    place = int.from_bytes(hashlib.blake2b(family.encode(), digest_size=8).digest(), "little") % 100
    if place < _VALID_OF_100:
        return "valid"
    return "test" if place < _VALID_OF_100 + _TEST_OF_100 else "train"
