"""Trains every composer in turn, goes on where it was stopped, and ends with a table. Knows no models.

Run as: python -m generator.train_all [--data FOLDER...] [--out FOLDER] [--minutes M] [--only NAME...]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.corpora import BUNDLED_NAME
from generator.keyboard_sheets import KEYBOARD, share_cache

_COMPOSERS = Path(__file__).parent / "composers"
_KEPT = Path(__file__).resolve().parents[1] / "var" / "trained"
FROM_MIDI = ("chordnotes", "gan", "biaxial")  # these learn from keyboard music, the others from tunes
FROM_CHORDS = ("rbm",)  # these learn from chord progressions as well
_WITHOUT_CHORALES = ("chordnotes", "gan", "gan-mended")  # their symbols are a pianist's
_TUNES, _MIDI = (".abc", ".jsonl", ".jsonl.gz"), (".mid", ".midi")
_PROGRESSIONS = "progressions.json"
_FIRST = ("transformer", "folkrnn", "charlstm")
# What a course says of itself in the end, by what is told first of it: held-out figures before losses.
_MEASURED = (
    "bits_per_character", "bits_an_event", "bits_per_sample", "cross_entropy", "nats_a_note_step", "held_out",
    "valid_loss", "discriminator", "loss",
)  # fmt: skip
_CUT_OFF = (-signal.SIGINT, -signal.SIGTERM, 130, 143)


class DataError(ValueError):
    """A folder that cannot be used; the message is a sentence."""


@dataclass(frozen=True)
class Files:
    """What the folders hold; where they hold none of a kind, music21's bundled collections stand for it."""

    tunes: tuple[str, ...]
    valid: tuple[str, ...]
    midi: tuple[str, ...]
    progressions: tuple[str, ...] = ()

    def options(self, composer: str) -> list[str]:
        if reads_midi(composer):
            return ["--data", KEYBOARD if composer in _WITHOUT_CHORALES else BUNDLED_NAME, *self.midi]
        chords = self.progressions if composer.startswith(FROM_CHORDS) else ()
        return ["--data", *(self.tunes or [BUNDLED_NAME]), *chords, *(["--valid", *self.valid] if self.valid else [])]

    def told(self, composer: str) -> str:
        """What it learns from, in words."""
        if reads_midi(composer):
            chorales = "" if composer in _WITHOUT_CHORALES else " and chorales"
            return f"music21's keyboard works{chorales}" + (" and your MIDI files" if self.midi else "")
        if not self.tunes and composer.startswith(FROM_CHORDS):
            return "the progressions of our chord styles" + (" and your own" if self.progressions else "")
        if not self.tunes:
            return "music21's collections of tunes"
        held_out = " and its own to measure on" if self.valid else ""
        return f"{len(self.tunes)} file{'' if len(self.tunes) == 1 else 's'} of tunes{held_out}"


def reads_midi(composer: str) -> bool:
    return composer.startswith(FROM_MIDI)


@dataclass(frozen=True)
class Trained:
    composer: str
    state: str  # "trained", "was trained already", or why not, in the course's own words
    record: dict
    ok: bool = True


def files_in(folders: Sequence[Path]) -> Files:
    """Raises DataError. Files called …-valid are measured on, those called …-test are left alone."""
    tunes, valid, midi, progressions = [], [], [], []
    for folder in folders:
        if not folder.is_dir():
            raise DataError(f"There is no folder {folder}.")
        found = sorted(path for path in folder.rglob("*") if path.is_file())
        progressions += [str(path) for path in found if path.name == _PROGRESSIONS]
        midi += [str(folder)] if any(path.name.lower().endswith(_MIDI) for path in found) else []
        for path in (path for path in found if path.name.endswith(_TUNES)):
            stem = path.name.split(".")[0]
            if not stem.endswith("-test"):
                (valid if stem.endswith("-valid") else tunes).append(str(path))
    if folders and not (tunes or midi or progressions):
        raise DataError(
            f"The folders hold neither tunes (.abc, .jsonl, .jsonl.gz) nor MIDI files (.mid) nor {_PROGRESSIONS}."
        )
    return Files(tuple(tunes), tuple(valid if tunes else ()), tuple(midi), tuple(progressions))


def configurations(only: Sequence[str] = ()) -> list[Path]:
    """Each composer's, ours first, a mended one after the faithful one. Raises DataError."""
    paths = {path.stem: path for path in _COMPOSERS.glob("*.json") if "." not in path.stem}
    if unknown := sorted(set(only) - set(paths)):
        raise DataError(f"There is no composer called {unknown[0]}; choose from: {', '.join(sorted(paths))}.")
    names = sorted(only or paths, key=lambda name: (name not in _FIRST, name))
    return [paths[name] for name in names]


def train(path: Path, files: Files, out: Path, minutes: float | None) -> Trained:
    """One composer in a process of its own. What is done already is not done again."""
    composer, folder = path.stem, out / path.stem
    folder.mkdir(parents=True, exist_ok=True)
    changes = _changes(path, files, minutes)
    configuration = _configuration(path, folder, changes)
    lacking = f", without the tunes of {_training(path)['source']}" if "source" in changes else ""
    options = files.options(composer)
    mark = hashlib.sha256(json.dumps([configuration.read_text(), options]).encode()).hexdigest()
    done = folder / "done.json"
    if done.exists() and (known := json.loads(done.read_text())).get("mark") == mark:
        return Trained(composer, f"was trained already{lacking}", known["record"])
    command = [sys.executable, "-m", "generator", "train", str(configuration), *options, "--out", str(folder)]
    status, printed, last_words = run(command)
    if status in _CUT_OFF:
        raise KeyboardInterrupt
    if status:
        return Trained(composer, f"not trained: {last_words or f'it ended with status {status}'}", {}, ok=False)
    record = json.loads(printed.strip().splitlines()[-1])
    done.write_text(json.dumps({"mark": mark, "record": record}))
    return Trained(composer, f"trained{lacking}", record)


def run(command: list[str]) -> tuple[int, str, str]:
    """Status, what it printed, and its last words. What it says on the way is passed on as it comes."""
    with tempfile.TemporaryFile() as printed:  # a pipe that nobody reads meanwhile would fill up
        child = subprocess.Popen(command, cwd=_COMPOSERS.parents[1], stdout=printed, stderr=subprocess.PIPE)
        try:
            said = _passed_on(child.stderr.fileno())
            status = child.wait()
        except KeyboardInterrupt:
            child.wait()  # it was told, too, and may be writing down how far it is
            raise
        except BaseException:
            child.terminate()
            child.wait()
            raise
        printed.seek(0)
        return status, printed.read().decode(), _last_line(said)


def _passed_on(pipe: int) -> str:
    """What comes is said as it comes; the end of it is given back."""
    said = b""
    while part := os.read(pipe, 4096):
        sys.stderr.write(part.decode(errors="replace"))
        sys.stderr.flush()
        said = (said + part)[-4096:]
    if said and not said.endswith(b"\n"):  # a progress bar that was cut off
        sys.stderr.write("\n")
    return said.decode(errors="replace")


def _last_line(said: str) -> str:
    return ([line.strip() for line in said.splitlines() if line.strip()] or [""])[-1]


def _changes(path: Path, files: Files, minutes: float | None) -> dict:
    """A shorter school, where one is asked for; and every tune at hand, where none of the composer's own is given."""
    training = _training(path)
    changes = {} if minutes is None else {"minutes": minutes}
    if training.get("source") and not files.tunes:
        print(
            f"{path.stem} asks for the tunes of {training['source']}; DATA=FOLDER gives them. It learns from all of "
            f"{BUNDLED_NAME}'s instead.",
            file=sys.stderr,
        )
        changes["source"] = ""
    return changes


def _training(path: Path) -> dict:
    return json.loads(path.read_text()).get("training", {})


def _configuration(path: Path, folder: Path, changes: dict) -> Path:
    """As it stands beside the model or, where something of the training is otherwise, a copy."""
    if not changes:
        return path
    written = json.loads(path.read_text())
    written["training"] = written.get("training", {}) | changes
    copy = folder / f"{path.stem}.json"
    copy.write_text(json.dumps(written))
    return copy


def table(trained: Sequence[Trained]) -> str:
    lines = ["| composer | | minutes | measured | checkpoint |", "|---|---|---|---|---|"]
    for one in trained:
        minutes = one.record.get("minutes", one.record.get("computing_minutes"))
        measured = next(
            (f"{name} {one.record[name]:.4g}" for name in _MEASURED if _is_number(one.record.get(name))), "–"
        )
        told = "–" if minutes is None else f"{minutes:.1f}"
        lines.append(f"| {one.composer} | {one.state} | {told} | {measured} | {one.record.get('checkpoint', '–')} |")
    return "\n".join(lines)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def main(arguments: list[str] | None = None) -> int:
    args = _arguments(arguments)
    try:
        files, paths = files_in(args.data), configurations(args.only)
        share_cache(args.out)
        trained = [_told(number, len(paths), path, files, args) for number, path in enumerate(paths, 1)]
    except DataError as wrong:
        print(wrong, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"Stopped; the same command goes on from {args.out}.", file=sys.stderr)
        return 130
    print(table(trained), flush=True)
    return 0 if all(one.ok for one in trained) else 1


def _told(number: int, count: int, path: Path, files: Files, args: argparse.Namespace) -> Trained:
    minutes = args.minutes or _training(path).get("minutes")
    source = files.told(path.stem)
    print(
        f"[{number} of {count}] {path.stem}: {minutes} minutes of computing, from {source}", file=sys.stderr, flush=True
    )
    began = time.monotonic()
    one = train(path, files, args.out, args.minutes)
    minutes = (time.monotonic() - began) / 60
    print(f"[{number} of {count}] {path.stem}: {one.state}, {minutes:.1f} minutes", file=sys.stderr, flush=True)
    return one


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    """What is not told on the command line comes from the environment, where `make train-all DATA=…` puts it."""
    told = os.environ.get
    parser = argparse.ArgumentParser(prog="python -m generator.train_all", description=__doc__)
    folders = [Path(name) for name in shlex.split(told("DATA", ""))]
    parser.add_argument("--data", nargs="*", type=Path, default=folders, metavar="FOLDER")
    parser.add_argument("--out", type=Path, default=Path(told("OUT") or _KEPT), metavar="FOLDER")
    parser.add_argument("--minutes", type=float, default=_minutes(told("MINUTES", "")), help="of computing for each")
    parser.add_argument("--only", nargs="+", default=shlex.split(told("ONLY", "")), metavar="NAME")
    args = parser.parse_args(arguments)
    args.data, args.out = [folder.resolve() for folder in args.data], args.out.resolve()
    return args


def _minutes(text: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        raise SystemExit(f"MINUTES is a number of minutes, not {text[:20]!r}.") from None


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what trains must not go on alone
    sys.exit(main())
