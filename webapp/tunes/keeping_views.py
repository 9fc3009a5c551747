"""Pages of a maker's own tunes, and of the family that grows from one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from webapp.tunes.access import Verb
from webapp.tunes.families import family_of
from webapp.tunes.keeping import KEPT_AFTER_DELETING, tune_delete, tune_describe, tune_show, tune_undelete
from webapp.tunes.keeping_forms import DescribeForm, VisibilityForm
from webapp.tunes.own_tunes import SHOWN, just_deleted, own_tunes_page
from webapp.tunes.selectors import tune_for
from webapp.tunes.views import tune_response


@never_cache
@require_safe
def my_tunes(request: HttpRequest) -> HttpResponse:
    page = own_tunes_page(
        request.listener,
        show=request.GET.get("show", ""),
        words=request.GET.get("q", ""),
        cursor=request.GET.get("after", ""),
    )
    context = {
        "page": page,
        "views": [(value, name, page.counts[value or "all"]) for value, name in SHOWN],
        "just_deleted": just_deleted(request.listener, request.GET.get("undo", "")),
        "kept_days": KEPT_AFTER_DELETING.days,
    }
    return render(request, "my_tunes.html", context)


@require_POST
def show(request: HttpRequest, tune_id: str) -> HttpResponse:
    tune = tune_for(tune_id, listener=request.listener)
    form = VisibilityForm(request.POST)
    if not form.is_valid():
        return render(request, "400.html", {"message": "Choose who may see the tune."}, status=422)
    tune_show(tune=tune, listener=request.listener, visibility=form.cleaned_data["visibility"])
    return redirect(tune)


@require_POST
def describe(request: HttpRequest, tune_id: str) -> HttpResponse:
    tune = tune_for(tune_id, listener=request.listener)
    form = DescribeForm(request.POST)
    if not form.is_valid():
        return tune_response(request, tune, describing=form)
    tune_describe(tune=tune, listener=request.listener, **form.cleaned_data)
    return redirect(tune)


@require_POST
def delete(request: HttpRequest, tune_id: str) -> HttpResponseRedirect:
    tune = tune_for(tune_id, listener=request.listener)
    tune_delete(tune=tune, listener=request.listener)
    return redirect(f"{reverse('my-tunes')}?undo={tune.pk}")


@require_POST
def undelete(request: HttpRequest, tune_id: str) -> HttpResponseRedirect:
    tune = tune_for(tune_id, listener=request.listener, verb=Verb.UNDO)
    tune_undelete(tune=tune, listener=request.listener)
    return redirect(tune)


@never_cache
@require_safe
def family(request: HttpRequest, tune_id: str) -> HttpResponse:
    tune = tune_for(tune_id, listener=request.listener)
    return render(request, "family.html", {"tune": tune, "family": family_of(tune, listener=request.listener)})
