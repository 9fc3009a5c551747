"""Every write of the gallery: what it knows of each public tune, and what is counted at night."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import ExpressionWrapper, F, FloatField, OuterRef, Subquery, Sum
from django.utils import timezone

from webapp.gallery.entries import entry_of, remixes_of, surroundings_of, trending_of
from webapp.gallery.models import Entry, Mean, Word
from webapp.gallery.ranking import PRIOR_RATINGS, USUAL_STARS, best, warmer, warmth
from webapp.gallery.search import words_counted
from webapp.gallery.words import is_learnt
from webapp.tunes.access import listed
from webapp.tunes.models import Tune

AT_ONCE = 500
WORTH_A_RECOUNT = 0.02  # stars; below it every row would be written for nothing that is seen
COLUMNS = [column.name for column in Entry._meta.concrete_fields if column.name not in ("id", "tune")]


@transaction.atomic
def entries_refresh(*, tunes: Sequence[str]) -> None:
    """Writes, or removes, what the gallery knows of these tunes, after anything about them has changed."""
    for start in range(0, len(tunes), AT_ONCE):
        _refresh(list(tunes[start : start + AT_ONCE]))


@transaction.atomic
def stars_refresh(*, tune: str) -> None:
    """A star changes nothing of a tune but its rank."""
    row = Tune.objects.filter(pk=tune).values_list("stars_sum", "stars_count").first()
    if row:
        Entry.objects.filter(tune=tune).update(best=best(*row, mean_stars()))


@transaction.atomic
def tune_warm(*, tune: str, weight: float) -> None:
    """Something was done for a tune that makes it trend: a star, a favourite, a comment, a remix."""
    entry = Entry.objects.select_for_update().filter(tune=tune).only("trending").first()
    if entry:
        entry.trending = warmer(entry.trending, warmth(timezone.now(), weight))
        entry.save(update_fields=["trending"])


@transaction.atomic
def tune_cool(*, tune: str) -> None:
    """Something that had made a tune trend was taken back."""
    entry = Entry.objects.select_for_update().filter(tune=tune).only("trending", "tune").first()
    if entry:
        entry.trending = trending_of(entry.tune)
        entry.save(update_fields=["trending"])


def mean_recount() -> bool:
    """The mean of all stars and, where it has moved, every row's rank by it. Whether it has."""
    totals = Tune.objects.filter(listed(), stars_count__gt=0).aggregate(sum=Sum("stars_sum"), count=Sum("stars_count"))
    mean = totals["sum"] / totals["count"] if totals["count"] else USUAL_STARS
    if abs(mean - mean_stars()) < WORTH_A_RECOUNT:
        return False
    Mean.objects.update_or_create(pk=1, defaults={"stars": mean})
    _rank_anew(mean)
    return True


@transaction.atomic
def words_recount() -> None:
    """How many tunes each word stands in; a word that is in none any more is forgotten."""
    counted = [Word(word=word, uses=uses) for word, uses in words_counted() if is_learnt(word)]
    Word.objects.all().delete()
    Word.objects.bulk_create(counted, batch_size=5000, ignore_conflicts=True)


def words_learn(words: Iterable[str]) -> None:
    """In order, so that two who learn the same words at once wait for one another instead of for ever."""
    new = [Word(word=word) for word in sorted(set(filter(is_learnt, words)))]
    Word.objects.bulk_create(new, batch_size=5000, ignore_conflicts=True)


def mean_stars() -> float:
    return Mean.objects.filter(pk=1).values_list("stars", flat=True).first() or USUAL_STARS


def _refresh(tunes: list[str]) -> None:
    shown = list(Tune.objects.filter(listed(), pk__in=tunes).select_related("owner").prefetch_related("tags"))
    around = surroundings_of([tune.pk for tune in shown], mean=mean_stars())
    Entry.objects.filter(tune__in=tunes).exclude(tune__in=[tune.pk for tune in shown]).delete()
    entries = [entry_of(tune, around) for tune in sorted(shown, key=lambda tune: tune.pk)]
    Entry.objects.bulk_create(entries, update_conflicts=True, unique_fields=["tune"], update_fields=COLUMNS)
    words_learn(word for entry in entries for word in _new_words(entry, around.known.get(entry.tune_id)))
    _count_remixes([*Tune.objects.filter(pk__in=tunes, parent__isnull=False).values_list("parent_id", flat=True)])


def _new_words(entry: Entry, before: Entry | None) -> set[str]:
    return set(entry.words.split()) - set(before.words.split() if before else ())


def _count_remixes(parents: list[str]) -> None:
    """A tune that comes or goes is one more or fewer for the tune that it was made from."""
    counts = remixes_of(parents)
    for entry in Entry.objects.filter(tune__in=parents).only("tune_id", "remixes"):
        if entry.remixes != (count := counts.get(entry.tune_id, 0)):
            Entry.objects.filter(pk=entry.pk).update(remixes=count)


def _rank_anew(mean: float) -> None:
    """In short transactions, since nobody who gives a star should wait for all of them."""
    drawn = (PRIOR_RATINGS * mean + F("stars_sum")) / (PRIOR_RATINGS + F("stars_count"))
    ranks = Tune.objects.filter(pk=OuterRef("tune_id")).values(rank=ExpressionWrapper(drawn, FloatField()))
    last = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for start in range(0, last + 1, 10 * AT_ONCE):
        Entry.objects.filter(pk__gt=start, pk__lte=start + 10 * AT_ONCE).update(best=Subquery(ranks))
