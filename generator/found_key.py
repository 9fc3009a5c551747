"""The key that music21 hears in struck notes. Knows no models and no files."""

from __future__ import annotations

from collections.abc import Iterable

from generator.performance import Struck

_MOST_FLATS, _MOST_SHARPS = -6, 6


def key_of(notes: Iterable[Struck]) -> str:
    """An ABC key by Krumhansl's profiles, such as D or F#m; C where there are no notes."""
    from music21 import note, stream

    heard = stream.Stream()
    for one in notes:
        # Order and chords are nothing to the profiles: each pitch counts by how long it sounds.
        heard.append(note.Note(one.pitch, quarterLength=one.length))
    if not heard.notes:
        return "C"
    key = heard.analyze("key.krumhanslkessler")
    if not _MOST_FLATS <= key.sharps <= _MOST_SHARPS:
        key = key.transpose("d2") if key.sharps > 0 else key.transpose("-d2")
    return f"{key.tonic.name.replace('-', 'b')}{'m' if key.mode == 'minor' else ''}"
