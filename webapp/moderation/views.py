"""Reporting a tune or a comment; what the staff do about it is in the admin."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from webapp.moderation.forms import ReportForm
from webapp.moderation.models import Reason
from webapp.moderation.services import TooManyReports, report_write
from webapp.talk.models import Comment
from webapp.talk.selectors import comment_for
from webapp.tunes.models import Tune
from webapp.tunes.selectors import tune_for

THANKS = "Thank you. Somebody of our staff will look at it."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_tune(request: HttpRequest, tune_id: str) -> HttpResponse:
    tune = tune_for(tune_id, listener=request.listener)
    return _report(request, tune)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    comment = comment_for(comment_id, listener=request.listener)
    if not comment.is_live:
        raise Http404("There is no such comment.")
    return _report(request, comment.tune, comment)


def _report(request: HttpRequest, tune: Tune, comment: Comment | None = None) -> HttpResponse:
    form = ReportForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        words = {"reason": form.cleaned_data["reason"], "text": form.cleaned_data["note"]}
        try:
            report_write(listener=request.listener, tune=None if comment else tune, comment=comment, **words)
            messages.info(request, THANKS)
            return redirect(tune)
        except TooManyReports as error:
            form.add_error(None, str(error))
            status = 429
    context = {"tune": tune, "comment": comment, "form": form, "reasons": Reason.choices}
    return render(request, "moderation/report.html", context, status=status)
