"""Pages of the gallery."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from webapp.gallery.chips import chips, gallery_url, mood_in_words, sorts
from webapp.gallery.forms import GalleryForm
from webapp.gallery.keyboard import OCTAVES
from webapp.gallery.query import Query
from webapp.gallery.selectors import GalleryPage, gallery_page
from webapp.ratings.selectors import favourites_among
from webapp.tunes.choices import choices


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    if "" in request.GET.values():
        # A form without script sends its empty fields too; an address that is passed on says only what was asked.
        return redirect(gallery_url({name: value for name, value in request.GET.items() if value}))
    form = GalleryForm(request.GET)
    page = gallery_page(form.query, request.GET.get("after", "")) if form.query else GalleryPage()
    _mark_favourites(page, request)
    return render(request, "gallery.html", _context(form, page), status=200 if form.query else 422)


def _mark_favourites(page: GalleryPage, request: HttpRequest) -> None:
    """A card shows its heart where its page has said whether it is filled."""
    mine = favourites_among(page.tunes, request.listener) if page.tunes else set()
    for tune in page.tunes:
        tune.standing = {"favourite": tune.pk in mine}


def _context(form: GalleryForm, page: GalleryPage) -> dict[str, object]:
    query = form.query or Query()
    return {
        "form": form,
        "choices": choices(),
        "page": page.tunes,
        "corrected": page.corrected,
        "older_url": gallery_url(query.params() | {"after": page.next_cursor}) if page.next_cursor else "",
        "next_cursor": page.next_cursor,
        "chips": chips(query, form.maker_name),
        "sorts": sorts(query),
        "mood_words": mood_in_words(query),
        "octaves": OCTAVES,
    }
