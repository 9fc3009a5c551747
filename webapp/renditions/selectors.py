"""What a listener may see of renditions: the offer, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404

from generator import LONGEST_SECONDS, ComposerCard, player_cards
from webapp.renditions.models import Rendition
from webapp.tunes.abilities import work_fault
from webapp.tunes.models import Tune


@dataclass(frozen=True)
class Offer:
    """A player that can be asked to play a tune, and its rendition where there is one."""

    player: ComposerCard
    rendition: Rendition | None
    longest_seconds: int = LONGEST_SECONDS


def offer_for(tune: Tune) -> Offer | None:
    """None while the tune has no notes, or none that are one melody, or no trained player ships."""
    cards = player_cards()
    if not cards or not tune.is_ready or work_fault(tune):
        return None
    found = Rendition.objects.filter(tune=tune, checkpoint=cards[0].checkpoint).defer("wav").first()
    return Offer(cards[0], found)


def sound_of(tune: Tune) -> bytes:
    """Raises Http404 where no player has finished it."""
    offer = offer_for(tune)
    if offer is None or offer.rendition is None or not offer.rendition.is_ready:
        raise Http404("Nobody has had this tune played yet.")
    return bytes(offer.rendition.wav)
