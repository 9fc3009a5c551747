"""The rows of `make bench-music`: both composers' figures beside the corpus' own and what is asked. Prints nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from generator.encoding import Tune
from generator.measures import distributions, moods, obeyed, texture
from generator.measures.fit_rhythm import accuracy
from generator.measures.gathered import Gathered, soundness
from generator.notation import Score
from generator.novelty import NEAR_DUPLICATE, shipped_index
from generator.rhythm_classifier import shipped_classifier

NONE = "–"
_UNMASKED_TUNES = 500  # of the peer's, which has no mask to take off


@dataclass(frozen=True)
class Row:
    figure: str
    ours: str
    peer: str = NONE
    corpus: str = NONE
    goal: str = NONE

    def __str__(self) -> str:
        return f"| {self.figure} | {self.ours} | {self.peer} | {self.corpus} | {self.goal} |"


HEADING = "| figure | transformer | folkrnn | corpus | at least |\n|---|---|---|---|---|"


@dataclass
class Corpus:
    train: list[Tune]
    valid: list[Tune]


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def sound_rows(unmasked: Gathered, shipped: Gathered, peer: Gathered | None, corpus: Corpus) -> list[Row]:
    raw, kept = soundness(unmasked), soundness(shipped)
    first = soundness(peer) if peer else None
    real = soundness(Gathered([tune.score for tune in corpus.valid]))
    bare = Row(
        f"bars right / tunes right, unmasked, {unmasked.tries} tunes", f"{percent(raw.bars)} / {percent(raw.tunes)}",
        f"{percent(first.bars)} / {percent(first.tunes)} ({peer.tries} tunes)" if first else NONE,
        f"{percent(real.bars)} / {percent(real.tunes)}", "99 % / 95 %",
    )  # fmt: skip
    whole = Row(
        f"bars right / repeats closed, as shipped, {len(shipped.scores)} tunes ({shipped.empty} never came)",
        f"{percent(kept.tunes)} / {percent(kept.repeats)}",
        f"{percent(first.tunes)} / {percent(first.repeats)}" if first else NONE,
        f"{percent(real.tunes)} / {percent(real.repeats)}", "100 %",
    )  # fmt: skip
    tonic = Row("ends on its tonic: as shipped / unmasked", f"{percent(kept.tonic)} / {percent(raw.tonic)}",
                percent(first.tonic) if first else NONE, percent(real.tonic), "95 %")  # fmt: skip
    return [bare, whole, tonic]


def obeyed_rows(shipped: Gathered, peer: Gathered | None, corpus: Corpus) -> list[Row]:
    classifier = shipped_classifier()

    def found(made: Gathered) -> dict[str, tuple[float, int]]:
        pairs = zip(made.scores, made.asked, strict=True)
        return obeyed.shares([obeyed.obeyed(score, asked, classifier) for score, asked in pairs])

    ours, theirs = found(shipped), found(peer) if peer else {}
    readable = len(peer.scores) / max(1, peer.tries) if peer else 0.0
    # The peer cannot be asked for more than these; what is no tune obeys nothing.
    told = {name: percent(theirs[name][0] * readable) for name in ("key", "mode", "meter") if name in theirs}
    right = f"{percent(accuracy(classifier, corpus.valid))} (classifier on tunes-valid)"
    return [
        Row(f"{name} obeyed, of those asked ({count})", percent(share), told.get(name, NONE),
            right if name == "rhythm" else NONE, "the classifier's" if name == "rhythm" else "99 %")
        for name, (share, count) in ours.items()
    ]  # fmt: skip


def chord_row(shipped: Gathered, corpus: Corpus) -> Row:
    chorded = texture.human_chorded([tune.score for tune in corpus.train])
    real, rng = texture.chord_fit(chorded), np.random.default_rng(0)
    made = texture.human_chorded(shipped.scores)
    ours = texture.chord_fit(made) if made else 0.0
    shuffled = texture.chord_fit([texture.with_shuffled_chords(score, rng) for score in made]) if made else 0.0
    return Row("chord fit; the same with each tune's chords shuffled", f"{percent(ours)}; {percent(shuffled)}", NONE,
               f"{percent(real)} ({len(chorded)} chorded by people)",
               f"{percent(real - 0.03)}; {percent(shuffled + 0.2)}")  # fmt: skip


def novelty_rows(shipped: Gathered, peer: Gathered | None) -> list[Row]:
    index = shipped_index()

    def near(scores: Sequence[Score]) -> int:
        return sum(index.nearest(score).share > NEAR_DUPLICATE for score in scores)

    refused = shipped.rejected["novelty"]
    after = near(shipped.scores)
    before = (refused + after) / max(1, refused + len(shipped.scores))
    theirs = percent(near(peer.scores) / max(1, len(peer.scores))) if peer else NONE
    return [
        Row("near-duplicates of training tunes before the check", percent(before), theirs, NONE, "≤ 1 %"),
        Row("near-duplicates after the check", str(after), NONE, NONE, "0"),
    ]  # fmt: skip


def distribution_rows(shipped: Gathered, peer: Gathered | None, corpus: Corpus) -> list[Row]:
    train, valid = ([distributions.counts(tune.score) for tune in part] for part in (corpus.train, corpus.valid))
    total = distributions.summed(valid)

    def ratios(made: Gathered | None) -> tuple[dict[str, float], dict[str, float]]:
        # The first round: each validation tune's conditions once, so that both sides are of one size.
        scores = made.scores[: len(valid)] if made else []
        usual = distributions.usual_distances(train, total, size=len(scores)) if scores else {}
        own = distributions.distances([distributions.counts(score) for score in scores], total)
        return (own, usual) if scores else ({}, {})

    (ours, usual), (theirs, theirs_usual) = ratios(shipped), ratios(peer)
    return [
        Row(f"Jensen-Shannon to tunes-valid, {kind}: bits; times that of as many training tunes",
            f"{ours[kind]:.4f}; × {ours[kind] / usual[kind]:.2f}" if ours else NONE,
            f"{theirs[kind]:.4f}; × {theirs[kind] / theirs_usual[kind]:.2f}" if theirs else NONE,
            f"{usual[kind]:.4f}" if usual else NONE, "× ≤ 1.50")
        for kind in distributions.KINDS
    ]  # fmt: skip


def texture_rows(shipped: Gathered, peer: Gathered | None, corpus: Corpus) -> list[Row]:
    real = [tune.score for tune in corpus.valid]
    low, high = texture.middle([texture.zlib_ratio(tune.score) for tune in corpus.train])

    def inside(scores: Sequence[Score]) -> float:
        return float(np.mean([low <= texture.zlib_ratio(score) <= high for score in scores]))

    def share(judge: Callable[[Score], list[bool]], scores: Sequence[Score]) -> float:
        found = [verdict for score in scores for verdict in judge(score)]
        return sum(found) / max(1, len(found))

    def row(figure: str, measure: Callable[[Sequence[Score]], float], goal: str) -> Row:
        theirs = percent(measure(peer.scores)) if peer and peer.scores else NONE
        return Row(figure, percent(measure(shipped.scores)) if shipped.scores else NONE, theirs,
                   percent(measure(real)), goal)  # fmt: skip

    return [
        row(f"zlib ratio inside the corpus' middle 95 % ({low:.2f} to {high:.2f})", inside, "90 %"),
        row("bars 4 and 8 that end on a long note or on I or V", lambda s: share(texture.cadences, s), NONE),
        row("bars 4 and 8 that end on a note of a beat or more", lambda s: share(texture.held_notes, s), NONE),
    ]


def mood_row(pairs: Gathered) -> Row:
    """Pairs stand one after the other: sad, joyful. Nothing may be missing, or the pairs would slip."""
    if pairs.empty or pairs.unreadable or not pairs.scores:
        return Row("same-seed pairs, sad against joyful", f"{pairs.empty} pieces never came", goal="95 %")
    heard = [moods.mood_of(score, tempo) for score, tempo in zip(pairs.scores, pairs.tempi, strict=True)]
    couples = list(zip(heard[::2], heard[1::2], strict=True))
    found = moods.shares(couples)
    parts = ", ".join(f"{name} {percent(found[name])}" for name in ("mode", "tempo", "notes"))
    return Row(f"{len(couples)} same-seed pairs, joyful brighter or as bright, faster and busier than sad",
               f"{percent(found['all'])} ({parts})", NONE, f"{percent(moods.shuffled_share(couples))} (shuffled)",
               "95 %")  # fmt: skip
