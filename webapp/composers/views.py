"""The page of composers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from webapp.composers.page import families


@require_safe
def composers(request: HttpRequest) -> HttpResponse:
    return render(request, "composers/composers.html", {"families": families()})
