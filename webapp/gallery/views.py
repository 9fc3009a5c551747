"""Pages of the gallery."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from webapp.tunes.selectors import gallery_page


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    page, next_cursor = gallery_page(request.GET.get("after", ""))
    return render(request, "gallery.html", {"page": page, "next_cursor": next_cursor})
