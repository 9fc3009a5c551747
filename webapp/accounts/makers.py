"""What others see of a maker. Apart from selectors.py, which the tunes themselves ask."""

from __future__ import annotations

from webapp.accounts.models import Profile
from webapp.paging import Cursor
from webapp.tunes.access import listed
from webapp.tunes.models import Tune
from webapp.tunes.selectors import PAGE_TUNES

PAGES = Cursor("maker", "published")


def maker_page(maker: Profile, cursor: str = "") -> tuple[list[Tune], str]:
    """What a maker shows to everybody, newest first."""
    return PAGES.page(Tune.objects.filter(listed(), owner=maker).select_related("owner"), cursor, PAGE_TUNES)
