"""Pages of duels and of the ranking: form, service, render."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from webapp.duels.chart import chart_of
from webapp.duels.forms import AskForm, ChooseForm
from webapp.duels.models import Pair, State, Vote
from webapp.duels.pairing import NoRivals
from webapp.duels.selectors import (
    choices_of,
    composer_titles,
    duels_heard,
    fooled,
    pair_for,
    reckoned,
    score_of,
    standings,
    vote_of,
)
from webapp.duels.services import AlreadySaid, NotInPair, NotOpen, duel_ask, duel_vote, pair_settle, shown_sides
from webapp.duels.voters import NotCounted
from webapp.tunes.access import Verb, may
from webapp.tunes.liveness import workers_alive


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def duels(request: HttpRequest) -> HttpResponse:
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            return redirect(duel_ask(listener=request.listener, rhythm=form.cleaned_data["rhythm"]))
        except NoRivals as error:
            form.add_error(None, str(error))
    context = {"form": form, "heard": duels_heard(request.listener), "score": score_of(request.listener)}
    return render(request, "duels/duels.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_safe
def duel(request: HttpRequest, pair_id: str) -> HttpResponse:
    pair = pair_settle(pair=pair_for(pair_id))
    if pair.successor_id:
        return redirect("duel", pair.successor_id)
    if not pair.is_open:
        context = {"pair": pair, "worker_alive": workers_alive() > 0, "ask": AskForm()}
        return render(request, "duels/waiting.html", context)
    vote = vote_of(pair, request.listener)
    return _told(request, pair, vote) if vote else _asked(request, pair)


def _asked(request: HttpRequest, pair: Pair) -> HttpResponse:
    """Before the choice. Whatever is in this context may be read by whoever is to choose blindly."""
    rows = shown_sides(pair, request.listener)
    sides = [{"token": side.token, "abc": side.abc} for side in rows]
    # The words that both were written for give the page its hue.
    context = {"id": pair.pk, "prompt": pair.prompt, "sides": sides, "mood": rows[0].tune.mood}
    return render(request, "duels/choose.html", context)


def _told(request: HttpRequest, pair: Pair, vote: Vote) -> HttpResponse:
    sides, titles, counts = shown_sides(pair, request.listener), composer_titles(), choices_of(pair)
    for side in sides:
        side.composer_title = titles.get(side.composer, side.composer)
        side.is_chosen = side.pk == vote.chosen_id
        side.times = counts.get(side.pk, 0)
        side.link = side.tune.get_absolute_url() if may(request.listener, Verb.SEE, side.tune) else ""
    context = {"pair": pair, "sides": sides, "vote": vote, "mood": sides[0].tune.mood, "ask": AskForm()}
    context |= {"heard": duels_heard(request.listener), "choices": sum(counts.values())}
    return render(request, "duels/told.html", context)


@never_cache
@require_GET
def status(request: HttpRequest, pair_id: str) -> JsonResponse:
    pair = pair_settle(pair=pair_for(pair_id))
    return JsonResponse({"waiting": pair.status == State.COMPOSING, "alive": workers_alive() > 0})


@require_POST
def choose(request: HttpRequest, pair_id: str) -> HttpResponse:
    pair = pair_for(pair_id)
    form = ChooseForm(request.POST)
    if not form.is_valid():
        return refused(request, next(iter(form.errors.values()))[0])
    sent = form.cleaned_data
    try:
        duel_vote(pair=pair, listener=request.listener, token=sent["side"], heard=sent["heard"] or 0)
    except AlreadySaid as error:
        messages.info(request, str(error))
    except (NotInPair, NotOpen, NotCounted) as error:
        return refused(request, str(error))
    return redirect(pair)


def refused(request: HttpRequest, sentence: str) -> HttpResponse:
    return render(request, "400.html", {"message": sentence}, status=422)


@never_cache
@require_safe
def ranking(request: HttpRequest) -> HttpResponse:
    rows, doubts = standings(), fooled()
    reckoning = reckoned()
    context = {
        "rows": rows,
        "votes": sum(row.hits for row in rows),
        "chart": chart_of(rows),
        "doubts": {row.kind: row for row in doubts if not row.composer},
        "doubts_of": [row for row in doubts if row.composer],
        "made": reckoning.made if reckoning else None,
    }
    return render(request, "duels/ranking.html", context)
