"""The family of a tune: everything tweaked from the same beginning, and what each tweak changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import BooleanField, ExpressionWrapper, Q

from webapp.tunes.access import listed_for
from webapp.tunes.listeners import Listener
from webapp.tunes.models import Tune
from webapp.tunes.reworking import WORK_NAMES
from webapp.tunes.tweaks import TWEAKS

LARGEST_FAMILY = 500
DEEPEST = 60
COMPARED = ("key", "mode", "meter", "rhythm", "form", "bars", "tempo_qpm", "style")
NAMES = {"tempo_qpm": "tempo"}
TWEAK_NAMES = dict(TWEAKS) | WORK_NAMES


@dataclass
class Relative:
    """A tune of the family. `tune` is None where it is not for this listener to come across."""

    tune: Tune | None
    is_this: bool
    tweak: str
    changes: list[str]
    children: list[Relative] = field(default_factory=list)


@dataclass(frozen=True)
class Family:
    root: Relative
    count: int
    more: bool  # more than are drawn


def family_of(tune: Tune, *, listener: Listener) -> Family:
    """One question, however large the family; relatives beyond the largest family drawn are left out."""
    kin = Tune.objects.filter(Q(root=tune.family) | Q(pk=tune.family)).order_by("created", "pk").select_related("owner")
    kin = kin.annotate(is_listed=ExpressionWrapper(listed_for(listener), BooleanField()))
    relatives = {relative.pk: relative for relative in kin.defer("abc", "given", "checks")[: LARGEST_FAMILY + 1]}
    shown = {pk for pk, relative in relatives.items() if relative.is_listed} | {tune.pk}
    relatives.setdefault(tune.pk, tune)
    children = defaultdict(list)
    for relative in relatives.values():
        children[relative.parent_id if relative.parent_id in relatives else None].append(relative)
    tree = _Tree(relatives, children, shown, tune.pk)
    tops = [tree.drawn(top, depth=0) for top in children[None]]
    tops = [top for top in tops if top is not None]
    root = tops[0] if len(tops) == 1 else Relative(None, False, "", [], tops)
    return Family(root, sum(relative.tune is not None for relative in _all(root)), len(relatives) > LARGEST_FAMILY)


@dataclass
class _Tree:
    relatives: dict[str, Tune]
    children: dict[str | None, list[Tune]]
    shown: set[str]
    this: str

    def drawn(self, tune: Tune, depth: int) -> Relative | None:
        """Without branches that hold nothing this listener may come across."""
        below = []
        if depth < DEEPEST:
            below = [relative for child in self.children[tune.pk] if (relative := self.drawn(child, depth + 1))]
        is_shown = tune.pk in self.shown
        if not is_shown and not below:
            return None
        parent = self.relatives.get(tune.parent_id)
        return Relative(
            tune=tune if is_shown else None,
            is_this=tune.pk == self.this,
            tweak=TWEAK_NAMES.get(tune.tweak, tune.tweak),
            changes=changes(parent, tune) if parent and is_shown and parent.pk in self.shown else [],
            children=below,
        )


def changes(parent: Tune, child: Tune) -> list[str]:
    """What a tweak changed, in words: "key D → G"."""
    found = []
    for name in COMPARED:
        before, now = parent.conditions.get(name), child.conditions.get(name)
        if before != now and now is not None:
            found.append(f"{NAMES.get(name, name)} {'free' if before is None else before} → {now}")
    for name in ("valence", "arousal"):
        before, now = getattr(parent, name), getattr(child, name)
        if abs(now - before) >= 0.05:
            more, less = ("gladder", "sadder") if name == "valence" else ("livelier", "calmer")
            found.append(more if now > before else less)
    return found


def _all(relative: Relative) -> Iterator[Relative]:
    yield relative
    for child in relative.children:
        yield from _all(child)
