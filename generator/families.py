"""Groups near-duplicate tunes: versions of one tune must not stand on both sides of a split. Knows no files."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from generator.notation import Score
from generator.novelty import NEAR_DUPLICATE, runs

# A run that very many tunes hold (a scale, say) tells nothing of kinship, and pairing them all would take long.
_COMMON = 60


@dataclass(frozen=True)
class Member:
    score: Score
    given: str | None  # the family its collection names
    fingerprint: str


def family_names(members: list[Member]) -> list[str]:
    """One name a member, whatever their order: kin by given family or by shared twelve-note runs bear the same."""
    parents = list(range(len(members)))
    for one, other in [*_given_pairs(members), *_alike_pairs(members)]:
        parents[_root(parents, one)] = _root(parents, other)
    roots = [_root(parents, index) for index in range(len(members))]
    names: dict[int, str] = {}
    for root, member in zip(roots, members, strict=True):
        name = _own_name(member)
        names[root] = min(names.get(root, name), name)
    return [names[root] for root in roots]


def _own_name(member: Member) -> str:
    return f"given {member.given}" if member.given is not None else f"run {member.fingerprint}"


def _root(parents: list[int], index: int) -> int:
    while parents[index] != index:
        parents[index] = parents[parents[index]]
        index = parents[index]
    return index


def _given_pairs(members: list[Member]) -> list[tuple[int, int]]:
    first: dict[str, int] = {}
    pairs = []
    for index, member in enumerate(members):
        if member.given is not None:
            pairs.append((first.setdefault(member.given, index), index))
    return pairs


def _alike_pairs(members: list[Member]) -> list[tuple[int, int]]:
    """Pairs of which one shares with the other more than the contract's limit for near-duplicates."""
    sets = [runs(member.score) for member in members]
    holders: dict[int, list[int]] = defaultdict(list)
    for index, found in enumerate(sets):
        for run in found:
            holders[run].append(index)
    pairs = []
    for index, found in enumerate(sets):
        near = (holders[run] for run in found)
        shared = Counter(other for group in near if 1 < len(group) <= _COMMON for other in group)
        pairs += [(index, o) for o, count in shared.items() if o != index and count > NEAR_DUPLICATE * len(found)]
    return pairs
