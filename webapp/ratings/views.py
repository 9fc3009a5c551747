"""A tap on a star."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from webapp.ratings.models import FEWEST_STARS, MOST_STARS
from webapp.ratings.services import NotSoManyStars, tune_rate
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
