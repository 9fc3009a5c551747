"""Pages about programs: one's tokens, and what a program may ask for."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from webapp.api.dumping import dumps_kept
from webapp.api.forms import TokenForm
from webapp.api.reference import reference
from webapp.api.schema import ERRORS
from webapp.api.selectors import token_for, tokens_of
from webapp.api.services import TokenRefused, token_make, token_revoke


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def tokens(request: HttpRequest) -> HttpResponse:
    """A token outlives the session that made it, so whoever makes one shows their password once more."""
    if request.method != "POST":
        return _tokens_page(request, TokenForm())
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _tokens_page(request, form, status=422)
    wanted = {"name": form.cleaned_data["name"], "scopes": form.cleaned_data["scopes"], "expires": form.expires}
    try:
        token, secret = token_make(profile=request.listener.profile, **wanted)
    except TokenRefused as error:
        form.add_error("name", str(error))
        return _tokens_page(request, form, status=422)
    return _tokens_page(request, TokenForm(), made=token, secret=secret)


@login_required
@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    token = token_for(token_id, profile=request.listener.profile)
    token_revoke(token=token)
    messages.info(request, f"“{token.name}” is revoked: nothing is answered to it any more.")
    return redirect("tokens")


def _tokens_page(request: HttpRequest, form: TokenForm, status: int = 200, **made: object) -> HttpResponse:
    context = {"form": form, "tokens": tokens_of(request.listener.profile), **made}
    return render(request, "api/tokens.html", context, status=status)


@require_safe
def developers(request: HttpRequest) -> HttpResponse:
    base = request.build_absolute_uri("/").rstrip("/")
    context = {"reference": reference(base), "base": base, "errors": ERRORS.items(), "dumps": dumps_kept()}
    context |= {"address_rate": settings.API_PER_MINUTE_ADDRESS, "token_rate": settings.API_PER_MINUTE_TOKEN}
    context |= {"write_rate": settings.API_WRITES_PER_MINUTE_TOKEN}
    return render(request, "api/developers.html", context)
