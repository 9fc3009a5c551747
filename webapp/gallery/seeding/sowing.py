"""Fills the gallery with made-up tunes, batch by batch, through the models that real ones go through."""

from __future__ import annotations

import multiprocessing
import os
import random
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from generator import DEFAULT_COMPOSER, Interpretation, interpret
from webapp.accounts.models import Profile
from webapp.gallery.entries import REMIX, Surroundings, entry_of
from webapp.gallery.models import Mean
from webapp.gallery.search.indexes import filled_at_once, statistics_refreshed
from webapp.gallery.seeding.music import MOST_KINDS, Kind, Sown, kinds, sown, without_chords
from webapp.gallery.seeding.people import makers_sown
from webapp.gallery.seeding.reception import Reception, expected_stars, received
from webapp.gallery.seeding.texts import TAGS, a_place, a_prompt, a_title, some_tags
from webapp.gallery.seeding.writing import rows_written
from webapp.gallery.services import mean_recount, words_recount
from webapp.tunes.models import Status, Tag, Tune, Visibility

BATCH = 2000
MANY = 50_000  # from here on it is quicker to file all words at the end
PROMPTS = 400
YEARS = timedelta(days=3 * 365)
EARLIER_COMPOSER, EARLIER = "folkrnn", 0.2  # who composed the oldest fifth
TWEAKS = ("happier", "sadder", "calmer", "livelier", "faster", "slower", "another-key")
TABLES = ("tunes_tune", "gallery_entry", "gallery_word", "ratings_rating", "talk_comment", "tunes_tune_tags")


_shared: dict[str, Garden] = {}


@dataclass
class Garden:
    """What tunes are made from."""

    kinds: list[Kind]
    prompts: list[Interpretation]
    texts: list[str]
    makers: list[Profile]
    tags: dict[str, Tag]
    now: datetime
    chance: random.Random


@dataclass
class Batch:
    tunes: list[Tune]
    melodies: dict[str, str]
    tags: dict[str, list[str]]
    receptions: dict[str, Reception]


def tunes_sown(count: int, seed: int) -> Iterator[int]:
    """Yields how many are there so far, batch by batch. The same count and seed make the same tunes."""
    chance = random.Random(seed)
    garden = _garden(count, chance)
    batches = [(min(BATCH, count - start), chance.getrandbits(64)) for start in range(0, count, BATCH)]
    with filled_at_once(connection) if count >= MANY else nullcontext():
        done = 0
        for size in _in_processes(garden, batches) if count >= MANY else (_sow(garden, *batch) for batch in batches):
            done += size
            yield done
    words_recount()
    mean_recount()
    statistics_refreshed(connection, TABLES)


def _sow(garden: Garden, size: int, seed: int) -> int:
    garden.chance = random.Random(seed)
    _write(_batch(garden, size))
    return size


def _in_processes(garden: Garden, batches: list[tuple[int, int]]) -> Iterator[int]:
    """As many as there are cores, on a database that takes several writers."""
    if connection.vendor != "postgresql":
        yield from (_sow(garden, *batch) for batch in batches)
        return
    _shared["garden"] = garden  # the children are copies of this process, and so have it too
    connection.close()
    connection.close_pool()
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        yield from pool.imap_unordered(_sow_here, batches)


def _sow_here(batch: tuple[int, int]) -> int:
    return _sow(_shared["garden"], *batch)


def _garden(count: int, chance: random.Random) -> Garden:
    texts = [a_prompt(chance) for _ in range(min(PROMPTS, max(12, count // 5)))]
    Tag.objects.bulk_create([Tag(name=name) for name in TAGS], ignore_conflicts=True)
    return Garden(
        kinds=kinds(min(MOST_KINDS, max(4, count // 20)), chance),
        prompts=[interpret(text, seed=number) for number, text in enumerate(texts)],
        texts=texts,
        makers=makers_sown(count, chance),
        tags={tag.name: tag for tag in Tag.objects.filter(name__in=TAGS)},
        now=timezone.now(),
        chance=chance,
    )


def _batch(garden: Garden, size: int) -> Batch:
    batch = Batch([], {}, {}, {})
    for _ in range(size):
        tune, melody = _tune(garden)
        _remix(tune, batch.tunes, garden.chance)
        tags = some_tags(garden.chance)
        tune._prefetched_objects_cache = {"tags": [garden.tags[name] for name in tags]}
        batch.tunes.append(tune)
        batch.melodies[tune.pk], batch.tags[tune.pk] = melody, tags
        batch.receptions[tune.pk] = received(tune, garden.makers, garden.now, garden.chance)
    return batch


def _tune(garden: Garden) -> tuple[Tune, str]:
    chance = garden.chance
    # The first kinds are the most common.
    kind = garden.kinds[min(int(chance.expovariate(5 / len(garden.kinds))), len(garden.kinds) - 1)]
    music, number = sown(kind, chance), chance.randrange(len(garden.texts))
    heard, maker = garden.prompts[number], _maker(garden)
    age = chance.random() ** 1.5  # more and more of them every year
    title, published = a_title(chance, music.piece.conditions.rhythm), garden.now - YEARS * age
    tune = Tune(
        id=urlsafe_b64encode(chance.randbytes(16)).decode().rstrip("="),
        prompt=f"{garden.texts[number]}, for {a_place(chance)}" if chance.random() < 0.5 else garden.texts[number],
        seed=chance.randrange(10**6), composer=EARLIER_COMPOSER if age > 1 - EARLIER else DEFAULT_COMPOSER,
        temperature=1.0, title=title, abc=_abc(music, title, chance),
        keywords=[asdict(keyword) for keyword in heard.keywords], language=heard.language,
        styles=[asdict(style) for style in heard.styles],
        valence=_near(heard.valence, chance), arousal=_near(heard.arousal, chance),
        conditions=music.piece.conditions.as_dict() | {"style": heard.styles[0].name if heard.styles else None},
        status=Status.READY, attempt=1, seconds=1.0, created=published - timedelta(hours=1), finished=published,
        checkpoint=music.piece.checkpoint, maker=maker.key if maker else f"made-up-{chance.getrandbits(64):x}",
        owner=maker, visibility=Visibility.PUBLIC, published=published,
    )  # fmt: skip
    return tune, music.melody


def _abc(music: Sown, title: str, chance: random.Random) -> str:
    abc = music.abc.replace("{title}", title)
    return abc if chance.random() < 0.9 else without_chords(abc)


def _near(mood: float, chance: random.Random) -> float:
    return max(-1.0, min(1.0, chance.gauss(mood, 0.25)))


def _maker(garden: Garden) -> Profile | None:
    """Three of ten tunes are by people without an account; of the others a few makers have many."""
    chance = garden.chance
    if chance.random() < 0.3:
        return None
    return garden.makers[int(len(garden.makers) * chance.random() ** 2)]


def _remix(tune: Tune, before: list[Tune], chance: random.Random) -> None:
    """One of twelve was made from another; some tunes are taken up again and again."""
    if before and chance.random() < 0.08:
        parent = before[int(len(before) * chance.random() ** 3)]
        if parent.published < tune.published:
            tune.parent, tune.root, tune.tweak = parent, parent.family, chance.choice(TWEAKS)


@transaction.atomic
def _write(batch: Batch) -> None:
    rows_written(batch.tunes)
    tag_ids = dict(Tag.objects.values_list("name", "pk"))
    through = Tune.tags.through
    rows_written([through(tune_id=tune, tag_id=tag_ids[name]) for tune, names in batch.tags.items() for name in names])
    received = batch.receptions.values()
    rows_written([rating for one in received for rating in one.ratings])
    rows_written([favourite for one in received for favourite in one.favourites])
    rows_written([comment for one in received for comment in one.comments])
    around = _around(batch)
    rows_written([entry_of(tune, around) for tune in batch.tunes])


def _around(batch: Batch) -> Surroundings:
    events = {tune: list(reception.events) for tune, reception in batch.receptions.items()}
    children = [tune for tune in batch.tunes if tune.parent_id]
    for child in children:
        events[child.parent_id].append((child.published, REMIX))
    return Surroundings(
        mean=_mean(),
        comments={tune: [comment.text for comment in one.comments] for tune, one in batch.receptions.items()},
        remixes=Counter(child.parent_id for child in children),
        events=events,
        melodies=batch.melodies,
    )


def _mean() -> float:
    """Set before the first rating, so that at the end no row need be ranked anew: a few tunes' own mean is far off."""
    return Mean.objects.get_or_create(pk=1, defaults={"stars": expected_stars()})[0].stars
