"""Tunes for the gallery, and what is found when it is asked; for the tests beside it."""

from __future__ import annotations

from tests.builders import ABC, Person, a_gallery_tune
from webapp.gallery.query import Query
from webapp.gallery.selectors import gallery_page
from webapp.tunes.models import Tune


def titles(**asked: object) -> list[str]:
    return sorted(tune.title for tune in gallery_page(Query(**asked)).tunes)


def named(title: str, **changes: object) -> Tune:
    plain = {"prompt": "a prompt", "abc": ABC.replace("The Lantern at Low Tide", title)}
    return a_gallery_tune(changes.pop("by", None) or Person("maker"), title=title, **(plain | changes))
