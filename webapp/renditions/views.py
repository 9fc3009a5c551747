"""A tune played by a network: asked for, followed, stopped, heard."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from webapp.renditions.selectors import offer_for, sound_of
from webapp.renditions.services import rendition_cancel, rendition_request
from webapp.tunes.selectors import tune_for

NOBODY = "Nobody can play this tune as sound yet."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rendition(request: HttpRequest, tune_id: str) -> HttpResponse:
    """The part of the tune's page that tells of it; asking leads back to the page."""
    tune = tune_for(tune_id, listener=request.listener)
    offer = offer_for(tune)
    if request.headers.get("Sec-Fetch-Dest") == "document" and request.method != "POST":
        return redirect(tune)  # a person who opens the part's own address wants the page around it
    if request.method != "POST":
        return render(request, "renditions/_rendition.html", {"tune": tune, "offer": offer})
    if offer is None:
        return render(request, "400.html", {"message": NOBODY}, status=409)
    rendition_request(tune=tune, player=offer.player, listener=request.listener)
    return redirect(f"{tune.get_absolute_url()}#rendition")


@require_POST
def cancel(request: HttpRequest, tune_id: str) -> HttpResponseRedirect:
    tune = tune_for(tune_id, listener=request.listener)
    rendition_cancel(tune=tune, listener=request.listener)
    return redirect(f"{tune.get_absolute_url()}#rendition")


@require_safe
def wav(request: HttpRequest, tune_id: str) -> HttpResponse:
    """Whole, or the stretch that is asked for: some browsers play nothing that they cannot ask for in stretches."""
    sound = sound_of(tune_for(tune_id, listener=request.listener))
    asked = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("Range", ""))
    first, last = (int(asked[1]), int(asked[2] or len(sound) - 1)) if asked else (0, len(sound) - 1)
    if asked and (first >= len(sound) or last < first):
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(sound)}"})
    last = min(last, len(sound) - 1)
    answer = HttpResponse(sound[first : last + 1], content_type="audio/wav", status=206 if asked else 200)
    answer.headers["Accept-Ranges"] = "bytes"
    if asked:
        answer.headers["Content-Range"] = f"bytes {first}-{last}/{len(sound)}"
    return answer
