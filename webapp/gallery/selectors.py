"""Every read of the gallery: pages of tunes by keyset, so that a far page costs what the first does."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import timedelta

from django.http import Http404
from django.utils import timezone

from webapp.gallery.correcting import corrected
from webapp.gallery.models import Entry
from webapp.gallery.query import Query
from webapp.gallery.search import Place, asked_of, found
from webapp.gallery.words import asked_words
from webapp.paging import place_of, signed_place
from webapp.tunes.access import listed
from webapp.tunes.models import Tune

PAGE_TUNES = 24
SALT = "cursor:gallery"


@dataclass(frozen=True)
class GalleryPage:
    tunes: list[Tune] = field(default_factory=list)
    next_cursor: str = ""  # "" on the last page
    corrected: str = ""  # the words that were searched for, where those asked for are in no tune


def gallery_page(query: Query, cursor: str = "") -> GalleryPage:
    """Raises Http404 for a cursor that is not ours, or another query's."""
    after = _read_cursor(cursor, query) if cursor else None
    meant = corrected(query.words) if query.words else ""
    words = tuple(asked_words(meant)) if meant else None
    places = found(asked_of(query, words), after, PAGE_TUNES + 1)
    more = len(places) > PAGE_TUNES
    places = places[:PAGE_TUNES]
    next_cursor = _cursor_after(places[-1], query) if more else ""
    return GalleryPage(_tunes(places), next_cursor, meant if places else "")


def liked_tunes(count: int = 3) -> list[Tune]:
    """Today's best liked; on a quiet day the best liked of all."""
    today = Entry.objects.filter(published__gte=timezone.now() - timedelta(days=1))
    places = [Place(*row) for row in today.order_by("-best", "-id").values_list("best", "id")[:count]]
    if len(places) < count:
        known = {place.number for place in places}
        best = found(asked_of(Query(sort="best")), None, count + len(places))
        places += [place for place in best if place.number not in known]
    return _tunes(places[:count])


def _tunes(places: list[Place]) -> list[Tune]:
    """In the order of their places. A tune that was hidden a moment ago is not among them."""
    numbers = [place.number for place in places]
    rows = Tune.objects.filter(listed(), entry__in=numbers).select_related("owner", "entry")
    tunes = {tune.entry.pk: tune for tune in rows} if numbers else {}
    return [tunes[number] for number in numbers if number in tunes]


def _fingerprint(query: Query) -> str:
    return hashlib.sha256(json.dumps(query.params(), sort_keys=True).encode()).hexdigest()[:16]


def _cursor_after(place: Place, query: Query) -> str:
    return signed_place(place.rank, place.number, _fingerprint(query), salt=SALT)


def _read_cursor(cursor: str, query: Query) -> Place:
    rank, number, asked = (*place_of(cursor, salt=SALT), None, None)[:3]
    if asked != _fingerprint(query):
        raise Http404("The gallery has no such page.")
    return Place(rank, number)
