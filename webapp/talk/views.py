"""Comments: form, service, and back to where it was said."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from webapp.talk.access import may_talk
from webapp.talk.forms import CommentForm
from webapp.talk.models import Comment
from webapp.talk.selectors import comment_for, own_comment_for, thread_of, tune_talked_about
from webapp.talk.services import TooManyComments, comment_delete, comment_edit, comment_write
from webapp.tunes.models import Tune
from webapp.tunes.views import tune_response

SIGN_IN = "Sign in first; your words stay in the box."


@require_POST
def write(request: HttpRequest, tune_id: str) -> HttpResponse:
    """A comment on a tune, or an answer to one."""
    tune = tune_talked_about(tune_id, listener=request.listener)
    form = CommentForm(request.POST)
    thread = _answered(request, tune)
    if request.listener.profile is None:
        form.refuse(SIGN_IN, 403)
    if form.is_valid():
        try:
            text = form.cleaned_data["text"]
            comment = comment_write(tune=tune, listener=request.listener, text=text, reply_to=thread)
            return redirect(_place(tune, comment, request.POST.get("comments", "")))
        except TooManyComments as error:
            form.refuse(str(error), 429)
    return _thread_page(request, thread, form) if thread else tune_response(request, tune, talking=form)


def _answered(request: HttpRequest, tune: Tune) -> Comment | None:
    """The comment that is answered; neither an answer nor one on another tune."""
    if not (sent := request.POST.get("reply_to")):
        return None
    comment = comment_for(int(sent), listener=request.listener) if sent.isdecimal() and len(sent) < 19 else None
    if comment is None or comment.tune_id != tune.pk or comment.parent_id or not comment.is_live:
        raise Http404("There is no such comment to answer.")
    return comment


def _place(tune: Tune, comment: Comment | None = None, page: str = "") -> str:
    """Where a comment stands on the tune's page."""
    query = f"?{urlencode({'comments': page})}" if page else ""
    return f"{tune.get_absolute_url()}{query}#{f'comment-{comment.pk}' if comment else 'comments'}"


@never_cache
@require_GET
def thread(request: HttpRequest, comment_id: int) -> HttpResponse:
    """One thread, whole; and the lasting address of every comment in it."""
    return _thread_page(request, comment_for(comment_id, listener=request.listener))


def _thread_page(request: HttpRequest, comment: Comment, form: CommentForm | None = None) -> HttpResponse:
    shown = thread_of(comment, after=request.GET.get("after", ""), form=form)
    context = {"tune": comment.tune, "thread": shown, "asked": comment}
    return render(request, "talk/thread.html", context, status=form.status if form else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, comment_id: int) -> HttpResponse:
    comment = own_comment_for(comment_id, listener=request.listener)
    form = CommentForm(request.POST if request.method == "POST" else None, initial={"text": comment.text})
    if form.is_valid():
        comment_edit(comment=comment, listener=request.listener, text=form.cleaned_data["text"])
        return _back(request, comment.tune, comment)
    status = form.status if form.is_bound else 200
    # What a tune is called that was taken back since is its maker's alone to know.
    tune = comment.tune if may_talk(request.listener, comment.tune) else None
    return render(request, "talk/edit.html", {"comment": comment, "tune": tune, "form": form}, status=status)


@require_POST
def delete(request: HttpRequest, comment_id: int) -> HttpResponseRedirect:
    comment = own_comment_for(comment_id, listener=request.listener)
    tune = comment.tune
    comment_delete(comment=comment, listener=request.listener)
    return _back(request, tune)


def _back(request: HttpRequest, tune: Tune, comment: Comment | None = None) -> HttpResponseRedirect:
    """A tune may have gone out of sight since."""
    return redirect(_place(tune, comment) if may_talk(request.listener, tune) else "notices")
