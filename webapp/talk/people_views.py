"""Whom a listener follows, and what the site has to tell them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from webapp.accounts.selectors import maker_for
from webapp.talk.selectors import followed_tunes, follows_page, notices_page
from webapp.talk.services import maker_follow, notices_read


@require_POST
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    maker = maker_for(slug)
    wanted = request.POST.get("follow")
    if wanted not in ("yes", "no"):
        return render(request, "400.html", {"message": "Tap “follow” once more."}, status=422)
    maker_follow(maker=maker, listener=request.listener, follow=wanted == "yes")
    return _back(request, maker.get_absolute_url())


def _back(request: HttpRequest, otherwise: str) -> HttpResponseRedirect:
    """To the page of ours that the button stood on."""
    page = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(page, {request.get_host()}) and page.startswith("/")
    return redirect(page if ours else otherwise)


@never_cache
@require_safe
def following(request: HttpRequest) -> HttpResponse:
    follows, more_makers = follows_page(request.listener, request.GET.get("makers", ""))
    tunes, next_cursor = followed_tunes(request.listener, request.GET.get("after", ""))
    context = {"follows": follows, "more_makers": more_makers, "page": tunes, "next_cursor": next_cursor}
    return render(request, "talk/following.html", context)


@never_cache
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    page, next_cursor = notices_page(request.listener, request.GET.get("after", ""))
    answer = render(request, "talk/notices.html", {"page": page, "next_cursor": next_cursor})
    # Only now: those that were new still look so on this page.
    notices_read(listener=request.listener)
    return answer
