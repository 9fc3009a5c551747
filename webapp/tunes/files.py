"""A tune as a file to take home."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import slugify

from generator import midi_bytes
from webapp.tunes.models import Tune

NO_MIDI = "This text could be kept and drawn, but not turned into MIDI. Its ABC file is there."


class NoMidi(ValueError):
    def __init__(self) -> None:
        super().__init__(NO_MIDI)


def attachment(tune: Tune, content: bytes, extension: str, content_type: str) -> HttpResponse:
    name = slugify(tune.title, allow_unicode=True)[:60] or "tune"
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.{extension}")
    return response


def midi_attachment(tune: Tune) -> HttpResponse:
    """Raises NoMidi: what people bring along may be more than a converter understands."""
    return attachment(tune, _midi_of(tune), "mid", "audio/midi")


def _midi_of(tune: Tune) -> bytes:
    """As it was written, where it was MIDI first: the staff shows a rounded likeness of it."""
    if tune.is_midi_born:
        return bytes(tune.midi)
    try:
        return midi_bytes(tune.abc)
    except ValueError as error:
        raise NoMidi from error
