"""Which prompt, and which two composers."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path

from django.db.models import Count

from generator import Brief, Conditions
from webapp.duels.house import composer_names, composers_for, least
from webapp.duels.models import Pair, State
from webapp.tunes.services import new_seed

BARS = 16  # long enough to tell, short enough to hear both
PROMPTS = Path(__file__).with_name("prompts.json")


class NoRivals(Exception):
    def __init__(self) -> None:
        super().__init__("A duel needs two composers, and there is only one here.")


@cache
def prompts() -> tuple[str, ...]:
    return tuple(json.loads(PROMPTS.read_text(encoding="utf-8")))


def new_brief(rhythm: str = "") -> Brief:
    """A prompt from the list; its composer is still to be chosen."""
    asked = Conditions(bars=BARS, rhythm=rhythm or None)
    return Brief(prompt=random.choice(prompts()), conditions=asked, seed=new_seed())


def rivals(brief: Brief, without: frozenset[str] = frozenset()) -> tuple[str, str]:
    """Two composers that can take the brief: of those compared least, any two. Raises NoRivals."""
    able = composers_for(replace(brief, composer=name) for name in composer_names())
    among = [two for two in combinations(sorted(able), 2) if between(two) not in without]
    among = among or list(combinations(sorted(able), 2))
    if not among:
        raise NoRivals
    made = Pair.objects.exclude(status=State.FAILED).values_list("between").annotate(Count("pk"))
    counts = Counter(dict(made))
    return random.choice(least(Counter({two: counts[between(two)] for two in among}), among))


def between(names: tuple[str, ...]) -> str:
    return "|".join(sorted(names))
