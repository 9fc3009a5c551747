"""Makes the rows of the gallery out of tunes; writes nothing."""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count

from generator import BriefError, melody_steps
from webapp.gallery.melodies import letters_of, runs_of
from webapp.gallery.models import Entry
from webapp.gallery.ranking import best, trending
from webapp.gallery.search.facets import NAMED
from webapp.gallery.signs import signs_of
from webapp.gallery.words import tag_word, words_of, written
from webapp.ratings.models import Favourite, Rating
from webapp.talk.access import live
from webapp.talk.models import Comment
from webapp.tunes.access import listed
from webapp.tunes.models import Tune

STAR, FAVOURITE, COMMENT, REMIX = 1.0, 2.0, 2.0, 3.0  # how much warmer each makes a tune
MOST_COMMENTS = 100  # a tune is found by its latest ones
MOST_LETTERS = 20_000  # and by so much of them: each word said there is written anew whenever one more is
_CHORD = re.compile(r'^(?![A-Za-z]:)[^\n]*"[A-G]', re.MULTILINE)


@dataclass
class Surroundings:
    """What the rows of some tunes are made of, beside the tunes themselves."""

    mean: float  # stars of all ratings
    known: Mapping[str, Entry] = field(default_factory=dict)  # by tune
    comments: Mapping[str, list[str]] = field(default_factory=dict)
    remixes: Mapping[str, int] = field(default_factory=dict)
    events: Mapping[str, list[tuple[datetime, float]]] = field(default_factory=dict)  # of tunes that have no row yet
    melodies: Mapping[str, str] = field(default_factory=dict)  # where they are known without reading the music


def surroundings_of(tunes: Sequence[str], *, mean: float) -> Surroundings:
    known = {entry.tune_id: entry for entry in Entry.objects.filter(tune__in=tunes)}
    new = [tune for tune in tunes if tune not in known]
    return Surroundings(mean, known, _comments(tunes), remixes_of(tunes), _events(new) if new else {})


def entry_of(tune: Tune, around: Surroundings) -> Entry:
    """Tags, owner and conditions are read; `tune` is one that is listed."""
    before = around.known.get(tune.pk)
    words = words_text(tune, around.comments.get(tune.pk, ()))
    melody, abc_sum = _melody(tune, around)
    return Entry(
        tune=tune,
        owner_id=tune.owner_id,
        published=tune.published,
        best=best(tune.stars_sum, tune.stars_count, around.mean),
        trending=before.trending if before else trending(tune.published, around.events.get(tune.pk, ())),
        remixes=around.remixes.get(tune.pk, 0),
        valence=round(tune.valence * 100),
        arousal=round(tune.arousal * 100),
        bars=tune.conditions.get("bars"),
        chords=_has_a_chord(tune.abc),
        **_named(tune),
        words=words,
        melody=melody,
        runs=runs_of(melody),
        **signs_of(words.split(), melody),
        abc_sum=abc_sum,
    )


def words_text(tune: Tune, comments: Iterable[str]) -> str:
    tags = [tag.name for tag in tune.tags.all()]
    texts = [tune.title, tune.prompt, *tags, tune.owner.name if tune.owner else "", *comments]
    return written([*words_of("\n".join(texts)), *map(tag_word, tags)])


def remixes_of(tunes: Sequence[str]) -> dict[str, int]:
    """How many tunes that anybody may come across were made from each."""
    children = Tune.objects.filter(listed(), parent__in=tunes).values("parent_id").order_by()
    return dict(children.annotate(count=Count("pk")).values_list("parent_id", "count"))


def trending_of(tune: Tune) -> float:
    """Counted anew from all that ever made it warm and still stands."""
    return trending(tune.published, _events([tune.pk]).get(tune.pk, ()))


def _has_a_chord(abc: str) -> bool:
    return _CHORD.search(abc) is not None


def _named(tune: Tune) -> dict[str, str]:
    known = tune.conditions | {"composer": tune.composer}
    return {name: (known.get(name) or "")[: Entry._meta.get_field(name).max_length] for name in NAMED}


def _melody(tune: Tune, around: Surroundings) -> tuple[str, int]:
    abc_sum, before = zlib.crc32(tune.abc.encode()), around.known.get(tune.pk)
    if tune.pk in around.melodies:
        return around.melodies[tune.pk], abc_sum
    if before and before.abc_sum == abc_sum:
        return before.melody, abc_sum
    try:
        return letters_of(melody_steps(tune.abc)), abc_sum
    except BriefError:
        return "", abc_sum  # a tune nobody can read is found by its words alone


def _comments(tunes: Sequence[str]) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = defaultdict(list)
    left = dict.fromkeys(tunes, MOST_LETTERS)
    rows = Comment.objects.filter(live(), tune__in=tunes).order_by("-created")
    for tune, text in rows.values_list("tune_id", "text"):
        if len(texts[tune]) < MOST_COMMENTS and left[tune] > 0:
            texts[tune].append(text[: left[tune]])
            left[tune] -= len(text)
    return texts


def _events(tunes: Sequence[str]) -> dict[str, list[tuple[datetime, float]]]:
    """What ever made these tunes warm."""
    events: dict[str, list[tuple[datetime, float]]] = defaultdict(list)
    said = Comment.objects.filter(live(), tune__in=tunes)
    for weight, rows in (
        (STAR, Rating.objects.filter(tune__in=tunes).values_list("tune_id", "changed")),
        (FAVOURITE, Favourite.objects.filter(tune__in=tunes).values_list("tune_id", "created")),
        (COMMENT, said.values_list("tune_id", "created")),
        (REMIX, Tune.objects.filter(listed(), parent__in=tunes).values_list("parent_id", "published")),
    ):
        for tune, moment in rows:
            events[tune].append((moment, weight))
    return events
