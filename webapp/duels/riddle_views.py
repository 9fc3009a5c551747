"""Pages of "Human or machine?": form, service, render."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from webapp.duels.models import Guess, Riddle
from webapp.duels.riddles import NoSuchAnswer, guess_of, riddle_ask, riddle_for, riddle_guess, riddle_next
from webapp.duels.selectors import composer_titles, score_of
from webapp.duels.services import AlreadySaid
from webapp.duels.views import refused
from webapp.duels.voters import NotCounted
from webapp.tunes.access import Verb, may
from webapp.tunes.liveness import workers_alive


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def riddles(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return redirect(riddle_ask(listener=request.listener) or "riddles-waiting")
    return render(request, "duels/riddles.html", {"score": score_of(request.listener)})


@never_cache
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """While both kinds are being laid ready; it looks the same whichever comes first."""
    if riddle := riddle_next(listener=request.listener):
        return redirect(riddle)
    return render(request, "duels/riddles_waiting.html", {"worker_alive": workers_alive() > 0})


@never_cache
@require_GET
def status(request: HttpRequest) -> JsonResponse:
    riddle = riddle_next(listener=request.listener)
    return JsonResponse({"waiting": riddle is None, "alive": workers_alive() > 0})


@never_cache
@require_safe
def riddle(request: HttpRequest, riddle_id: str) -> HttpResponse:
    riddle = riddle_for(riddle_id)
    guess = guess_of(riddle, request.listener)
    if guess:
        return _told(request, riddle, guess)
    # Whatever is in this context may be read by whoever is to guess.
    return render(request, "duels/guess.html", {"id": riddle.pk, "abc": riddle.abc, "tempo": riddle.tempo_qpm})


def _told(request: HttpRequest, riddle: Riddle, guess: Guess) -> HttpResponse:
    seen = riddle.tune and may(request.listener, Verb.SEE, riddle.tune)
    context = {
        "riddle": riddle,
        "guess": guess,
        "right": guess.said == riddle.kind,
        "composer": composer_titles().get(riddle.composer, riddle.composer),
        "link": riddle.tune.get_absolute_url() if seen else "",
        "score": score_of(request.listener),
    }
    return render(request, "duels/guessed.html", context)


@require_POST
def guess(request: HttpRequest, riddle_id: str) -> HttpResponse:
    riddle = riddle_for(riddle_id)
    try:
        riddle_guess(riddle=riddle, listener=request.listener, said=request.POST.get("said", ""))
    except AlreadySaid as error:
        messages.info(request, str(error))
    except (NoSuchAnswer, NotCounted) as error:
        return refused(request, str(error))
    return redirect(riddle)
