"""How near a tune comes to one it learnt from, in words for listeners."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from string import capwords

from generator import title_of

# By the ids that the collections bear in the generator's card; one that is missing here is shown as it is.
SOURCES = {
    "oneills": "O’Neill’s Music of Ireland",
    "slacy_oneills": "O’Neill’s Music of Ireland",
    "airds": "Aird’s Airs",
    "ryans": "Ryan’s Mammoth Collection",
    "miscfolk": "folk tunes in music21",
    "cre_corpus": "Ceol Rince na hÉireann",
    "nottingham": "the Nottingham collection",
    "mit_irish": "MIT’s collection of Irish tunes",
    "pghardy": "Paul Hardy’s tunebooks",
    "etunebook": "eTuneBook",
    "openewld": "OpenEWLD’s lead sheets",
    "litten": "William Litten’s fiddle tunes",
    "folkwiki": "folkwiki.se, Sweden",
    "folkwiki_meta": "folkwiki.se, Sweden",
    "openhymnal": "the Open Hymnal",
    "bertvv": "bertvv’s transcriptions",
    "jw35": "the Tuneworks tunebooks",
    "rendance": "Rendance, St Cecilia Press",
    "bristolfolksoc": "the Bristolfolksoc session tunebook",
    "oucb": "the OUCB session tunebook",
    "slowtampere": "the Slowtampere session tunebook",
    "wxtim": "the wxtim session tunebook",
    "rjl20": "the rjl20 tunebook",
    "scecd": "the SCECD tunebook",
    "abcm2ps_samples": "the samples of abcm2ps",
    "abcmidi_samples": "the samples of abcMIDI",
}
LONGEST_TITLE = 80
LONGEST_INITIALS = 4
_ARTICLE_LAST = re.compile(r"(.+), (The|An|A)")


@dataclass(frozen=True)
class Kin:
    """The known tune that shares most with a tune; without a title where none shares a run of twelve notes."""

    title: str = ""
    source: str = ""
    share: str = ""  # "9 %", as it is said
    longest: int = 0  # notes of the longest stretch in common
    elsewhere: Kin | None = None  # another tune, with a longer stretch


def kin_of(checks: Mapping) -> Kin | None:
    """From a tune's checks; None where novelty was not looked at."""
    found = (checks.get("novelty") or {}).get("value")
    if not isinstance(found, Mapping) or not isinstance(found.get("share"), int | float):
        return None
    if found["share"] <= 0:
        return Kin()
    other = found.get("elsewhere")
    kin = replace(_named(found), share=_percent(found["share"]))
    return replace(kin, elsewhere=_named(other)) if isinstance(other, Mapping) else kin


def _named(found: Mapping) -> Kin:
    source, longest = str(found.get("source") or "")[:LONGEST_TITLE], found.get("longest")
    return Kin(
        title=_called(str(found.get("title") or "")) or "a tune without a name",
        source=SOURCES.get(source, source),
        longest=longest if isinstance(longest, int) else 0,
    )


def _called(title: str) -> str:
    """As one would say it: collections file “The Lilac” under L, and some print their titles in capitals."""
    plain = title_of(title).replace(" -- ", ", ").rstrip(".")
    spoken = capwords(plain.lower()) if plain.isupper() and len(plain) > LONGEST_INITIALS else plain
    return _ARTICLE_LAST.sub(r"\2 \1", spoken)[:LONGEST_TITLE]


def _percent(share: float) -> str:
    rounded = round(share * 100)
    return f"{rounded}\u00a0%" if rounded else "less than 1\u00a0%"
