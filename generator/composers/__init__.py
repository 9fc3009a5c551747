"""The composers, by name: cards, and weights on demand. Loads no engine until one is asked to compose."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING

from generator.brief import DEFAULT_COMPOSER, SOUND, TUNE, ComposerCard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.brief import AttemptRejected, Brief, Interpretation, NotesAdded, Piece
    from generator.composers.folkrnn_voice import PeerNetwork
    from generator.engine.cuda import CardNetwork
    from generator.engine.voice import Network
    from generator.sampling import Voice

_FOLDER = Path(__file__).parent


@cache
def composer_names() -> tuple[str, ...]:
    """Those that can be asked for a tune: a card stands beside each."""
    return tuple(name for name in _names() if _kind(name) != SOUND)


def player_cards() -> list[ComposerCard]:
    """Those that write no tunes but play one; none while no checkpoint ships."""
    return [_card(name) for name in _names() if _kind(name) == SOUND]


def _names() -> list[str]:
    return sorted(path.name.removesuffix(".card.json") for path in _FOLDER.glob("*.card.json"))


@cache
def _kind(name: str) -> str:
    return json.loads((_FOLDER / f"{name}.card.json").read_text()).get("kind", TUNE)


def composer_cards() -> list[ComposerCard]:
    """The default composer first: whoever chooses nothing gets it."""
    return [_card(name) for name in sorted(composer_names(), key=lambda name: (name != DEFAULT_COMPOSER, name))]


@cache
def _card(name: str) -> ComposerCard:
    written = json.loads((_FOLDER / f"{name}.card.json").read_text())
    return ComposerCard(
        name=name,
        title=written["title"],
        summary=written["summary"],
        parameters=written["parameters"],
        trained_on=written["trained_on"],
        bits_per_character=written["bits_per_character"],
        checkpoint=checkpoint_id(name),
        **_told(written),
    )


def _told(written: dict) -> dict:
    """What most cards leave to its default."""
    told = {name: written[name] for name in ("kind", "mends", "menu") if name in written}
    told["hears"] = written.get("hears", told.get("kind", TUNE) == TUNE)
    return told | ({"takes": tuple(written["takes"])} if "takes" in written else {})


def card_of(name: str) -> ComposerCard:
    """Raises KeyError where nobody of this name can be asked for a tune."""
    if name not in composer_names():
        raise KeyError(name)
    return _card(name)


def composed_alone(
    brief: Brief, interpretation: Interpretation | None = None
) -> Iterator[NotesAdded | AttemptRejected | Piece] | None:
    """What a composer writes that goes a road of its own; None for one that writes under our rules of bars and form.

    Such a composer is a module of its name with a function `compose`; a mended one shares its faithful one's module.
    One that has a `feeling` among its parameters is told the one that was understood, or moved by hand.
    """
    card = card_of(brief.composer)
    if card.kind == TUNE:
        return None
    compose = import_module(f"{__name__}.{card.mends or card.name}").compose
    if interpretation is not None and "feeling" in signature(compose).parameters:
        return compose(brief, feeling=(interpretation.valence, interpretation.arousal))
    return compose(brief)


def checkpoint_path(name: str) -> Path:
    return _FOLDER / f"{name}.safetensors"


@cache
def checkpoint_id(name: str) -> str:
    """A composer's name with a fingerprint of its weights: two trainings never share one."""
    path = checkpoint_path(name)
    if not path.exists():
        raise FileNotFoundError(f"The checkpoint of the composer {name} is missing; get the project's files again.")
    return f"{name}-{hashlib.sha256(path.read_bytes()).hexdigest()[:10]}"


def voice_of(name: str, conditions: Sequence[int]) -> Voice:
    """A composer that has taken its brief (condition ids) and answers id by id."""
    return _network(name).voice(conditions)


_loading = threading.Lock()


def _network(name: str) -> Network | CardNetwork | PeerNetwork:
    with _loading:  # of requests that come together, one reads the weights
        return _read(name)


@cache
def _read(name: str) -> Network | CardNetwork | PeerNetwork:
    if name == "folkrnn":
        from generator.composers.folkrnn_voice import PeerNetwork

        return PeerNetwork.read(checkpoint_path(name))
    if _has_card():
        from generator.engine.cuda import CardNetwork

        return CardNetwork.read(checkpoint_path(name))
    from generator.engine.voice import Network

    return Network.read(checkpoint_path(name))


def _has_card() -> bool:
    if not Path("/dev/nvidia0").exists():  # torch is slow to load: it is asked only where there may be a card
        return False
    import torch

    return torch.cuda.is_available()
