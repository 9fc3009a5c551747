"""Pages of people: what others see of a maker, and what makers decide about themselves."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.models import EmailAddress
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from webapp.accounts.exporting import export_of
from webapp.accounts.forms import LeavingForm, ProfileForm
from webapp.accounts.leaving import account_leave
from webapp.accounts.makers import maker_page
from webapp.accounts.selectors import maker_for
from webapp.accounts.sending import file_response
from webapp.accounts.services import profile_change, visit_end
from webapp.databases import connections_give_back
from webapp.talk.selectors import is_followed

READ, READ_AND_WRITE = require_safe, require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@READ
def maker(request: HttpRequest, slug: str) -> HttpResponse:
    whose = maker_for(slug)
    page, next_cursor = maker_page(whose, request.GET.get("after", ""))
    context = {
        "maker": whose,
        "page": page,
        "next_cursor": next_cursor,
        "is_me": whose.key == request.listener.key,
        "following": is_followed(whose, request.listener),
    }
    return render(request, "accounts/maker.html", context)


@never_cache
@login_required
@READ_AND_WRITE
def settings(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user.profile)
    if request.method != "POST":
        return render(request, "accounts/settings.html", {"form": form})
    if not form.is_valid():
        return render(request, "accounts/settings.html", {"form": form}, status=422)
    profile_change(profile=request.user.profile, **form.cleaned_data)
    messages.success(request, "That is kept.")
    return redirect("settings")


@login_required
@require_POST
def session_end(request: HttpRequest, visit_id: int) -> HttpResponseRedirect:
    visit_end(profile=request.user.profile, visit_id=visit_id)
    messages.success(request, "That browser is signed out.")
    return redirect("usersessions_list")


@READ
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Also for somebody without an account: what this browser made is theirs."""
    file = export_of(request.listener)
    # All has been read; whoever takes long to fetch it holds no connection meanwhile.
    connections_give_back()
    name = f"tunewright-{timezone.now():%Y-%m-%d}.zip"
    return file_response(request, file, name=name, content_type="application/zip")


@never_cache
@login_required
@READ_AND_WRITE
@reauthentication_required(allow_get=True, app="allauth.account")
def leave(request: HttpRequest) -> HttpResponse:
    form = LeavingForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "accounts/leave.html", {"form": form}, status=422 if form.is_bound else 200)
    profile = request.user.profile
    email = EmailAddress.objects.get_primary_email(request.user)
    with_tunes = form.cleaned_data["tunes"] == LeavingForm.DELETE
    account_leave(profile=profile, with_tunes=with_tunes)
    logout(request)
    if email:
        get_adapter(request).send_mail("account/email/left", email, {"deleted": with_tunes})
    return redirect("goodbye")


@READ
def goodbye(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/goodbye.html")
