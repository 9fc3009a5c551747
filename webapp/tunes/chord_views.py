"""What a page of bare chords can ask for."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from webapp.tunes.forms import tap_of
from webapp.tunes.on_chords import has_bare_chords, tune_on_chords
from webapp.tunes.selectors import tune_for


@require_POST
def on_chords(request: HttpRequest, tune_id: str) -> HttpResponse:
    tune = tune_for(tune_id, listener=request.listener)
    if not has_bare_chords(tune):
        raise Http404("These are not chords alone.")
    return redirect(tune_on_chords(tune=tune, listener=request.listener, once=tap_of(request)))
