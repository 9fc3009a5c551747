"""A tap on a star or on the heart, and the page of favourites."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from webapp.ratings.models import FEWEST_STARS, MOST_STARS
from webapp.ratings.selectors import favourites_page
from webapp.ratings.services import NotSoManyStars, tune_favourite, tune_rate
from webapp.tunes.selectors import tune_for


class StarsForm(forms.Form):
    stars = forms.IntegerField(min_value=FEWEST_STARS, max_value=MOST_STARS)


@require_POST
def rate(request: HttpRequest, tune_id: str) -> HttpResponse:
    tune = tune_for(tune_id, listener=request.listener)
    form = StarsForm(request.POST)
    if not form.is_valid():
        return render(request, "400.html", {"message": str(NotSoManyStars())}, status=422)
    tune_rate(tune=tune, listener=request.listener, stars=form.cleaned_data["stars"])
    return redirect(tune)


@require_POST
def favourite(request: HttpRequest, tune_id: str) -> HttpResponse:
    tune = tune_for(tune_id, listener=request.listener)
    wanted = request.POST.get("favourite")
    if wanted not in ("yes", "no"):
        return render(request, "400.html", {"message": "Tap the heart once more."}, status=422)
    tune_favourite(tune=tune, listener=request.listener, favourite=wanted == "yes")
    return redirect(tune)


@never_cache
@require_safe
def favourites(request: HttpRequest) -> HttpResponse:
    tunes, next_cursor = favourites_page(request.listener, request.GET.get("after", ""))
    return render(request, "ratings/favourites.html", {"page": tunes, "next_cursor": next_cursor})
