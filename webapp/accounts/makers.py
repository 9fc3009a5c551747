"""What others see of a maker. Apart from selectors.py, which the tunes themselves ask."""

from __future__ import annotations

from webapp.accounts.models import Profile
from webapp.gallery.query import Query
from webapp.gallery.selectors import gallery_page
from webapp.tunes.models import Tune


def maker_page(maker: Profile, cursor: str = "") -> tuple[list[Tune], str]:
    """What a maker shows to everybody, newest first."""
    page = gallery_page(Query(maker=maker.slug), cursor)
    return page.tunes, page.next_cursor
