"""Pages of tunes: form, service, render."""

from __future__ import annotations

import uuid

from asgiref.sync import sync_to_async
from django.db import connections
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from generator import BriefError
from webapp.gallery.selectors import liked_tunes
from webapp.renditions.selectors import offer_for
from webapp.talk.forms import CommentForm
from webapp.talk.selectors import standing_of, talk_of
from webapp.tunes import choices
from webapp.tunes.abilities import card_of
from webapp.tunes.allowance import TooManyTunes
from webapp.tunes.briefs import understood
from webapp.tunes.files import NoMidi, attachment, midi_attachment
from webapp.tunes.forms import LockedForm, TuneForm, tap_of
from webapp.tunes.keeping_forms import DescribeForm
from webapp.tunes.models import Tune
from webapp.tunes.on_chords import has_bare_chords
from webapp.tunes.own_forms import OwnForm, WorkForm
from webapp.tunes.reworking import CHORDS, tune_chord, tune_rechord, tune_rework
from webapp.tunes.selectors import parent_shown, tune_children, tune_for, tune_waiting, worker_status
from webapp.tunes.services import new_seed, tune_cancel, tune_request
from webapp.tunes.streams import stream_response
from webapp.tunes.tweaks import TWEAKS, tune_again


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _front_page(request, TuneForm())
    form = TuneForm(request.POST)
    if not form.is_valid():
        return _front_page(request, form, status=422)
    tune = tune_request(
        brief=form.brief,
        interpretation=understood(form.brief, form.feeling),
        listener=request.listener,
        locked=form.cleaned_data["locked"],
        once=tap_of(request),
    )
    return redirect(tune)


def _front_page(request: HttpRequest, form: TuneForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "examples": choices.examples(),
        "liked": liked_tunes(),
        "choices": choices.choices(),
        "once": form.data.get("once") or str(uuid.uuid4()),
        "seed": form.data.get("seed") or new_seed(),
        "locked": form.data.getlist("locked") if form.is_bound else [],
    }
    return render(request, "home.html", context, status=status)


@require_POST
def interpret_preview(request: HttpRequest) -> JsonResponse:
    form = TuneForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.error_messages()}, status=422)
    interpretation = understood(form.brief, form.feeling)
    return JsonResponse(interpretation.as_dict() | {"summary": choices.summary(interpretation)})


@never_cache
@require_safe
def tune_page(request: HttpRequest, tune_id: str) -> HttpResponse:
    return tune_response(request, _tune(request, tune_id))


def tune_response(
    request: HttpRequest,
    tune: Tune,
    work: WorkForm | None = None,
    describing: DescribeForm | None = None,
    talking: CommentForm | None = None,
) -> HttpResponse:
    """The page of a tune, with what was wrong with the work or the words that were sent from it."""
    standing = standing_of(tune=tune, listener=request.listener)
    after = request.GET.get("comments", "")
    waiting = None if tune.is_finished else tune_waiting(tune.pk)
    context = {
        "tune": tune,
        "my_stars": standing.stars,
        "standing": standing,
        "talk": talk_of(tune=tune, listener=request.listener, after=after, form=talking),
        "children": tune_children(tune, request.listener),
        "parent": parent_shown(tune, request.listener),
        "place": waiting.place if waiting else None,
        "eta_seconds": waiting.eta_seconds if waiting else None,
        "worker_alive": waiting.worker_alive if waiting else True,
        "offer": offer_for(tune),
        "tweaks": choices.tweaks(tune),
        "tweak_names": TWEAKS,
        "bare_chords": has_bare_chords(tune),
        "works": choices.works(tune, work),
        "composer": card_of(tune.composer),
        "tags": list(tune.tags.all()),
        "describing": describing,
        "visibilities": choices.VISIBILITIES,
        "once": str(uuid.uuid4()),
    }
    status = talking.status if talking else 422 if work or describing else 200
    return render(request, "tune.html", context, status=status)


@require_GET
async def tune_events(request: HttpRequest, tune_id: str) -> HttpResponse:
    await _tune_async(request, tune_id)
    return stream_response(tune_id, request.headers.get("Last-Event-ID", ""))


@require_POST
def cancel(request: HttpRequest, tune_id: str) -> HttpResponseRedirect:
    tune = _tune(request, tune_id)
    tune_cancel(tune=tune, listener=request.listener)
    return redirect(tune)


@require_POST
def again(request: HttpRequest, tune_id: str) -> HttpResponse:
    tune = _tune(request, tune_id)
    form = LockedForm(request.POST)
    if not form.is_valid():
        return render(request, "400.html", {"message": form.errors["locked"][0]}, status=422)
    wanted = {"tune": tune, "tweak": request.POST.get("tweak", ""), "locked": form.cleaned_data["locked"]}
    try:
        return redirect(tune_again(listener=request.listener, once=tap_of(request), **wanted))
    except BriefError as error:
        return render(request, "400.html", {"message": str(error)}, status=422)


@require_POST
def rework(request: HttpRequest, tune_id: str) -> HttpResponse:
    tune = _finished_tune(request, tune_id)
    form = WorkForm(request.POST)
    if not form.is_valid():
        return tune_response(request, tune, form)
    common = {"tune": tune, "listener": request.listener, "once": tap_of(request)}
    try:
        if form.cleaned_data["task"] == CHORDS:
            return redirect(tune_rechord(style=form.cleaned_data["style"] or None, **common))
        return redirect(tune_rework(**form.wanted(), **common))
    except BriefError as error:
        form.blame(error)
        return tune_response(request, tune, form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """Music that a listener brings along."""
    form = OwnForm(request.POST, request.FILES) if request.method == "POST" else OwnForm()
    if not form.is_bound or not form.is_valid():
        return _own_page(request, form)
    common = {"brief": form.brief, "listener": request.listener, "once": tap_of(request)}
    try:
        if form.cleaned_data["task"] == CHORDS:
            return redirect(tune_chord(style=form.cleaned_data["style"] or None, **common))
        return redirect(tune_request(interpretation=understood(form.brief), **common))
    except BriefError as error:
        form.blame(error)
        return _own_page(request, form)
    except TooManyTunes as error:
        # Told on this page and not on one of its own: what was pasted stays.
        form.add_error(None, str(error))
        return _own_page(request, form, status=429)


@require_POST
def own_look(request: HttpRequest) -> JsonResponse:
    """What is wrong with music that is being pasted; nothing is kept."""
    form = OwnForm({"abc": request.POST.get("abc", ""), "task": CHORDS})
    form.is_valid()
    return JsonResponse({"errors": {name: errors[0] for name, errors in form.errors.items()}})


def _own_page(request: HttpRequest, form: OwnForm, status: int = 422) -> HttpResponse:
    context = {
        "form": form,
        "works": choices.works(None, form),
        "once": form.data.get("once") or str(uuid.uuid4()),
    }
    return render(request, "own.html", context, status=status if form.is_bound else 200)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "about.html")


@require_safe
def print_view(request: HttpRequest, tune_id: str) -> HttpResponse:
    return render(request, "tune_print.html", {"tune": _tune(request, tune_id)})


@require_safe
def abc_file(request: HttpRequest, tune_id: str) -> HttpResponse:
    tune = _finished_tune(request, tune_id)
    return attachment(tune, tune.abc.encode(), "abc", "text/vnd.abc; charset=utf-8")


@require_safe
def midi_file(request: HttpRequest, tune_id: str) -> HttpResponse:
    try:
        return midi_attachment(_finished_tune(request, tune_id))
    except NoMidi as error:
        return render(request, "400.html", {"message": str(error)}, status=422)


@never_cache
@require_safe
def worker(request: HttpRequest) -> JsonResponse:
    return JsonResponse(worker_status())


def _tune(request: HttpRequest, tune_id: str) -> Tune:
    return tune_for(tune_id, listener=request.listener)


def _finished_tune(request: HttpRequest, tune_id: str) -> Tune:
    tune = _tune(request, tune_id)
    if not tune.is_ready:
        raise Http404("This tune has no notes to take home yet.")
    return tune


async def _tune_async(request: HttpRequest, tune_id: str) -> Tune:
    def look() -> Tune:
        try:
            return _tune(request, tune_id)
        finally:
            connections.close_all()

    return await sync_to_async(look, thread_sensitive=False)()
