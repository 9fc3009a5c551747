"""The gallery's form: every field as it was typed, what is asked by it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping

from webapp.accounts.models import LONGEST_NAME, Profile
from webapp.gallery.query import Query, QueryError, query_from

MOOD = ("valence_low", "valence_high", "arousal_low", "arousal_high")
FILTERS = ("key", "mode", "meter", "rhythm", "style", "composer", "bars_low", "bars_high", "chords", "tag", "maker")
FIELDS = ("words", "notes", *MOOD, *FILTERS, "sort")


class GalleryForm:
    """`query` is None where something is wrong; `errors` then has a sentence for each field."""

    def __init__(self, params: Mapping[str, str]) -> None:
        self.typed = {name: params.get(name) or "" for name in FIELDS}
        self.maker = _maker_called(self.typed["maker"].strip())
        self.errors: dict[str, str] = {}
        self.query = self._read()

    def _read(self) -> Query | None:
        try:
            # People type a maker's name; addresses carry the word of the maker's page.
            return query_from(self.typed | ({"maker": self.maker.slug} if self.maker else {}))
        except QueryError as error:
            self.errors = error.fields
            return None

    @property
    def maker_name(self) -> str:
        return self.maker.name if self.maker else self.typed["maker"]

    @property
    def mood_errors(self) -> list[str]:
        return list(dict.fromkeys(self.errors[name] for name in MOOD if name in self.errors))

    @property
    def filters_wrong(self) -> bool:
        return any(name in self.errors for name in FILTERS)

    @property
    def filters_set(self) -> int:
        return sum(bool(self.typed[name].strip()) for name in FILTERS)

    @property
    def has_mood(self) -> bool:
        return any(self.typed[name].strip() for name in MOOD)


def _maker_called(text: str) -> Profile | None:
    if not text or len(text) > LONGEST_NAME or not text.isprintable():
        return None
    return Profile.objects.filter(slug=text).first() or Profile.objects.filter(name__iexact=text).first()
