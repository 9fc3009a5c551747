"""From the chains of a Boltzmann machine to a piece of named chords on two staves. Knows no training."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import torch

from generator.brief import (
    MODES,
    AttemptRejected,
    Brief,
    ComposeFailed,
    Conditions,
    NotesAdded,
    Piece,
)
from generator.chords_above import with_chords
from generator.composers import checkpoint_id
from generator.composers.rbm import CHAINS, RBM, machine_of
from generator.composers.rbm_roll import SOUNDING, STRUCK, Chord, bar_of, likeliest, middle_of, nearest, runs
from generator.found_key import key_of
from generator.harmony import MODE_STEPS
from generator.notation import KEY_SUFFIX, split_key, tonic_pitch_class
from generator.performance import Struck, in_range, midi_of
from generator.prompts import interpret
from generator.prompts.attributes import HAPPINESS
from generator.titles import named, title_of
from generator.two_staves import written as on_two_staves
from generator.validation import respelled

FAITHFUL = "rbm"
ATTEMPTS = 12
GIBBS = 60  # steps of a mended chain; the account's is one
BARS, PART = 16, 8
_METER, _TEMPO = "4/4", 120  # of the faithful composer, who knows neither
_BAR = 16  # its time steps, sixteenths


Halves = list[tuple[Chord, bool]]  # half bars: the chord that holds, and whether it is struck there


@dataclass(frozen=True)
class Draft:
    """Chords as they are struck, and what was found of them."""

    notes: tuple[Struck, ...]
    conditions: Conditions
    title: str


def written(brief: Brief, feeling: tuple[float, float] | None) -> Iterator[NotesAdded | AttemptRejected | Piece]:
    """The piece line by line. Raises ComposeFailed where every attempt is silent."""
    for attempt in range(1, ATTEMPTS + 1):
        chance = torch.Generator().manual_seed(brief.seed * (ATTEMPTS + 1) + attempt)
        draft = _dreamt(brief, chance) if brief.composer == FAITHFUL else _wished(brief, feeling, chance)
        if draft is None:
            yield AttemptRejected(attempt, "silence")
            continue
        text = ""
        for line in _set(draft):
            yield NotesAdded(attempt, len(text), line)
            text += line
        yield Piece(
            abc=text, title=draft.title, prompt=brief.prompt, conditions=draft.conditions, composer=brief.composer,
            checkpoint=checkpoint_id(brief.composer), seed=brief.seed, checks={},
            midi=midi_of(draft.notes, draft.conditions.tempo_qpm),
        )  # fmt: skip
        return
    raise ComposeFailed("Every attempt came out silent. Please try another seed.")


def _set(draft: Draft) -> Iterator[str]:
    found = draft.conditions
    key = found.key + KEY_SUFFIX[found.mode]
    lines = on_two_staves(draft.notes, title=draft.title, meter=found.meter, key=key, qpm=found.tempo_qpm)
    return with_chords(lines, found.chords, 2 * middle_of(found.meter))


# Faithful: ten chains from silence, one Gibbs step each, one after the other


def _dreamt(brief: Brief, chance: torch.Generator) -> Draft | None:
    machine = machine_of(brief.composer)
    rolls, _ = machine.chains(torch.zeros(CHAINS, 0), chance, temperature=brief.temperature)
    roll = rolls.numpy().reshape(CHAINS * machine.config.steps, 2, machine.config.notes)
    notes = tuple(
        Struck(Fraction(step, 4), Fraction(long, 4), in_range(note))
        for step, long, note in sorted(runs(roll, machine.config.low))
    )
    if not notes:
        return None
    tonic, mode = split_key(key_of(notes))
    bars = -(-len(roll) // _BAR)
    chords = tuple(chord.name(tonic) for chord in _heard(roll[:, SOUNDING], bars, tonic, machine.config.low))
    found = Conditions(key=tonic, mode=mode, meter=_METER, bars=bars, tempo_qpm=_TEMPO, chords=chords)
    return Draft(notes, found, title_of(brief.prompt))


def _heard(sounding: np.ndarray, bars: int, tonic: str, low: int) -> Iterator[Chord]:
    """The nearest chord to what sounds in each bar, counted from the tonic; a silent bar keeps the last."""
    above, held = tonic_pitch_class(tonic), Chord(0, "", 0)
    for bar in range(bars):
        long = sounding[bar * _BAR : (bar + 1) * _BAR].sum(0)  # (notes,): steps that each sounds
        if long.any():
            weights = np.zeros(12)
            np.add.at(weights, (np.arange(len(long)) + low - above) % 12, long)
            held = nearest(weights, int(np.flatnonzero(long)[0]) + low - above)
        yield held


# Mended: chains under a wish, and of them the nearest to it


def _wished(brief: Brief, feeling: tuple[float, float] | None, chance: torch.Generator) -> Draft | None:
    asked = brief.conditions
    heard = interpret(brief.prompt, asked=asked, feeling=feeling, seed=brief.seed)
    machine, bars, meter = machine_of(brief.composer), asked.bars or BARS, heard.conditions.meter
    wish = (heard.valence, heard.arousal)
    halves: Halves = []
    while len(halves) < 2 * bars:
        # A part that is cut short is cut at its beginning: how it comes home is kept.
        wanted = min(2 * PART, 2 * bars - len(halves))
        halves += part_for(machine, wish, chance, temperature=brief.temperature)[-wanted:]
    mode = mode_of(chord for chord, _ in halves)
    named_key = respelled(Conditions(key=heard.conditions.key, mode=mode))
    found = Conditions(
        key=named_key.key, mode=mode, meter=meter, bars=bars, tempo_qpm=heard.conditions.tempo_qpm,
        chords=tuple(_bar_name(halves[at][0], halves[at + 1][0], named_key.key) for at in range(0, 2 * bars, 2)),
    )  # fmt: skip
    notes = tuple(_struck(halves, tonic_pitch_class(named_key.key), meter))
    return Draft(notes, found, named(brief.prompt, found, brief.seed))


def part_for(
    machine: RBM, wish: tuple[float, float], chance: torch.Generator, *, chains: int = CHAINS, temperature: float = 1.0
) -> Halves:
    """Eight bars in halves, each a chord and whether it is struck: of ten chains the one nearest to the wish."""
    wishes = torch.tensor([wish] * chains, dtype=torch.float32)  # (chains, feelings)
    _, chances = machine.chains(wishes, chance, steps=GIBBS, temperature=temperature)
    config = machine.config
    rolls = chances.numpy().reshape(chains, config.steps, 2, config.notes)
    dice = torch.rand(chains, config.steps, generator=chance).numpy()
    parts = [halves_in(roll, config.low, die) for roll, die in zip(rolls, dice, strict=True)]
    return min(parts, key=lambda part: math.dist(feeling_heard(part), wish))


def feeling_heard(halves: Halves) -> tuple[float, float]:
    """Valence by the mode (Temperley & Tan 2013) and the share of minor chords, arousal by how often they strike."""
    bright = max(-1.0, min(1.0, (HAPPINESS[mode_of(chord for chord, _ in halves)] - 0.52) / 0.31))
    minor = sum(chord.is_minor for chord, _ in halves) / len(halves)
    strikes = sum(struck for _, struck in halves) / len(halves)  # from a half to one
    return (bright + 1 - 2 * minor) / 2, 4 * strikes - 3


def halves_in(chances: np.ndarray, low: int, dice: np.ndarray) -> Halves:
    """The likeliest chord of each step; struck by its notes' chance, and where it is new or a bar begins."""
    halves: Halves = []
    for step, (row, die) in enumerate(zip(chances, dice, strict=True)):
        chord = likeliest(row[SOUNDING], low)
        strike = row[STRUCK][[note - low for note in chord.notes]].mean()
        new = step % 2 == 0 or chord != halves[-1][0]
        halves.append((chord, bool(new or die < strike)))
    return halves


def mode_of(chords: Iterator[Chord]) -> str:
    """The mode that holds most of the chords' tones; of equals the commoner."""
    tones = np.bincount([tone for chord in chords for tone in chord.tones], minlength=12)
    return max(MODES, key=lambda mode: tones[list(MODE_STEPS[mode])].sum())


def _bar_name(first: Chord, second: Chord, tonic: str) -> str:
    return first.name(tonic) if first == second else f"{first.name(tonic)},{second.name(tonic)}"


def _struck(halves: Halves, up: int, meter: str) -> Iterator[Struck]:
    """Each chord from where it is struck to where the next one is."""
    bar, middle = bar_of(meter), middle_of(meter)
    onsets = [step // 2 * bar + (step % 2) * middle for step, (_, struck) in enumerate(halves) if struck]
    ends = [*onsets[1:], len(halves) // 2 * bar]
    sounding = [chord for chord, struck in halves if struck]
    for onset, end, chord in zip(onsets, ends, sounding, strict=True):
        for note in _moved(chord, up).notes:
            yield Struck(Fraction(onset, 2), Fraction(end - onset, 2), note)


def _moved(chord: Chord, up: int) -> Chord:
    return Chord((chord.root + up) % 12, chord.quality, (chord.bass + up) % 12)
