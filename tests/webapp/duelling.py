"""Makes pairs and riddles whose tunes are there, without a worker."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import TestCase

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from generator import Conditions, unnamed
from tests.builders import Person
from webapp.duels.models import Maker, Pair, Riddle, Side, State, Vote
from webapp.duels.services import duel_ask, duel_vote, pair_settle
from webapp.duels.stocking import machine_riddle_request, mark_of
from webapp.tunes.models import Status, Tune

HEAD = "X:1\nT:{title}\nC:{composer}\nR:jig\nM:6/8\nL:1/8\nQ:3/8=110\nK:D\n% {composer} wrote this\n"
ROW = '"D"DFA "G"BGB | "A"ABA "D"F2D | "D"DFA "G"B2d | "A"AGE "D"D3'
BODIES = (f"|: {ROW} :|\n", f"|: {ROW.replace('DFA', 'dAF')} ||\n{ROW} |]\n", f"{ROW} :|\n")


@contextmanager
def at_most_queries(case: TestCase, most: int = 7) -> Iterator[None]:
    """Well below what any page may ask; the masthead's own questions included."""
    with CaptureQueriesContext(connection) as asked:
        yield
    case.assertLessEqual(len(asked), most, [query["sql"][:200] for query in asked])


def finish(tune: Tune, body: str) -> None:
    abc = HEAD.format(title=f"The {tune.composer} of {tune.pk}", composer=tune.composer) + body
    done = {"abc": abc, "title": f"The {tune.composer} of {tune.pk}", "checkpoint": f"{tune.composer}-0a1b2c"}
    Tune.objects.filter(pk=tune.pk).update(status=Status.READY, finished=timezone.now(), **done)


def a_waiting_pair(person: Person, rhythm: str = "") -> Pair:
    return duel_ask(listener=person.listener, rhythm=rhythm)


def an_open_pair(person: Person, bodies: tuple[str, ...] = BODIES) -> Pair:
    pair = a_waiting_pair(person)
    for side, body in zip(pair.sides.order_by("composer"), bodies, strict=False):
        finish(side.tune, body)
    pair = pair_settle(pair=pair)
    assert pair.is_open
    return pair


def side_of(pair: Pair, composer: str) -> Side:
    return pair.sides.get(composer=composer)


def a_vote(pair: Pair, person: Person, composer: str) -> Vote:
    return duel_vote(pair=pair, listener=person.listener, token=side_of(pair, composer).token)


def tokens_on(page: str) -> list[str]:
    """Of both sides, in the order in which a listener sees them."""
    return re.findall(r'name="side" value="([^"]+)"', page)


def a_human_riddle(number: int = 0) -> Riddle:
    body = f"|: DFA BGB | ABA F2D | DFA B{number % 4 + 1}{'d' * (2 - number % 4 // 3)} | AGE D3 :|"
    abc = unnamed(HEAD.format(title="x", composer="y") + f"% {number}\n" + body, tempo_qpm=110, chords=False)
    conditions = Conditions(key="D", mode="major", meter="6/8", rhythm="jig", bars=16, form="AABB", tempo_qpm=110)
    return Riddle.objects.create(
        kind=Maker.HUMAN,
        abc=abc,
        mark=mark_of(f"{abc}{number}"),
        conditions=conditions.as_dict(),
        title=f"The Miller’s Maid {number}",
        source="O’Neill’s Music of Ireland, 1903",
    )


def a_machine_riddle(body: str = BODIES[0]) -> Riddle:
    from webapp.duels.riddles import riddles_settle

    riddle = machine_riddle_request()
    finish(riddle.tune, body)
    riddles_settle()
    riddle.refresh_from_db()
    assert riddle.status == State.OPEN
    return riddle
