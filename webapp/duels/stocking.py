"""The worker's side of riddles: people's tunes from the books, and composers' tunes written like those."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from generator import Brief, KnownTune, conditions_from_dict, public_domain_tunes
from webapp.duels.house import composer_names, composers_for, house_tune, least
from webapp.duels.models import Maker, Riddle, State
from webapp.duels.pairing import prompts
from webapp.ops.children import die_with_parent
from webapp.tunes.allowance import TooManyTunes
from webapp.tunes.briefs import understood
from webapp.tunes.services import new_seed

AT_ONCE = 12  # machine's riddles written when the stock runs low
MOST_UNDERWAY = 24
PEOPLE_AT_ONCE = 48


def books_are_read() -> bool:
    """Or have been begun."""
    return Riddle.objects.filter(kind=Maker.HUMAN).exists()


def books_read() -> None:
    """In a process of its own: many seconds of reading would hold up the tunes that this one is composing."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "stock_riddles"]
    subprocess.run(command, check=True, preexec_fn=die_with_parent)


def riddles_stock(*, books: bool = False) -> None:
    """Some riddles by our composers; the books' tunes before and after, where they are wanted."""
    batches = people_load() if books else iter(())
    next(batches, None)  # a listener may be waiting: the first of both kinds come before the rest of the books
    _machines_request()
    for _ in batches:
        pass


def people_load() -> Iterator[int]:
    """Writes the books' tunes down, some at a time. Safe to call again: none is taken twice."""
    tunes = public_domain_tunes()
    while batch := [_by_a_person(tune) for tune in islice(tunes, PEOPLE_AT_ONCE)]:
        Riddle.objects.bulk_create(batch, ignore_conflicts=True)
        yield len(batch)


def _by_a_person(tune: KnownTune) -> Riddle:
    return Riddle(
        kind=Maker.HUMAN,
        mark=mark_of(tune.abc),
        abc=tune.abc,
        conditions=tune.conditions.as_dict(),
        title=tune.title[:200],
        source=tune.source,
    )


def _machines_request() -> None:
    underway = Riddle.objects.filter(status=State.COMPOSING).count()
    for _ in range(min(AT_ONCE, MOST_UNDERWAY - underway)):
        try:
            machine_riddle_request()
        except TooManyTunes:
            return  # the next listener asks again


def machine_riddle_request() -> Riddle | None:
    """A tune of the same key, meter, dance, length, form and tempo as one of the books': nothing of these tells."""
    model = _any_human()
    if model is None:
        return None
    conditions = conditions_from_dict(model.conditions)
    brief = Brief(prompt=random.choice(prompts()), conditions=conditions, seed=new_seed())
    able = composers_for(replace(brief, composer=name) for name in composer_names())
    if not able:
        return None
    brief = replace(brief, composer=random.choice(least(_made(), able)))
    tune = house_tune(brief=brief, interpretation=understood(brief))
    return Riddle.objects.create(
        kind=Maker.MACHINE,
        status=State.COMPOSING,
        conditions=model.conditions,
        composer=brief.composer,
        tune=tune,
        created=timezone.now(),
    )


def mark_of(abc: str) -> str:
    return hashlib.sha256(abc.encode()).hexdigest()


def _any_human() -> Riddle | None:
    ids = list(Riddle.objects.filter(kind=Maker.HUMAN).values_list("pk", flat=True))
    return Riddle.objects.get(pk=random.choice(ids)) if ids else None


def _made() -> Counter:
    machine = Riddle.objects.filter(kind=Maker.MACHINE).exclude(status=State.FAILED)
    return Counter(dict(machine.values_list("composer").annotate(Count("pk"))))
