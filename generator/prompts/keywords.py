"""Reads a prompt from left to right: which words carry feeling, which are negated, and how strongly each is said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from generator.prompts.language import is_function_word
from generator.prompts.lexicon import Lexicon, Term, emoji, lexicons
from generator.prompts.marks import marks
from generator.prompts.stems import folded

_TOKEN = re.compile(
    r"[\u3400-\u9fff\uf900-\ufaff\u2600-\u27bf\U0001f300-\U0001faff]|[^\W_\u3400-\u9fff]+|[,.;:!?…—–()\n。，！？；、：]"
)
_BREAKS = frozenset(",.;:!?…—–()\n。，！？；：")
MAX_TOKENS = 240  # of a prompt far too long; the web refuses it anyway
_REACH = 6  # tokens after which a negation no longer holds
_NEGATED_AT_MOST = 3
# What comes to an end takes the light from its neighbours: the last dance, a forgotten joy, the well has run dry.
_ENDING_GLOSSES = frozenset({
    "lost", "gone", "last", "forgotten", "ruin", "death", "hurt", "leaving", "drought", "farewell", "gone out",
    "gone south", "run dry", "stopped", "faded", "too late", "give up",
})  # fmt: skip


@dataclass(frozen=True)
class Hit:
    """A word or phrase that was understood, or an unknown one that may still tell something (term is None)."""

    text: str  # as typed
    term: Term | None
    negated: bool = False
    softened: bool = False  # "not too wild": the pace is turned down, the mood stays
    intensity: float = 1.0
    emphasis: float = 1.0
    clause: int = 0


@dataclass
class _State:
    """What the words so far have announced for those to come."""

    negated: bool = False
    softened: bool = False
    reach: int = 0
    turned: int = 0
    intensity: float = 1.0
    emphasis: float = 1.0
    past: bool = False
    clause: int = 0

    def end_scope(self) -> None:
        self.negated, self.softened, self.reach, self.turned, self.intensity = False, False, 0, 0, 1.0


def find_hits(prompt: str, language: str) -> tuple[Hit, ...]:
    """Hits in the order of the prompt."""
    spans = [(match.start(), match.end()) for match in _TOKEN.finditer(prompt)][:MAX_TOKENS]
    words = [_clean(prompt[start:end]) for start, end in spans]
    state, hits, index = _State(), [], 0
    while index < len(words):
        taken, hit = _step(words, index, language, state)
        if hit is not None:
            typed = prompt[spans[index][0] : spans[index + taken - 1][1]]
            hits.append(replace(hit, text=typed))
        index += taken
    return tuple(_dim_what_ends(hits))


def _clean(word: str) -> str:
    return folded(word) or word


def _step(words: Sequence[str], index: int, language: str, state: _State) -> tuple[int, Hit | None]:
    """How many words are used up here, and what was found in them."""
    word = words[index]
    if word in _BREAKS:
        state.end_scope()
        state.clause, state.past = state.clause + 1, False
        return 1, None
    found = _term_at(words, index, language)
    mark = _mark_at(words, index, language)
    if mark is not None and (found is None or len(mark[0]) > found[1] or len(mark[0]) == found[1] == 1):
        _apply_mark(mark[1], state)
        return len(mark[0]), None
    if found is not None:
        term, taken, inner = found
        return taken, _hit(term, state, inner=inner)
    _count_down(state)
    if language != "zh" and len(word) > 2 and word.isalpha() and not is_function_word(word, language):
        return 1, _hit(None, state, inner=False)
    return 1, None


def _hit(term: Term | None, state: _State, *, inner: bool) -> Hit:
    negated = state.negated != inner
    emphasis = state.emphasis * (0.35 if state.past else 1)
    hit = Hit("", term, negated, state.softened and negated, round(state.intensity, 2), emphasis, state.clause)
    if term is not None:
        state.intensity = 1.0
        state.turned += state.negated
        if state.turned >= _NEGATED_AT_MOST:
            state.end_scope()
    return hit


def _count_down(state: _State) -> None:
    state.reach -= 1
    if state.negated and state.reach <= 0:
        state.end_scope()


def _apply_mark(kinds: frozenset[str], state: _State) -> None:
    if "not" in kinds:
        state.negated, state.reach, state.turned, state.intensity = True, _REACH, 0, 1.0
    elif "too" in kinds and state.negated:
        state.softened = True
    elif "plain" in kinds:
        pass
    elif "very" in kinds or "too" in kinds:
        if "link" in kinds and state.turned:
            state.end_scope()
        state.intensity = min(state.intensity * 1.4, 2.0)
    elif "bit" in kinds:
        state.intensity = max(state.intensity * 0.6, 0.3)
    elif "but" in kinds:
        state.end_scope()
        state.clause, state.emphasis, state.past = state.clause + 1, 1.6, False
    elif "past" in kinds:
        state.end_scope()
        state.past = True
    elif "link" in kinds and state.turned:
        state.end_scope()


def _mark_at(words: Sequence[str], index: int, language: str) -> tuple[tuple[str, ...], frozenset[str]] | None:
    for pieces, kinds in marks(language).get(words[index], ()):
        if tuple(words[index : index + len(pieces)]) == pieces:
            return pieces, kinds
    return None


def _term_at(words: Sequence[str], index: int, language: str) -> tuple[Term, int, bool] | None:
    """The term at this place, the words it takes, and whether a negation hides inside (careless, unloved)."""
    if words[index] in emoji():
        return emoji()[words[index]], 1, False
    languages = ("en", "de", "es", "fr") if language == "und" else (language, "en")
    for name in dict.fromkeys(languages):
        lexicon = lexicons()[name]
        if name != language and is_function_word(words[index], language):
            continue
        found = lexicon.match(words, index)
        if found is not None:
            return found[0], found[1], False
        hidden = _hidden_negation(words[index], name, lexicon)
        if hidden is not None:
            return hidden, 1, True
    return None


def _hidden_negation(word: str, language: str, lexicon: Lexicon) -> Term | None:
    for name, before, behind in (("en", "un", ""), ("en", "", "less"), ("de", "un", ""), ("de", "", "los")):
        rest = word.removeprefix(before) if before else word.removesuffix(behind)
        if name == language and rest != word and len(rest) > 2:
            found = lexicon.match((rest,), 0)
            if found is not None and found[0].subject == "feelings":
                return found[0]
    return None


def _dim_what_ends(hits: list[Hit]) -> list[Hit]:
    """Weakens glad words beside a word of loss in the same clause."""
    ending = {hit.clause for hit in hits if hit.term and hit.term.gloss in _ENDING_GLOSSES and not hit.negated}
    return [
        replace(hit, emphasis=hit.emphasis * 0.15)
        if hit.clause in ending and hit.term is not None and hit.term.valence >= 0 and not hit.negated
        else hit
        for hit in hits
    ]
