"""Has a player play three tunes for its row on the page of composers: short recordings, and what is told of them.

Run once its checkpoint lies in generator/composers (the result is committed):
    .venv/bin/python -m webapp.ops.render_played
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from generator import KnownTune, play, public_domain_tunes
from webapp.ops.places import ROOT
from webapp.tunes.opening import opening_of

STATIC = ROOT / "static"
COMPOSERS = ROOT / "generator" / "composers"
SAMPLES, BARS, SEED = 3, 4, 1


def of_different_meters(tunes: Iterable[KnownTune]) -> Iterator[KnownTune]:
    """The first of each, not chosen by ear."""
    seen = set()
    for tune in tunes:
        if tune.conditions.meter not in seen:
            seen.add(tune.conditions.meter)
            yield tune


def recorded(player: str, number: int, tune: KnownTune) -> tuple[dict[str, str], bytes]:
    """What is told of a sample, and its sound. What is drawn beside it is what is heard."""
    abc = opening_of(tune.abc, BARS)
    *_, sound = play(abc, player=player, seed=SEED)
    told = f"{tune.source}; its first {BARS} bars, seed {SEED}, not chosen"
    return {"title": tune.title, "abc": abc, "told": told, "sound": f"played/{player}-{number}.wav"}, sound.wav


def write(player: str, *, static: Path = STATIC, composers: Path = COMPOSERS) -> None:
    """Raises FileNotFoundError while there is no checkpoint."""
    told = []
    for number, tune in enumerate(islice(of_different_meters(public_domain_tunes()), SAMPLES), 1):
        example, wav = recorded(player, number, tune)
        path = static / example["sound"]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(wav)
        print(f"{path}: {tune.title}, {len(wav) / 1000:.0f} kB", flush=True)
        told.append(example)
    text = json.dumps(told, ensure_ascii=False, indent=1)
    (composers / f"{player}.examples.json").write_text(f"{text}\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m webapp.ops.render_played", description=__doc__.splitlines()[0])
    parser.add_argument("--player", default="wavenet")
    asked = parser.parse_args(arguments)
    try:
        write(asked.player)
    except FileNotFoundError:
        print(f"There is no checkpoint {COMPOSERS / asked.player}.safetensors; train one first.", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
