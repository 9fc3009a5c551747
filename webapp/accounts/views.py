"""Pages of people."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from webapp.accounts.selectors import maker_for


@require_safe
def maker(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "accounts/maker.html", {"maker": maker_for(slug)})
