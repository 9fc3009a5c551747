"""Duels and riddles as JSON. What a listener has not chosen from yet is told without names."""

from __future__ import annotations

from webapp.duels.models import Guess, Pair, Riddle, Vote
from webapp.duels.riddles import guess_of
from webapp.duels.selectors import choices_of, vote_of
from webapp.duels.services import shown_sides
from webapp.tunes.access import Verb, may
from webapp.tunes.listeners import Listener
from webapp.tunes.models import Tune


def duel_face(pair: Pair, listener: Listener) -> dict:
    vote = vote_of(pair, listener) if pair.is_open else None
    return {
        "id": pair.pk,
        "status": pair.status,
        "successor": pair.successor_id,
        "prompt": pair.prompt,
        "sides": _sides(pair, listener, vote) if pair.is_open else [],
        "voted": vote is not None,
        "chosen": vote.chosen.token if vote and vote.chosen else None,
    }


def _sides(pair: Pair, listener: Listener, vote: Vote | None) -> list[dict]:
    blind = [{"side": side.token, "abc": side.abc, "told": None} for side in shown_sides(pair, listener)]
    if vote is None:
        return blind
    sides, counts = shown_sides(pair, listener), choices_of(pair)
    for face, side in zip(blind, sides, strict=True):
        tune = _tune_id(side.tune, listener)
        face["told"] = {"composer": side.composer, "times": counts.get(side.pk, 0), "tune": tune}
    return blind


def riddle_face(riddle: Riddle, listener: Listener) -> dict:
    guess = guess_of(riddle, listener)
    told = _guessed(riddle, guess, listener) if guess else None
    return {"id": riddle.pk, "abc": riddle.abc, "tempo_qpm": riddle.tempo_qpm, "guess": told}


def _guessed(riddle: Riddle, guess: Guess, listener: Listener) -> dict:
    return {
        "said": guess.said,
        "right": guess.said == riddle.kind,
        "title": riddle.title,
        "source": riddle.source,
        "composer": riddle.composer,
        "tune": _tune_id(riddle.tune, listener),
    }


def _tune_id(tune: Tune | None, listener: Listener) -> str | None:
    return tune.pk if tune is not None and may(listener, Verb.SEE, tune) else None
